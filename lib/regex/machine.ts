import type { CharSet } from './char-set.ts';
import { Expense } from './expense.ts';
import type { CaseFold } from './letter-case.ts';
import type { Budget } from './pattern-error.ts';
import type { Instruction, Program } from './program.ts';
import { Subject, type Characters } from './subject.ts';
import { FEWER, LOOP_AGAIN, MORE, OTHER_WAY, Trail } from './trail.ts';

/** What one attempt must fulfil. */
export interface Demand {
  /** The match has to end with the text. */
  readonly toEnd: boolean;
  /** A match must not be empty. */
  readonly notEmpty: boolean;
}

/** Runs one program over one text. It backtracks with a stack of its own, so that no text is too long for it. */
export class Machine {
  /** Beginnings and ends of groups; -1 where there is none. */
  readonly slots: Int32Array;
  private readonly code: readonly Instruction[];
  private readonly text: Characters;
  private readonly subject: Subject;
  private readonly trail: Trail;
  private readonly expense: Expense;
  private origin = 0;
  private demand: Demand = { toEnd: false, notEmpty: false };

  constructor(program: Program, text: Characters, how: { readonly groups: number; readonly budget: Budget }) {
    this.code = program.code;
    this.text = text;
    this.subject = new Subject(text);
    this.trail = new Trail(how.groups, program.loops);
    this.expense = new Expense(how.budget, this.trail.cells);
    this.slots = this.trail.slots;
  }

  /** Whether the pattern matches from this position; `slots` then hold where. */
  attempt(from: number, demand: Demand): boolean {
    this.trail.clear();
    this.origin = from;
    this.demand = demand;
    const end = this.run(0, from);
    if (end < 0) return false;
    this.slots[0] = from;
    this.slots[1] = end;
    return true;
  }

  /** Pays what is left after the last attempt. */
  settle(): void {
    this.expense.settle();
  }

  /** Runs from an address until `done` or `match`. @returns the position reached, or -1 with everything undone. */
  private run(address: number, from: number): number {
    const { code, text, trail, expense } = this;
    const stack = trail.cells;
    const base = stack.length;
    let pc = address;
    let at = from;
    for (;;) {
      expense.pay(1);
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
          trail.setSlot(step.slot, at);
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
          trail.setLoop(step.loop, 0, -1);
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
    const stack = this.trail.cells;
    while (stack.length > base) {
      const c = stack.pop() as number;
      const b = stack.pop() as number;
      const a = stack.pop() as number;
      const kind = stack.pop() as number;
      switch (kind) {
        case OTHER_WAY:
          this.resumeAt = b;
          return a;
        case FEWER:
          if (c - 1 > b) stack.push(FEWER, a, b, c - 1);
          this.resumeAt = c - 1;
          this.expense.pay(1);
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
          const count = this.trail.counts[step.loop] as number;
          if (count >= step.max || this.trail.lasts[step.loop] === b) break;
          this.trail.setLoop(step.loop, count + 1, b);
          this.resumeAt = b;
          return step.body;
        }
        default:
          this.trail.takeBack(kind, a, b, c);
      }
    }
    return -1;
  }

  /** Runs a part by itself; its choices are forgotten, what it captured stays unless that is unwanted. */
  private enclosed(address: number, from: number, forget: boolean): number {
    const base = this.trail.cells.length;
    const end = this.run(address, from);
    if (end < 0) return -1;
    if (forget) this.trail.undo(base);
    else this.trail.commit(base);
    return end;
  }

  /** Decides, after a turn of a loop, where to go on. A turn that took nothing is the last. */
  private loop(step: Extract<Instruction, { readonly op: 'loop' }>, pc: number, at: number): number {
    const count = this.trail.counts[step.loop] as number;
    if (count < step.min) {
      this.trail.setLoop(step.loop, count + 1, this.trail.lasts[step.loop] as number);
      return step.body;
    }
    if (step.lazy) {
      this.trail.cells.push(LOOP_AGAIN, pc, at, 0);
      return pc + 1;
    }
    if (count >= step.max || this.trail.lasts[step.loop] === at) return pc + 1;
    this.trail.cells.push(OTHER_WAY, pc + 1, at, 0);
    this.trail.setLoop(step.loop, count + 1, at);
    return step.body;
  }

  /** How many characters of a set stand here, at most so many. */
  private taken(set: CharSet | number, at: number, most: number): number {
    const taken = this.subject.taken(set, at, most);
    this.expense.pay(taken);
    return taken;
  }

  /** The length of a group's text if it stands here again; -1 if it does not, or the group has not matched. */
  private repeatedLength(group: number, fold: CaseFold, at: number): number {
    const start = this.slots[group * 2] as number;
    const end = this.slots[group * 2 + 1] as number;
    if (start < 0 || end < start) return -1;
    const length = end - start;
    if (at + length > this.text.length) return -1;
    this.expense.pay(length);
    return this.subject.repeats(start, at, { length, fold }) ? length : -1;
  }
}
