import type { HostFunction } from '../../jinja/api.ts';
import type { Roots } from '../roots.ts';
import { pathOfUri } from '../roots.ts';
import type { SlsNames } from '../sls-name.ts';
import { define } from './define.ts';

/** `cp.*` over the state tree. A missing file is `false`, as in Salt. */
export function cpFunctions(roots: Roots, names: SlsNames): (readonly [string, HostFunction])[] {
  const under = (paths: readonly string[], prefix: string): string[] =>
    paths.filter((path) => path.startsWith(prefix));
  return [
    define('cp.get_file_str', ['path'], (given) => {
      const path = pathOfUri(given.text('path'));
      return (path === undefined ? undefined : roots.text(path)?.text) ?? false;
    }),
    define('cp.list_states', [], () => [...names.all]),
    define('cp.list_master', ['prefix'], (given) => under(roots.paths, given.text('prefix', ''))),
    define('cp.list_master_dirs', ['prefix'], (given) => {
      const folders = new Set<string>(['.']);
      for (const path of roots.paths) {
        const parts = path.split('/').slice(0, -1);
        for (const depth of parts.keys()) folders.add(parts.slice(0, depth + 1).join('/'));
      }
      return under([...folders].toSorted(), given.text('prefix', ''));
    }),
  ];
}
