import type { Event } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { SHORTEST_SECRET, secretForms } from './secret-forms.ts';

/** Hides known secrets in whatever leaves the process. */
export interface Redactor {
  /** The text with every form of every secret replaced. */
  text(text: string): string;
  /** The same for every string, number and key of a JSON value; keys that become equal are numbered. */
  deep(value: Json): Json;
  /** The same for an event, whose shape (types, verdicts, field names) stays readable. */
  event<E extends Event>(event: E): E;
  /** Whether some form of a secret occurs. */
  touches(text: string): boolean;
  /** Secrets to hide from now on; those under six characters are ignored. */
  add(...secrets: readonly string[]): void;
  /** How often something had to be hidden: more than nought in a log means that a secret went astray. */
  hits(): number;
}

/** What stands for a secret; the next is used when a secret is itself part of the word. */
const MASKS = ['‹secret›', '‹hidden›', '‹•••›'] as const;

/** Fields of an event that hold words of slab, not of the world: hiding `failed` there would break whoever reads it. */
const WORDS = new Set('type status verdict action risk certainty level format kind symbol'.split(' '));

/**
 * Makes a redactor. One pass over a text finds all secrets, and its cost hardly depends on how many there are.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const index = new FormIndex();
  let hits = 0;

  const text = (input: string): string => {
    const spans = index.find(input);
    if (spans.length === 0) return input;
    hits += spans.length;
    let output = '';
    let at = 0;
    for (const [start, end] of spans) {
      output += input.slice(at, start) + index.mask;
      at = end;
    }
    return output + input.slice(at);
  };

  const walk = (value: unknown, keepShape: boolean): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number' && !keepShape) {
      const shown = text(String(value));
      return shown === String(value) ? value : shown;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, keepShape));
    if (typeof value !== 'object' || value === null) return value;
    const entries = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      if (keepShape && WORDS.has(key)) entries.set(key, item);
      // What a change shows is a value of the world: nothing in it has a name of ours.
      else if (keepShape) entries.set(key, walk(item, key !== 'before' && key !== 'after'));
      else entries.set(freeKey(text(key), entries), walk(item, false));
    }
    return Object.fromEntries(entries);
  };

  const redactor: Redactor = {
    text,
    deep: (value) => walk(value, false) as Json, // walk maps JSON to JSON
    event: <E extends Event>(event: E) => walk(event, true) as E, // only strings change, and none that is a word of ours
    touches: (input) => index.find(input).length > 0,
    add: (...more) => {
      for (const secret of more) index.add(secret);
    },
    hits: () => hits,
  };
  redactor.add(...secrets);
  return redactor;
}

function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? key : `${key}#${n}`;
    if (!taken.has(name)) return name;
  }
}

/** Characters hashed at once. */
const BLOCK = 3;
const LONGEST_SHIFT = SHORTEST_SECRET - BLOCK + 1;

/**
 * All forms of all secrets, found by their first six characters. Wu and Manber, "A fast algorithm for multi-pattern
 * searching", 1994: the last three characters of the window say how far it may move without missing a form.
 */
class FormIndex {
  readonly #shift = new Uint8Array(1 << 16).fill(LONGEST_SHIFT);
  readonly #byStart = new Map<string, string[]>();
  readonly #known = new Set<string>();
  mask: string = MASKS[0];

  add(secret: string): void {
    if (this.#known.has(secret)) return;
    this.#known.add(secret);
    for (const form of secretForms(secret)) {
      const start = form.slice(0, SHORTEST_SECRET);
      const same = this.#byStart.get(start) ?? [];
      if (same.includes(form)) continue;
      same.push(form);
      same.sort((a, b) => b.length - a.length);
      this.#byStart.set(start, same);
      for (let at = 0; at < LONGEST_SHIFT; at++) {
        const hash = hashThree(form, at);
        this.#shift[hash] = Math.min(this.#shift[hash] ?? LONGEST_SHIFT, LONGEST_SHIFT - 1 - at);
      }
    }
    this.mask = MASKS.find((mask) => this.find(mask).length === 0) ?? MASKS[2];
  }

  /** Spans [start, end) covered by forms, joined where they overlap, in order. */
  find(text: string): readonly (readonly [number, number])[] {
    const spans: [number, number][] = [];
    if (this.#byStart.size === 0) return spans;
    const lastStart = text.length - SHORTEST_SECRET;
    for (let i = 0; i <= lastStart; i++) {
      let shift = this.#shift[hashThree(text, i + LONGEST_SHIFT - 1)] ?? 0;
      while (shift > 0 && i <= lastStart) {
        i += shift;
        shift = this.#shift[hashThree(text, i + LONGEST_SHIFT - 1)] ?? 0;
      }
      if (i > lastStart) break;
      const forms = this.#byStart.get(text.slice(i, i + SHORTEST_SECRET));
      const form = forms?.find((candidate) => text.startsWith(candidate, i));
      if (form === undefined) continue;
      const last = spans.at(-1);
      if (last && i < last[1]) last[1] = Math.max(last[1], i + form.length);
      else spans.push([i, i + form.length]);
    }
    return spans;
  }
}

function hashThree(text: string, at: number): number {
  return (text.charCodeAt(at) * 1031 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff;
}
