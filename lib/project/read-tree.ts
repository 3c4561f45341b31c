import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Tree } from '../model/ports.ts';

/**
 * A folder of the project as the compiler sees it. Each file is read once. Symbolic links are followed only while they
 * stay inside the folder, so that a state tree cannot reach for files of the controller.
 * @param shown how errors name the folder.
 */
export function readTree(directory: string, shown: string): Tree {
  const contents = new Map<string, Uint8Array | undefined>();
  const root = realpathSync(directory);
  let listed: readonly string[] | undefined;
  const load = (path: string): Uint8Array | undefined => {
    if (path === '' || path.split('/').some((part) => part === '..' || part === '')) return undefined;
    try {
      const real = realpathSync(join(root, path));
      if (!real.startsWith(root + sep) || !statSync(real).isFile()) return undefined;
      return readFileSync(real);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    root: shown,
    executable: (path) => (statSync(join(root, path)).mode & 0o100) !== 0,
    read(path) {
      if (!contents.has(path)) contents.set(path, load(path));
      return contents.get(path);
    },
    list() {
      listed ??= readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort();
      return listed;
    },
  };
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'EISDIR';
}
