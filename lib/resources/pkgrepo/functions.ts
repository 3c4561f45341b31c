import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

/** The arguments of every function of this kind, as the schema lets them through. */
export interface RepoArguments {
  readonly file?: string;
  readonly dist?: string;
  readonly comps?: string | readonly string[];
  readonly architectures?: string | readonly string[];
  readonly enabled?: boolean | number;
  readonly disabled?: boolean | number;
  readonly signedby?: string;
  readonly key_url?: string;
  readonly key_text?: string;
  readonly keyid?: string | number | readonly (string | number)[];
  readonly keyserver?: string;
  readonly allow_insecure_key?: boolean;
  readonly clean_file?: boolean;
}

const flag: JsonObject = { type: 'boolean' };
const onOff: JsonObject = { title: 'true or false', anyOf: [{ type: 'boolean' }, { enum: [0, 1] }] };
const list: JsonObject = {
  title: 'words with commas, or a list of words',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
};
const path: JsonObject = { type: 'string', pattern: '^/', title: 'an absolute path' };
const keyid: JsonObject = {
  anyOf: [{ type: ['string', 'integer'] }, { type: 'array', items: { type: ['string', 'integer'] } }],
};
const name: JsonObject = {
  type: 'string',
  description: 'the entry as it would stand in sources.list: deb [options] address suite components',
};

/** The functions of Salt's module `pkgrepo`, for apt. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  managed: {
    summary: 'apt knows this package source, and its key',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name,
        file: { ...path, description: 'the file a new entry goes to: .list, or .sources for a stanza' },
        humanname: { type: 'string', description: 'means nothing to apt' },
        dist: { type: 'string', pattern: '^\\S+$', description: 'the suite, if the name has another' },
        comps: { ...list, description: 'the components, beside those in the name' },
        architectures: { ...list, description: 'only these' },
        enabled: { ...onOff, description: 'an entry that is off stands there as a comment' },
        disabled: { ...onOff, description: 'the opposite of enabled' },
        signedby: { ...path, description: 'the file with its key' },
        key_url: {
          type: 'string',
          pattern: '^(salt|https?)://',
          title: 'a salt:// or https:// address',
          description: 'where its key comes from, if there is none yet',
        },
        key_text: { type: 'string', description: 'its key' },
        keyid: { ...keyid, description: 'the fingerprint of its key; needs keyserver' },
        keyserver: { type: 'string', description: 'where to ask for keyid, over https' },
        aptkey: { ...flag, description: 'means nothing: keys lie in files of their own' },
        allow_insecure_key: { ...flag, default: false, description: 'let key_url be http://' },
        clean_file: { ...flag, default: false, description: 'nothing else stands in file' },
        refresh: {
          ...flag,
          description: 'means nothing: installing fetches an index that is older than the entry',
        },
        refresh_db: flag,
      },
    },
    examples: [
      'deb [signed-by=/etc/apt/keyrings/pgdg.asc] https://apt.postgresql.org/pub/repos/apt bookworm-pgdg main:\n  pkgrepo.managed:\n    - file: /etc/apt/sources.list.d/pgdg.list\n    - key_url: https://www.postgresql.org/media/keys/ACCC4CF8.asc\n',
    ],
  },
  absent: {
    summary: 'apt does not know this package source; with components: not these of it',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name,
        keyid: { ...keyid, description: 'means nothing: the key stays' },
        keyserver: { type: 'string' },
      },
    },
    examples: ['deb https://deb.example.org/debian bookworm main:\n  pkgrepo.absent: []\n'],
  },
};
