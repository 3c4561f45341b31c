import { Machine } from './machine.ts';
import { parsePattern } from './parse.ts';
import type { Flags } from './parse-state.ts';
import { stepBudget } from './pattern-error.ts';
import type { Budget } from './pattern-error.ts';
import { compileProgram } from './program.ts';
import type { Program } from './program.ts';
import type { Characters } from './subject.ts';
import { expandTemplate, parseTemplate } from './template.ts';

/** Where a match may stand: from the start, from the start to the end, or anywhere. */
export type Anchor = 'match' | 'fullmatch' | 'search';

/** What a pattern found. Offsets are JavaScript's (UTF-16). */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** The texts of the groups, the whole match first; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** How many matches `replace` replaces (0: all), who pays, and who refuses results that grow too long. */
export interface ReplaceOptions {
  readonly count?: number;
  readonly budget?: Budget;
  readonly checkLength?: (length: number) => void;
}

const NO_FLAGS: Flags = { ignoreCase: false, multiLine: false, dotAll: false, verbose: false, ascii: false };

/** A regular expression of Python's `re` for texts. */
export class Regex {
  /** How many groups there are, without the whole match. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  private readonly program: Program;
  /** What the first character has to be, where that is known. */
  private readonly first: number | undefined;

  /** @throws PatternError in Python's words. */
  constructor(pattern: string, flags: Partial<Flags> = {}) {
    const { items, groups } = parsePattern(pattern, { ...NO_FLAGS, ...flags });
    this.groupCount = groups.count - 1;
    this.names = groups.names;
    this.program = compileProgram(items);
    const [first] = this.program.code;
    this.first = first?.op === 'char' ? first.code : undefined;
  }

  /** Python's `match`, `fullmatch` and `search`. @throws RegexBudgetError */
  find(text: string, anchor: Anchor, budget: Budget = stepBudget(10_000_000)): Match | undefined {
    const subject = new Subject(text);
    const machine = this.machine(subject, budget);
    const demand = { toEnd: anchor === 'fullmatch', notEmpty: false };
    let found: Match | undefined;
    if (anchor === 'search') {
      const at = this.searchFrom(machine, subject, 0, false);
      if (at >= 0) found = subject.match(machine.slots);
    } else if (machine.attempt(0, demand)) found = subject.match(machine.slots);
    machine.settle();
    return found;
  }

  /** Python's `finditer`: an empty match may follow a match, but not stand where the last empty one stood. */
  *each(text: string, budget: Budget = stepBudget(10_000_000)): Generator<Match> {
    const subject = new Subject(text);
    const machine = this.machine(subject, budget);
    let from = 0;
    let notEmpty = false;
    for (;;) {
      const at = this.searchFrom(machine, subject, from, notEmpty);
      if (at < 0) break;
      const end = machine.slots[1] as number;
      notEmpty = end === at;
      from = end;
      yield subject.match(machine.slots);
    }
    machine.settle();
  }

  /** Python's `findall`: the texts of the matches, of their only group, or of all their groups. */
  findAll(text: string, budget?: Budget): readonly (string | readonly string[])[] {
    return Array.from(this.each(text, budget), ({ groups }) => {
      if (groups.length === 1) return groups[0] ?? '';
      return groups.length === 2 ? (groups[1] ?? '') : groups.slice(1).map((group) => group ?? '');
    });
  }

  /** Python's `split`: the texts between the matches, and those of the groups. */
  split(text: string, limit = 0, budget?: Budget): readonly (string | undefined)[] {
    const parts: (string | undefined)[] = [];
    let from = 0;
    let count = 0;
    for (const { start, end, groups } of this.each(text, budget)) {
      if (limit > 0 && count >= limit) break;
      parts.push(text.slice(from, start), ...groups.slice(1));
      from = end;
      count++;
    }
    parts.push(text.slice(from));
    return parts;
  }

  /** Python's `sub`. @throws PatternError for a malformed replacement. */
  replace(text: string, replacement: string, how: ReplaceOptions = {}): string {
    const template = parseTemplate(replacement, this);
    const { count = 0, budget, checkLength } = how;
    let length = text.length;
    const parts: string[] = [];
    let from = 0;
    let done = 0;
    for (const { start, end, groups } of this.each(text, budget)) {
      if (count > 0 && done >= count) break;
      const by = expandTemplate(template, groups);
      length += by.length;
      checkLength?.(length);
      parts.push(text.slice(from, start), by);
      from = end;
      done++;
    }
    parts.push(text.slice(from));
    return parts.join('');
  }

  private machine(subject: Subject, budget: Budget): Machine {
    return new Machine(this.program, subject.codes, { groups: this.groupCount + 1, budget });
  }

  /** Tries one position after the other. @returns where the pattern matches, or -1. */
  private searchFrom(machine: Machine, subject: Subject, from: number, notEmpty: boolean): number {
    const { codes } = subject;
    for (let at = from; at <= codes.length; at++) {
      if (this.first !== undefined) {
        const next = codes.indexOf(this.first, at);
        if (next < 0) return -1;
        at = next;
      }
      if (machine.attempt(at, { toEnd: false, notEmpty: notEmpty && at === from })) return at;
    }
    return -1;
  }
}

/** A text as code points, with the way back to JavaScript's offsets. */
class Subject {
  readonly codes: Characters;
  private readonly text: string;
  private readonly offsets: Uint32Array | undefined;

  constructor(text: string) {
    this.text = text;
    if (!/[\ud800-\udbff]/.test(text)) {
      this.codes = new Uint16Array(text.length);
      for (let i = 0; i < text.length; i++) this.codes[i] = text.charCodeAt(i);
      return;
    }
    const chars = Array.from(text);
    this.codes = new Uint32Array(chars.length);
    this.offsets = new Uint32Array(chars.length + 1);
    let at = 0;
    for (const [i, char] of chars.entries()) {
      this.codes[i] = char.codePointAt(0) ?? 0;
      at += char.length;
      this.offsets[i + 1] = at;
    }
  }

  match(slots: Int32Array): Match {
    const at = (index: number): number =>
      this.offsets === undefined ? index : (this.offsets[index] as number);
    const groups: (string | undefined)[] = [];
    for (let i = 0; i < slots.length; i += 2) {
      const start = slots[i] as number;
      const end = slots[i + 1] as number;
      groups.push(start < 0 || end < 0 ? undefined : this.text.slice(at(start), at(end)));
    }
    return { start: at(slots[0] as number), end: at(slots[1] as number), groups };
  }
}

/** Python's `re.escape`. */
export function escapePattern(text: string): string {
  return text.replace(/[\t-\r #$&()*+.?[\\\]^{|}~-]/g, '\\$&');
}
