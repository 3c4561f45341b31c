import { RegexBudgetError } from './pattern-error.ts';
import type { Budget } from './pattern-error.ts';

/** Cells of a stack; a text that needs more is given up like one that takes too many steps. */
const STACK_LIMIT = 4_000_000;

/** Steps between two payments. */
const PAYDAY = 1024;

/**
 * What matches of one pattern on one text cost. Steps (an instruction run, a character looked at) are paid from a budget,
 * about a thousand at a time, as each payment is a call; how high the stack has grown is looked at then.
 */
export class Expense {
  private readonly budget: Budget;
  private readonly stack: readonly number[];
  private steps = 0;

  /** @param stack as it grows: its length counts, in cells. */
  constructor(budget: Budget, stack: readonly number[]) {
    this.budget = budget;
    this.stack = stack;
  }

  /** Takes so many steps. @throws RegexBudgetError when the stack is too high, and whatever the budget throws. */
  pay(steps: number): void {
    this.steps += steps;
    if (this.steps < PAYDAY) return;
    this.settle();
    if (this.stack.length > STACK_LIMIT) throw new RegexBudgetError();
  }

  /** Pays what was taken since the last payment. @throws whatever the budget throws. */
  settle(): void {
    this.budget(this.steps);
    this.steps = 0;
  }
}
