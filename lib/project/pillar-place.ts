import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Tree } from '../model/ports.ts';
import { readTree } from './read-tree.ts';

const ONLY = 'pillar.sls';

/**
 * A pillar given by its path: a tree with its own `top.sls`, or one pillar SLS that every host gets.
 * @throws ProjectError when there is no such file or folder.
 */
export function readPillarPlace(path: string): Tree {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return readTree(path, path);
  if (found?.isFile() === true) return oneFile(path);
  throw new ProjectError('SLAB6002', `there is no pillar ${path}`, {
    fix: 'name a pillar SLS, or the folder of a pillar tree with its top.sls',
  });
}

/** A tree of one SLS and a top file that gives it to all. Its neighbours are there too, for what it includes and imports. */
function oneFile(path: string): Tree {
  const around = readTree(dirname(path), dirname(path));
  const own: ReadonlyMap<string, Uint8Array> = new Map([
    ['top.sls', Buffer.from("base: {'*': [pillar]}\n")],
    [ONLY, readFileSync(path)],
  ]);
  return {
    root: around.root,
    shown: (inner) => (inner === ONLY ? path : join(dirname(path), inner)),
    read: (inner) => own.get(inner) ?? around.read(inner),
    list: () =>
      [...new Set([...own.keys(), ...around.list()])].filter((each) => each !== basename(path)).sort(),
  };
}
