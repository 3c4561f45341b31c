import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { didYouMean } from '../diagnostics/near.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import { findBadUtf8, utf8Fix } from '../diagnostics/utf8.ts';
import type { Tree } from '../model/ports.ts';
import { readTree } from './read-tree.ts';

/** One environment's files, and the state tree that all environments share. */
export interface EnvironmentFiles {
  readonly name: string;
  /** Where it is on this machine. */
  readonly folder: string;
  readonly inventory: { readonly file: string; readonly text: string };
  readonly states: readonly Tree[];
  /** Why there are no state trees, where that is a mistake unless the inventory lists others. */
  readonly noStates?: ProjectError;
  readonly pillar: readonly Tree[];
}

/** Where a person says the project's parts are. */
export interface ProjectPlaces {
  /** The folder slab was started in, or the one given with --project. */
  readonly directory: string;
  /** A folder of an environment, or the name of one under `inventories/`; undefined takes the only one there is. */
  readonly inventory: string | undefined;
  /** State trees, first wins; empty means `states`. */
  readonly states: readonly string[];
}

/**
 * Finds and reads an environment.
 * @throws ProjectError naming what is missing and what there is.
 */
export function readEnvironment(places: ProjectPlaces): EnvironmentFiles {
  if (!isFolder(places.directory)) {
    throw new ProjectError('SLAB6002', `there is no project folder ${places.directory}`, {
      fix: 'correct --project, or start slab in the project folder',
    });
  }
  const folder = findEnvironment(places);
  const file = join(folder, 'inventory.yaml');
  const shown = shownFrom(places.directory);
  const states = (places.states.length === 0 ? ['states'] : places.states).map((path) =>
    join(places.directory, path),
  );
  const missing = states.find((path) => !isFolder(path));
  const noStates =
    missing === undefined
      ? undefined
      : new ProjectError('SLAB6002', `there is no state tree ${shown(missing)}`, {
          fix: 'start slab in the project folder, or name the tree with --states DIR',
        });
  if (noStates !== undefined && places.states.length > 0) throw noStates;
  const pillar = join(folder, 'pillar');
  return {
    name: basename(folder),
    folder,
    inventory: { file: shown(file), text: readText(file, shown(file)) },
    states: noStates === undefined ? states.map((path) => readTree(path, shown(path))) : [],
    ...(noStates === undefined ? {} : { noStates }),
    pillar: isFolder(pillar) ? [readTree(pillar, shown(pillar))] : [],
  };
}

function findEnvironment({ directory, inventory }: ProjectPlaces): string {
  const all = join(directory, 'inventories');
  const names = isFolder(all)
    ? readdirSync(all).filter((name) => existsSync(join(all, name, 'inventory.yaml')))
    : [];
  if (inventory === undefined) {
    const [only] = names;
    if (names.length === 1 && only !== undefined) return join(all, only);
    throw new ProjectError(
      'SLAB6002',
      names.length === 0 ? 'there is no inventories/<environment>/inventory.yaml here' : 'which environment?',
      {
        fix:
          names.length === 0
            ? 'write one, or run  slab lab up  to get hosts to try'
            : `say -i with one of: ${names.join(', ')}`,
      },
    );
  }
  for (const folder of [join(directory, inventory), inventory, join(all, inventory)]) {
    if (existsSync(join(folder, 'inventory.yaml'))) return folder;
    if (folder.endsWith('inventory.yaml') && existsSync(folder)) return join(folder, '..');
  }
  const others =
    didYouMean(basename(inventory), names) ?? `there is: ${names.join(', ') || 'none under inventories/'}`;
  throw new ProjectError('SLAB6002', `there is no inventory.yaml in ${inventory}`, {
    fix: inventory === 'lab' ? `slab lab up  writes it, with hosts of this machine; ${others}` : others,
  });
}

function shownFrom(directory: string): (path: string) => string {
  return (path) => {
    const near = relative(directory, path);
    return near === '' || near.startsWith('..') ? path : near;
  };
}

function readText(path: string, shown: string): string {
  const bytes = readBytes(path, shown);
  const bad = findBadUtf8(bytes);
  if (bad !== undefined)
    throw new ProjectError('SLAB1001', `${shown}:${bad.line}:${bad.column} is not UTF-8 text`, {
      fix: utf8Fix(bytes, shown),
    });
  return new TextDecoder().decode(bytes);
}

function readBytes(path: string, shown: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isFolder = cause instanceof Error && 'code' in cause && cause.code === 'EISDIR';
    throw new ProjectError('SLAB1001', `${shown} ${isFolder ? 'is a folder' : `cannot be read: ${reason}`}`, {
      cause,
      ...(isFolder ? { fix: 'put a file of that name in its place' } : {}),
    });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
