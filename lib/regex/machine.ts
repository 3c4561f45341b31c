import type { CharSet } from './char-set.ts';
import type { CaseFold } from './letter-case.ts';
import { RegexBudgetError } from './pattern-error.ts';
import type { Budget } from './pattern-error.ts';
import type { Instruction, Program } from './program.ts';
import { Subject, type Characters } from './subject.ts';

/** What one attempt must fulfil. */
export interface Demand {
  /** The match has to end with the text. */
  readonly toEnd: boolean;
  /** A match must not be empty. */
  readonly notEmpty: boolean;
}

/** Kinds of entries on the stack; each takes four cells: kind and three numbers. */
const OTHER_WAY = 0; // address, position
const FEWER = 1; // address behind the repetition, least position, position
const MORE = 2; // address of the repetition, position, characters that may still be taken
const LOOP_AGAIN = 3; // address of the loop, position
const SLOT = 4; // slot, old value
const COUNT = 5; // loop, old count, old position

/** Cells of the stack; a text that needs more is given up like one that takes too many steps. */
const STACK_LIMIT = 4_000_000;

/** Steps between two payments. */
const PAYDAY = 1024;

/** Runs one program over one text. It backtracks with a stack of its own, so that no text is too long for it. */
export class Machine {
  /** Beginnings and ends of groups; -1 where there is none. */
  readonly slots: Int32Array;
  private readonly code: readonly Instruction[];
  private readonly text: Characters;
  private readonly subject: Subject;
  private readonly budget: Budget;
  private readonly counts: Int32Array;
  private readonly lasts: Int32Array;
  private readonly stack: number[] = [];
  private steps = 0;
  private origin = 0;
  private demand: Demand = { toEnd: false, notEmpty: false };

  constructor(program: Program, text: Characters, how: { readonly groups: number; readonly budget: Budget }) {
    this.code = program.code;
    this.text = text;
    this.subject = new Subject(text);
    this.budget = how.budget;
    this.slots = new Int32Array(how.groups * 2).fill(-1);
    this.counts = new Int32Array(program.loops);
    this.lasts = new Int32Array(program.loops);
  }

  /** Whether the pattern matches from this position; `slots` then hold where. */
  attempt(from: number, demand: Demand): boolean {
    this.slots.fill(-1);
    this.stack.length = 0;
    this.origin = from;
    this.demand = demand;
    const end = this.run(0, from);
    if (end < 0) return false;
    this.slots[0] = from;
    this.slots[1] = end;
    return true;
  }

  private pay(steps: number): void {
    this.steps += steps;
    if (this.steps < PAYDAY) return;
    this.budget(this.steps);
    this.steps = 0;
    if (this.stack.length > STACK_LIMIT) throw new RegexBudgetError();
  }

  /** Pays what is left after the last attempt. */
  settle(): void {
    this.budget(this.steps);
    this.steps = 0;
  }

  /** Runs from an address until `done` or `match`. @returns the position reached, or -1 with everything undone. */
  private run(address: number, from: number): number {
    const { code, text, stack } = this;
    const base = stack.length;
    let pc = address;
    let at = from;
    for (;;) {
      this.pay(1);
      const step = code[pc] as Instruction;
      let ok = true;
      switch (step.op) {
        case 'char':
          ok = text[at] === step.code;
          at++;
          pc++;
          break;
        case 'set':
          ok = at < text.length && step.set.has(text[at] as number);
          at++;
          pc++;
          break;
        case 'at':
          ok = this.subject.stands(step.at, at);
          pc++;
          break;
        case 'split':
          stack.push(OTHER_WAY, step.second, at, 0);
          pc++;
          break;
        case 'jump':
          pc = step.to;
          break;
        case 'save':
          stack.push(SLOT, step.slot, this.slots[step.slot] as number, 0);
          this.slots[step.slot] = at;
          pc++;
          break;
        case 'many': {
          const most = Math.min(step.max, text.length - at);
          const taken = this.taken(step.set, at, step.lazy ? Math.min(step.min, most) : most);
          ok = taken >= step.min;
          if (ok && step.lazy) {
            if (most > taken) stack.push(MORE, pc, at + taken, most - taken);
          } else if (ok && taken > step.min) stack.push(FEWER, pc + 1, at + step.min, at + taken);
          at += taken;
          pc++;
          break;
        }
        case 'loopStart':
          this.setLoop(step.loop, 0, -1);
          pc = step.to;
          break;
        case 'loop':
          pc = this.loop(step, pc, at);
          break;
        case 'look': {
          const start = at - step.behind;
          const found = start >= 0 && this.enclosed(pc + 1, start, step.negated) >= 0;
          ok = found !== step.negated;
          pc = step.next;
          break;
        }
        case 'atomic': {
          const end = this.enclosed(pc + 1, at, false);
          ok = end >= 0;
          at = end;
          pc = step.next;
          break;
        }
        case 'backreference': {
          const length = this.repeatedLength(step.group, step.fold, at);
          ok = length >= 0;
          at += length;
          pc++;
          break;
        }
        case 'conditional':
          pc = (this.slots[step.group * 2 + 1] as number) >= 0 ? pc + 1 : step.no;
          break;
        case 'done':
          return at;
        case 'match':
          if ((!this.demand.toEnd || at === text.length) && !(this.demand.notEmpty && at === this.origin))
            return at;
          ok = false;
          break;
      }
      if (ok) continue;
      const back = this.backtrack(base);
      if (back < 0) return -1;
      pc = back;
      at = this.resumeAt;
    }
  }

