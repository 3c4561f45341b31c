import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type { Checked } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Tree } from '../model/ports.ts';
import type { EnvironmentFiles } from '../project/environment.ts';
import { readSaltRoots } from '../project/salt-roots.ts';

/** The trees of every saltenv. */
export interface SaltenvTrees {
  readonly states: ReadonlyMap<string, readonly Tree[]>;
  readonly pillar: ReadonlyMap<string, readonly Tree[]>;
}

/** States and pillar of every saltenv; `--states` says what `base` is. */
export function readTrees(
  directory: string,
  { states, pillar }: EnvironmentFiles,
  { salt }: Inventory,
  named: boolean,
): Checked<SaltenvTrees> {
  const roots = {
    states: readSaltRoots(directory, salt?.fileRoots ?? new Map(), { trees: states, wins: named }),
    pillar: readSaltRoots(directory, salt?.pillarRoots ?? new Map(), { trees: pillar, wins: false }),
  };
  const diagnostics = [...roots.states.diagnostics, ...roots.pillar.diagnostics];
  if (roots.states.value === undefined || roots.pillar.value === undefined) return { diagnostics };
  return { value: { states: roots.states.value, pillar: roots.pillar.value }, diagnostics };
}

/**
 * Reads every file of all trees, which each tree keeps.
 * @param more what else a host's states are made from.
 * @returns the hash of all names and contents.
 */
export function pinTrees({ states, pillar }: SaltenvTrees, more: readonly unknown[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(more, plainMaps));
  for (const [sort, saltenvs] of Object.entries({ states, pillar }))
    for (const [saltenv, trees] of saltenvs)
      for (const [place, tree] of trees.entries())
        for (const path of tree.list()) {
          const content = createHash('sha256')
            .update(tree.read(path) ?? '')
            .digest('hex');
          const runs = tree.executable?.(path) === true;
          hash.update(JSON.stringify([sort, saltenv, place, path, runs, content]));
        }
  return hash.digest('hex');
}

function plainMaps(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? [...value] : value;
}

/** Folders of the inventory's `salt:` that lie outside of the project. */
export function foldersOutside(directory: string, { salt }: Inventory): readonly string[] {
  const roots = [...(salt?.fileRoots.values() ?? []), ...(salt?.pillarRoots.values() ?? [])].flat();
  return roots
    .map(({ path }) => path)
    .filter((path) => relative(directory, resolve(directory, path)).startsWith('..'));
}
