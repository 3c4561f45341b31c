import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ObjectKey } from '../model/change.ts';
import type { Declared } from '../model/resource.ts';
import type { Chunk } from '../model/state.ts';
import { isConditional } from './global-arguments.ts';

/** A chunk and what its kind made of it. */
export interface DeclaredChunk {
  readonly chunk: Chunk;
  readonly declared: Declared;
}

/**
 * Objects of one host that two states manage: they would undo each other's work, each time anew.
 * A key `file:/etc/hosts#part` owns a part: parts of one object live together, but not with an owner of the whole.
 * Where one of the two has a condition it is a warning: they may never meet.
 */
export function findOwners(all: readonly DeclaredChunk[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const whole = new Map<ObjectKey, Chunk>();
  const parts = new Map<ObjectKey, Map<string, Chunk>>();
  for (const { chunk, declared } of all)
    for (const key of new Set(declared.objects)) {
      const { object, part } = splitKey(key);
      const partOwners = parts.get(object);
      const other =
        part === undefined
          ? (whole.get(object) ?? first(partOwners))
          : (whole.get(object) ?? partOwners?.get(part));
      if (other !== undefined && other !== chunk) diagnostics.push(twoOwners(object, other, chunk));
      else if (part === undefined) whole.set(object, chunk);
      else parts.set(object, (partOwners ?? new Map<string, Chunk>()).set(part, chunk));
    }
  return diagnostics;
}

/** `file:/etc/hosts#part` → the object and the part of it; a key without `#` is the whole. */
function splitKey(key: ObjectKey): { readonly object: ObjectKey; readonly part: string | undefined } {
  const at = key.indexOf('#');
  return at < 0 ? { object: key, part: undefined } : { object: key.slice(0, at), part: key.slice(at + 1) };
}

function first<T>(owners: ReadonlyMap<string, T> | undefined): T | undefined {
  const [owner] = owners?.values() ?? [];
  return owner;
}

function twoOwners(object: ObjectKey, one: Chunk, other: Chunk): Diagnostic {
  const conditional = [one, other].some(isConditional);
  return {
    severity: conditional ? 'warning' : 'error',
    code: 'SLAB2210',
    summary: `two states manage ${object}: "${one.id}" and "${other.id}"`,
    source: other.source,
    related: [{ source: one.source, message: `${one.module}.${one.fun} manages it here` }],
    why: 'each run they would undo what the other did',
    fix: 'keep one of them, or merge their arguments',
  };
}