  private resumeAt = 0;

  /** Goes back to the last choice above the base. @returns its address, or -1 when there is none. */
  private backtrack(base: number): number {
    const { stack } = this;
    while (stack.length > base) {
      const c = stack.pop() as number;
      const b = stack.pop() as number;
      const a = stack.pop() as number;
      switch (stack.pop()) {
        case OTHER_WAY:
          this.resumeAt = b;
          return a;
        case FEWER:
          if (c - 1 > b) stack.push(FEWER, a, b, c - 1);
          this.resumeAt = c - 1;
          this.pay(1);
          return a;
        case MORE: {
          const step = this.code[a];
          if (step?.op !== 'many' || this.taken(step.set, b, 1) === 0) break;
          if (c > 1) stack.push(MORE, a, b + 1, c - 1);
          this.resumeAt = b + 1;
          return a + 1;
        }
        case LOOP_AGAIN: {
          const step = this.code[a];
          if (step?.op !== 'loop') break;
          const count = this.counts[step.loop] as number;
          if (count >= step.max || this.lasts[step.loop] === b) break;
          this.setLoop(step.loop, count + 1, b);
          this.resumeAt = b;
          return step.body;
        }
        case SLOT:
          this.slots[a] = b;
          break;
        default:
          this.counts[a] = b;
          this.lasts[a] = c;
      }
    }
    return -1;
  }

  /** Runs a part by itself; its choices are forgotten, what it captured stays unless that is unwanted. */
  private enclosed(address: number, from: number, forget: boolean): number {
    const { stack } = this;
    const base = stack.length;
    const end = this.run(address, from);
    if (end < 0) return -1;
    if (forget) {
      this.undo(base);
      return end;
    }
    let kept = base;
    for (let i = base; i < stack.length; i += 4) {
      const kind = stack[i] as number;
      if (kind < SLOT) continue;
      for (let cell = 0; cell < 4; cell++) stack[kept++] = stack[i + cell] as number;
    }
    stack.length = kept;
    return end;
  }

  private undo(base: number): void {
    const { stack } = this;
    while (stack.length > base) {
      const c = stack.pop() as number;
      const b = stack.pop() as number;
      const a = stack.pop() as number;
      const kind = stack.pop() as number;
      if (kind === SLOT) this.slots[a] = b;
      else if (kind === COUNT) {
        this.counts[a] = b;
        this.lasts[a] = c;
      }
    }
  }

  private setLoop(loop: number, count: number, last: number): void {
    this.stack.push(COUNT, loop, this.counts[loop] as number, this.lasts[loop] as number);
    this.counts[loop] = count;
    this.lasts[loop] = last;
  }

  /** Decides, after a turn of a loop, where to go on. A turn that took nothing is the last. */
  private loop(step: Extract<Instruction, { readonly op: 'loop' }>, pc: number, at: number): number {
    const count = this.counts[step.loop] as number;
    if (count < step.min) {
      this.setLoop(step.loop, count + 1, this.lasts[step.loop] as number);
      return step.body;
    }
    if (step.lazy) {
      this.stack.push(LOOP_AGAIN, pc, at, 0);
      return pc + 1;
    }
    if (count >= step.max || this.lasts[step.loop] === at) return pc + 1;
    this.stack.push(OTHER_WAY, pc + 1, at, 0);
    this.setLoop(step.loop, count + 1, at);
    return step.body;
  }

  /** How many characters of a set stand here, at most so many. */
  private taken(set: CharSet | number, at: number, most: number): number {
    const taken = this.subject.taken(set, at, most);
    this.pay(taken);
    return taken;
  }

  /** The length of a group's text if it stands here again; -1 if it does not, or the group has not matched. */
  private repeatedLength(group: number, fold: CaseFold, at: number): number {
    const start = this.slots[group * 2] as number;
    const end = this.slots[group * 2 + 1] as number;
    if (start < 0 || end < start) return -1;
    const length = end - start;
    if (at + length > this.text.length) return -1;
    this.pay(length);
    return this.subject.repeats(start, at, { length, fold }) ? length : -1;
  }
}
