import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Tree } from '../model/ports.ts';
import type { RootFolder } from '../model/salt-options.ts';
import { readTree } from './read-tree.ts';

/**
 * The trees of every saltenv that an inventory lists; paths are relative to the project.
 * @param base what `base` is where the inventory is silent about it, or where the command line says so.
 * @returns a mistake for each folder that does not exist, at its place in the inventory.
 */
export function readSaltRoots(
  directory: string,
  roots: ReadonlyMap<string, readonly RootFolder[]>,
  base: { readonly trees: readonly Tree[]; readonly wins: boolean },
): Checked<ReadonlyMap<string, readonly Tree[]>> {
  const diagnostics: Diagnostic[] = [];
  const trees = new Map<string, readonly Tree[]>([['base', base.trees]]);
  for (const [saltenv, folders] of roots) {
    if (saltenv === 'base' && base.wins) continue;
    trees.set(
      saltenv,
      folders.flatMap((folder) => {
        const path = resolve(directory, folder.path);
        const near = relative(directory, path);
        if (isFolder(path)) return [readTree(path, near === '' || near.startsWith('..') ? path : near)];
        diagnostics.push({
          severity: 'error',
          code: 'SLAB6002',
          summary: `there is no folder ${folder.path} for the saltenv ${saltenv}`,
          source: folder.source,
          why: `folders are looked up from the project, here as ${join(directory, folder.path)}`,
          fix: 'create it, or correct the path',
        });
        return [];
      }),
    );
  }
  return diagnostics.length > 0 ? { diagnostics } : { value: trees, diagnostics };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
