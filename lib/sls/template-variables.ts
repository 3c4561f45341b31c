import { posix } from 'node:path';
import type { HostFunction, HostObject, HostValue } from '../jinja/api.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { Dict, Grains, Value } from '../model/value.ts';
import type { RootFile } from './roots.ts';
import { dict } from './traverse.ts';
import { deepCopy } from './merge.ts';

/** What every template of one host sees. */
export interface HostVariables {
  readonly salt: HostObject;
  readonly ifelse: HostFunction;
  readonly grains: Grains;
  readonly pillar: Dict;
  readonly opts: Dict;
  readonly host: Dict;
  readonly inventory: Dict;
}

/** Salt's options that templates read, as far as slab has them. */
export function optsOf(grains: Grains, host: Host, options: SaltOptions): Dict {
  return dict([
    ['id', grains.get('id') ?? host.name],
    ['saltenv', options.saltenv ?? 'base'],
    ['pillarenv', options.pillarenv ?? null],
    ['test', false],
    ['file_client', 'local'],
    ['pillar_merge_lists', options.pillarMergeLists],
    ['pillar_source_merging_strategy', options.pillarSourceMergingStrategy],
    ['pillar_includes_override_sls', options.pillarIncludesOverrideSls],
    ['state_auto_order', options.stateAutoOrder],
    ['state_top', 'salt://top.sls'],
    ['top_file_merging_strategy', options.topFileMergingStrategy],
    ['default_top', options.defaultTop],
    ['env_order', [...options.envOrder]],
  ]);
}

/** The variable `host`: what the inventory says of the host at hand. */
export function hostDict(host: Host): Dict {
  return dict([
    ['name', host.name],
    ['address', host.address ?? host.name],
    ['kind', host.kind],
    ['groups', [...host.groups]],
    ['labels', dict(host.labels)],
    ['vars', deepCopy(host.vars)],
  ]);
}

/** The variable `inventory`: every host with address, vars and groups, and every group with its hosts. */
export function inventoryDict(inventory: Inventory): Dict {
  const hosts = [...inventory.hosts.values()].map((host): [string, Value] => [
    host.name,
    dict([
      ['address', host.address ?? host.name],
      ['vars', deepCopy(host.vars)],
      ['groups', [...host.groups]],
    ]),
  ]);
  const groups = [...inventory.groups].map(([name, members]): [string, Value] => [name, [...members]]);
  return dict([
    ['hosts', dict(hosts)],
    ['groups', dict(groups)],
  ]);
}

/** The variables of an SLS: those of the host and where the SLS stands. */
export function slsVariables(host: HostVariables, sls: string, file: RootFile): Map<string, HostValue> {
  const variables = fileVariables(host, file);
  const folder = folderOf(file.path);
  return variables
    .set('sls', sls)
    .set('slspath', folder)
    .set('sls_path', folder.replaceAll('/', '_'))
    .set('slsdotpath', folder.replaceAll('/', '.'))
    .set('slscolonpath', folder.replaceAll('/', ':'));
}

/** The variables of any template file; without a file, those of the host alone. */
export function fileVariables(host: HostVariables, file: RootFile | undefined): Map<string, HostValue> {
  const variables = new Map<string, HostValue>(Object.entries(host))
    .set('saltenv', file?.saltenv ?? 'base')
    .set('proxy', new Map<Value, Value>());
  if (file === undefined) return variables;
  const folder = folderOf(file.path);
  return variables
    .set('tplpath', file.file)
    .set('tplfile', file.path)
    .set('tpldir', folder === '' ? '.' : folder)
    .set('tpldot', folder.replaceAll('/', '.'));
}

/**
 * Where a template stands that is imported without context: Salt's loader overwrites these for all that is loaded later.
 * A relative name changes nothing but `tplfile`.
 */
export function placeVariables(name: string): ReadonlyMap<string, HostValue> {
  if (/^\.\.?\//.test(name)) return new Map([['tplfile', name]]);
  const folder = folderOf(name);
  return new Map([
    ['tplfile', name],
    ['tpldir', folder === '' ? '.' : folder],
    ['tpldot', folder.replaceAll('/', '.')],
  ]);
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}
