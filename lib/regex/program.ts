import type { CharSet } from './char-set.ts';
import type { CaseFold } from './letter-case.ts';
import type { Node, Position } from './node.ts';

/** One instruction of a compiled pattern; addresses are indexes into the program. */
export type Instruction =
  | { readonly op: 'char'; readonly code: number }
  | { readonly op: 'set'; readonly set: CharSet }
  | { readonly op: 'at'; readonly at: Position }
  | { readonly op: 'split'; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  /** One character many times. */
  | {
      readonly op: 'many';
      readonly set: CharSet | number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly op: 'loopStart'; readonly loop: number; to: number }
  | {
      readonly op: 'loop';
      readonly loop: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      readonly body: number;
    }
  /** Runs what follows it by itself, up to the next `done`. */
  | { readonly op: 'look'; readonly behind: number; readonly negated: boolean; next: number }
  | { readonly op: 'atomic'; next: number }
  | { readonly op: 'backreference'; readonly group: number; readonly fold: CaseFold }
  | { readonly op: 'conditional'; readonly group: number; no: number }
  | { readonly op: 'done' }
  | { readonly op: 'match' };

/** A pattern as a machine runs it. */
export interface Program {
  readonly code: readonly Instruction[];
  readonly loops: number;
}

/** Compiles a parsed pattern. Counted repetitions are counted when they run, so that the program stays short. */
export function compileProgram(items: readonly Node[]): Program {
  const writer = new ProgramWriter();
  writer.sequence(items);
  writer.code.push({ op: 'match' });
  return { code: writer.code, loops: writer.loops };
}

class ProgramWriter {
  readonly code: Instruction[] = [];
  loops = 0;

  sequence(items: readonly Node[]): void {
    for (const item of items) this.node(item);
  }

  private node(node: Node): void {
    const { code } = this;
    switch (node.kind) {
      case 'char':
        code.push({ op: 'char', code: node.code });
        return;
      case 'set':
        code.push({ op: 'set', set: node.set });
        return;
      case 'at':
        code.push({ op: 'at', at: node.at });
        return;
      case 'group':
        if (node.index !== null) code.push({ op: 'save', slot: node.index * 2 });
        this.sequence(node.items);
        if (node.index !== null) code.push({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'repeat':
        this.repeat(node);
        return;
      case 'branch':
        this.branch(node.branches);
        return;
      case 'look':
        this.enclosed({ op: 'look', behind: node.width, negated: node.negated, next: 0 }, node.items);
        return;
      case 'atomic':
        this.enclosed({ op: 'atomic', next: 0 }, node.items);
        return;
      case 'backreference':
        code.push({ op: 'backreference', group: node.group, fold: node.fold });
        return;
      case 'conditional': {
        const test = { op: 'conditional' as const, group: node.group, no: 0 };
        code.push(test);
        this.sequence(node.yes);
        const over = { op: 'jump' as const, to: 0 };
        code.push(over);
        test.no = code.length;
        this.sequence(node.no);
        over.to = code.length;
        return;
      }
    }
  }

  private branch(branches: readonly (readonly Node[])[]): void {
    const ends: { to: number }[] = [];
    for (const [i, items] of branches.entries()) {
      if (i === branches.length - 1) {
        this.sequence(items);
        break;
      }
      const split = { op: 'split' as const, second: 0 };
      this.code.push(split);
      this.sequence(items);
      const end = { op: 'jump' as const, to: 0 };
      this.code.push(end);
      ends.push(end);
      split.second = this.code.length;
    }
    for (const end of ends) end.to = this.code.length;
  }

  private enclosed(
    head: Extract<Instruction, { readonly op: 'look' | 'atomic' }>,
    items: readonly Node[],
  ): void {
    this.code.push(head);
    this.sequence(items);
    this.code.push({ op: 'done' });
    head.next = this.code.length;
  }

  private repeat(node: Extract<Node, { readonly kind: 'repeat' }>): void {
    const { items, min, max, mode } = node;
    if (mode === 'possessive') {
      // Neither the repetition nor one turn of it gives anything back.
      const turn: Node = { kind: 'atomic', items };
      this.enclosed({ op: 'atomic', next: 0 }, [{ kind: 'repeat', min, max, mode: 'greedy', items: [turn] }]);
      return;
    }
    const lazy = mode === 'lazy';
    const [only] = items;
    if (items.length === 1 && only !== undefined && (only.kind === 'char' || only.kind === 'set')) {
      this.code.push({ op: 'many', set: only.kind === 'char' ? only.code : only.set, min, max, lazy });
      return;
    }
    const loop = this.loops++;
    const start = { op: 'loopStart' as const, loop, to: 0 };
    this.code.push(start);
    const body = this.code.length;
    this.sequence(items);
    start.to = this.code.length;
    this.code.push({ op: 'loop', loop, min, max, lazy, body });
  }
}
