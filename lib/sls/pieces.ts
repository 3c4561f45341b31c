import { tellingChanges } from '../jinja/python/change.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Divergence } from './divergence.ts';
import { deepCopy } from './merge.ts';
import { isDict } from './traverse.ts';

/** Does a host's compilation piece by piece. */
export interface Pieces {
  /** What templates see from here on, and may change. */
  see(facts: Facts): void;
  /**
   * One piece; what it tells beside its result, it tells only where it is done.
   * @param key equal for the same piece of both revisions.
   * @param isWhole whether the result says all; one that does not is nobody else's.
   */
  once<T>(key: unknown, work: () => T, isWhole?: () => boolean): T;
}

/** The values that the templates of a host have in common, by name. */
export type Facts = Readonly<Record<string, Value>>;

/** Every piece is done. */
export const eachPiece: Pieces = { see: () => undefined, once: (_key, work) => work() };

/**
 * What a host's compilation in one revision leaves for its compilation in another: pieces that looked at nothing which differs,
 * where templates see the same. As soon as a template changes what the others see, every piece is done.
 */
export class SharedPieces {
  readonly newer: Pieces;
  readonly older: Pieces;
  readonly #kept = new Map<unknown, unknown>();
  readonly #divergence: Divergence;
  #shared = true;
  /** What the newer revision's templates saw, each time. */
  #seen: Facts[] = [];
  #facts: Facts = {};

  constructor(divergence: Divergence) {
    this.#divergence = divergence;
    this.newer = {
      see: (facts) => {
        this.#facts = facts;
        this.#seen.push(facts);
      },
      once: (key, work, isWhole = () => true) => {
        const { value, met } = divergence.during(() => this.#watch(work));
        if (!met && this.#shared && isWhole()) this.#kept.set(key, value);
        return value;
      },
    };
    this.older = {
      see: (facts) => {
        this.#facts = facts;
        const [same] = this.#seen.splice(0, 1);
        this.#shared &&= same !== undefined && areSame(facts, same);
      },
      once: <T>(key: unknown, work: () => T): T =>
        // What is kept under a key is what the same piece gave.
        this.#shared && this.#kept.has(key) ? (this.#kept.get(key) as T) : this.#watch(work),
    };
  }

  /** Another host begins with its newer revision. */
  begin(): void {
    this.#divergence.begin();
    this.#kept.clear();
    this.#seen = [];
    this.#facts = {};
    this.#shared = true;
  }

  /** The older revision of the host has it otherwise: nothing of the newer one counts for it. */
  part(): void {
    this.#shared = false;
  }

  /** Does a piece; it is found out whether it changes what others see. */
  #watch<T>(work: () => T): T {
    let before: Facts | undefined;
    const value = tellingChanges(() => {
      if (this.#shared) before ??= copied(this.#facts);
    }, work);
    if (before !== undefined && !areSame(before, this.#facts)) this.#shared = false;
    return value;
  }
}

function copied(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, deepCopy(value)]));
}

function areSame(one: Facts, other: Facts): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame(one[name], other[name], new Set()))
  );
}

/** Equal also in the order of keys and in what sort of dict and number each is. */
function isSame(one: Value | undefined, other: Value | undefined, within: ReadonlySet<unknown>): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  // What holds itself is never the same: it would be compared without end.
  if (one.constructor !== other.constructor || within.has(one)) return false;
  const inside = new Set(within).add(one);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index], inside));
  if (isDict(one) && isDict(other)) return isSameDict(one, other, inside);
  return 'float' in one && 'float' in other && Object.is(one.float, other.float);
}

function isSameDict(one: Dict, other: Dict, within: ReadonlySet<unknown>): boolean {
  if (one.size !== other.size) return false;
  const others = other.entries();
  for (const [key, value] of one) {
    const [otherKey, otherValue] = others.next().value ?? [];
    if (!isSame(key, otherKey, within) || !isSame(value, otherValue, within)) return false;
  }
  return true;
}
