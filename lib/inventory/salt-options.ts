import type { Node } from '../model/node.ts';
import type { EncryptedKey, RootFolder, SaltOptions } from '../model/salt-options.ts';
import type { Value } from '../model/value.ts';
import { nodeToValue } from '../yaml/node-value.ts';
import { readWord } from './settings.ts';
import type { Placed, ShapeReader } from './shape.ts';

/** Salt's own defaults; two differ on purpose: what cannot be decrypted is an error, `default_top` is `base`. */
export const saltDefaults: SaltOptions = {
  fileRoots: new Map(),
  pillarRoots: new Map(),
  topFileMergingStrategy: 'merge',
  envOrder: [],
  defaultTop: 'base',
  pillarSourceMergingStrategy: 'smart',
  pillarMergeLists: false,
  pillarIncludesOverrideSls: false,
  stateAutoOrder: true,
  decryptPillar: [],
  decryptPillarDelimiter: ':',
  gpgDecryptMustSucceed: true,
};

/** The values of `top_file_merging_strategy`. */
export const topStrategies = ['merge', 'same', 'merge_all'] as const;

/** The values of `pillar_source_merging_strategy`. */
export const mergeStrategies = ['smart', 'recurse', 'overwrite', 'aggregate', 'list', 'none'] as const;

/** The keys of `salt`, in the order in which messages list them. */
export const saltOptionKeys = [
  'file_roots',
  'pillar_roots',
  'top_file_merging_strategy',
  'env_order',
  'default_top',
  'saltenv',
  'pillarenv',
  'pillar_source_merging_strategy',
  'pillar_merge_lists',
  'pillar_includes_override_sls',
  'state_auto_order',
  'decrypt_pillar',
  'decrypt_pillar_delimiter',
  'gpg_keydir',
  'gpg_decrypt_must_succeed',
  'mine_functions',
] as const;

/** Reads the mapping `salt` of an inventory; mistakes are left with the reader. */
export function readSaltOptions(reader: ShapeReader, node: Node | undefined): SaltOptions {
  if (node === undefined) return saltDefaults;
  const members = reader.members(node, 'salt', saltOptionKeys);
  const found: { -readonly [K in keyof SaltOptions]?: SaltOptions[K] } = {};
  const take = <K extends keyof SaltOptions, T>(
    key: (typeof saltOptionKeys)[number],
    name: K,
    read: (node: Node, what: string) => Placed<SaltOptions[K] & T> | undefined,
  ): void => {
    const member = members.get(key);
    const value = member && read(member, `${key} of salt`);
    if (value !== undefined) found[name] = value.value;
  };
  const flag = (member: Node, what: string): Placed<boolean> | undefined => reader.flag(member, what);
  const word = (member: Node, what: string): Placed<string> | undefined => readWord(reader, member, what);

  take('file_roots', 'fileRoots', (member, what) => readRoots(reader, member, what));
  take('pillar_roots', 'pillarRoots', (member, what) => readRoots(reader, member, what));
  take('top_file_merging_strategy', 'topFileMergingStrategy', (member, what) =>
    reader.choice(member, what, topStrategies),
  );
  take('env_order', 'envOrder', (member, what) => ({
    value: reader.texts(member, what).map(({ value }) => value),
    source: member.source,
  }));
  take('default_top', 'defaultTop', word);
  take('saltenv', 'saltenv', word);
  take('pillarenv', 'pillarenv', word);
  take('pillar_source_merging_strategy', 'pillarSourceMergingStrategy', (member, what) =>
    reader.choice(member, what, mergeStrategies),
  );
  take('pillar_merge_lists', 'pillarMergeLists', flag);
  take('pillar_includes_override_sls', 'pillarIncludesOverrideSls', flag);
  take('state_auto_order', 'stateAutoOrder', flag);
  take('decrypt_pillar', 'decryptPillar', (member, what) => readEncrypted(reader, member, what));
  take('decrypt_pillar_delimiter', 'decryptPillarDelimiter', word);
  take('gpg_keydir', 'gpgKeydir', word);
  take('gpg_decrypt_must_succeed', 'gpgDecryptMustSucceed', flag);
  take('mine_functions', 'mineFunctions', (member, what) => ({
    value: new Map<Value, Value>(
      reader.entries(member, what).map(({ name, node: value }) => [name.value, nodeToValue(value)]),
    ),
    source: member.source,
  }));
  return { ...saltDefaults, ...found };
}

function readRoots(
  reader: ShapeReader,
  node: Node,
  what: string,
): Placed<ReadonlyMap<string, readonly RootFolder[]>> {
  const roots = new Map<string, readonly RootFolder[]>();
  for (const { name, node: folders } of reader.entries(node, what)) {
    if (name.value === '__env__')
      reader.complain(name.source, `${what} has the saltenv __env__`, {
        why: 'slab reads the folders that are written here, it does not look for more',
        fix: 'write each saltenv with its folders',
      });
    else
      roots.set(
        name.value,
        reader
          .texts(folders, `saltenv ${name.value} in ${what}`, 'single-too')
          .map(({ value, source }) => ({ path: value, source })),
      );
  }
  return { value: roots, source: node.source };
}

/** A list of keys, or of `key: gpg`, or a mapping of these: as in Salt, where the renderer may be left out. */
function readEncrypted(reader: ShapeReader, node: Node, what: string): Placed<readonly EncryptedKey[]> {
  const items = node.type === 'list' ? node.items : [node];
  const keys = items.flatMap((item): EncryptedKey[] => {
    if (item.type !== 'map') {
      const key = reader.text(item, `an entry of ${what}`);
      return key === undefined ? [] : [{ key: key.value, source: key.source }];
    }
    return reader.entries(item, what).map(({ name, node: renderer }) => {
      if (renderer.type !== 'scalar' || renderer.value !== null)
        reader.choice(renderer, `the renderer of ${name.value} in ${what}`, ['gpg']);
      return { key: name.value, source: name.source };
    });
  });
  return { value: keys, source: node.source };
}
