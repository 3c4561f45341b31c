import type { HostFunction } from '../../jinja/api.ts';
import type { Roots } from '../roots.ts';
import { pathOfUri, saltenvOfUri } from '../roots.ts';
import type { SlsNames } from '../sls-name.ts';
import { define, type Given } from './define.ts';

/** The state tree of one saltenv. */
export interface StateTree {
  readonly roots: Roots;
  readonly names: SlsNames;
}

/** The state tree of a saltenv; undefined when there is none of that name. */
export type StateTrees = (saltenv: string) => StateTree | undefined;

/** `cp.*` and `slsutil.*_exists` over the state trees. A missing file is `false`, as in Salt; so is one of no saltenv. */
export function cpFunctions(trees: StateTrees): (readonly [string, HostFunction])[] {
  const treeOf = (given: Given): StateTree | undefined => trees(given.text('saltenv', 'base'));
  const pathsOf = (given: Given): readonly string[] => treeOf(given)?.roots.list('') ?? [];
  const foldersOf = (given: Given): ReadonlySet<string> => {
    const folders = new Set<string>(['.']);
    for (const path of pathsOf(given)) {
      const parts = path.split('/').slice(0, -1);
      for (const depth of parts.keys()) folders.add(parts.slice(0, depth + 1).join('/'));
    }
    return folders;
  };
  const under = (paths: Iterable<string>, prefix: string): string[] =>
    [...paths].filter((path) => path.startsWith(prefix));
  const isFile = (given: Given): boolean => pathsOf(given).includes(plainPath(given));
  const isFolder = (given: Given): boolean => foldersOf(given).has(plainPath(given));
  return [
    define('cp.get_file_str', ['path', 'saltenv?'], (given) => {
      const uri = given.text('path');
      const path = pathOfUri(uri);
      const tree = trees(saltenvOfUri(uri) ?? given.text('saltenv', 'base'));
      return (path === undefined ? undefined : tree?.roots.text(path)?.text) ?? false;
    }),
    define('cp.list_states', ['saltenv?'], (given) => [...(treeOf(given)?.names.all ?? [])]),
    define('cp.list_master', ['saltenv?', 'prefix?'], (given) =>
      under(pathsOf(given), given.text('prefix', '')),
    ),
    define('cp.list_master_dirs', ['saltenv?', 'prefix?'], (given) =>
      under([...foldersOf(given)].toSorted(), given.text('prefix', '')),
    ),
    define('slsutil.file_exists', ['path', 'saltenv?'], isFile),
    define('slsutil.dir_exists', ['path', 'saltenv?'], isFolder),
    define('slsutil.path_exists', ['path', 'saltenv?'], (given) => isFile(given) || isFolder(given)),
  ];
}

/** A path without slashes around it. */
function plainPath(given: Given): string {
  return given.text('path').replace(/^\/+|\/+$/g, '');
}
