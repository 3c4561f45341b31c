import type { Kind } from '../model/resource.ts';
import { file } from './file/kind.ts';

export { declareChunk, type DeclareContext } from './declare.ts';
export { globalArguments } from './global-arguments.ts';
export { type DeclaredChunk, findOwners, splitKey } from './ownership.ts';

const all: readonly Kind[] = [file];

/** Every kind of resource slab knows, by the name of its state module. */
export const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.name, kind]));
