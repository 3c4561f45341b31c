import { PyError } from '../python/error.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';

const LOCAL = 'it looks at the machine that renders, which is not the host';
const RANDOM = 'it gives another answer every time, so that no plan would ever be empty';
const BYTES = 'it yields bytes, which templates cannot print and YAML cannot hold';

/** Salt's filters that cannot be pure, with the reason and the way out. A host program may hand in its own. */
const ABSENT: Readonly<Record<string, readonly [string, string]>> = {
  which: [LOCAL, 'use salt["cmd.which"], which asks the host'],
  dns_check: [LOCAL, 'write the address into pillar'],
  file_hashsum: [LOCAL, 'write the hash into pillar'],
  list_files: [LOCAL, 'name the files in pillar'],
  is_empty: [LOCAL, 'use salt["file.file_exists"] and its like, which ask the host'],
  is_text_file: [LOCAL, 'use salt["file.file_exists"] and its like, which ask the host'],
  is_bin_file: [LOCAL, 'use salt["file.file_exists"] and its like, which ask the host'],
  get_uid: [LOCAL, 'use salt["user.info"], which asks the host'],
  http_query: ['it asks the network while a template is rendered', 'write what it would find into pillar'],
  random_sample: [RANDOM, 'choose by something that stays, such as grains["id"]'],
  random_shuffle: [RANDOM, 'choose an order that stays, with `sort`'],
  random_str: [RANDOM, 'write the text into pillar'],
  random_hash: [RANDOM, 'write the text into pillar, or hash something that stays: grains["id"] | sha256'],
  rand_str: [RANDOM, 'write the text into pillar, or hash something that stays: grains["id"] | sha256'],
  gen_mac: [RANDOM, 'write the address into pillar'],
  to_bytes: [BYTES, 'leave it out: texts do'],
  mac_str_to_bytes: [BYTES, 'leave it out'],
  ...Object.fromEntries(
    ['json_encode_list', 'json_encode_dict', 'json_decode_list', 'json_decode_dict'].map((name) => [
      name,
      [BYTES, 'leave it out: `json` writes texts as they are'] as const,
    ]),
  ),
  json_query: ['JMESPath is not on board', 'use `selectattr`, `map` and `traverse`'],
  xml: ['XML is not on board', 'write the XML as a template'],
  urlize: ['it writes HTML', 'write the link as a template'],
};

/** These filters as ones that say why they are not there. */
export const absentFilters: readonly Native[] = Object.entries(ABSENT).map(([name, [why, fix]]) =>
  native(name, '*args **kwargs', () => {
    throw new PyError('TemplateRuntimeError', `the filter "${name}" is not provided: ${why}`, { fix });
  }),
);
