/** Kinds of entries; each takes four cells: kind and three numbers. Those before SLOT are choices, the rest takes back. */
export const OTHER_WAY = 0; // address, position
export const FEWER = 1; // address behind the repetition, least position, position
export const MORE = 2; // address of the repetition, position, characters that may still be taken
export const LOOP_AGAIN = 3; // address of the loop, position
const SLOT = 4; // slot, old value
const COUNT = 5; // loop, old count, old position

/** What an attempt has captured and counted, with the choices it has left and the way back to each of them. */
export class Trail {
  /** Beginnings and ends of groups; -1 where there is none. */
  readonly slots: Int32Array;
  /** Turns of each loop. */
  readonly counts: Int32Array;
  /** Where the last turn of each loop began. */
  readonly lasts: Int32Array;
  /** The entries, last one at the end. */
  readonly cells: number[] = [];

  constructor(groups: number, loops: number) {
    this.slots = new Int32Array(groups * 2).fill(-1);
    this.counts = new Int32Array(loops);
    this.lasts = new Int32Array(loops);
  }

  /** Forgets everything but the loops, which set themselves when they begin. */
  clear(): void {
    this.slots.fill(-1);
    this.cells.length = 0;
  }

  setSlot(slot: number, at: number): void {
    this.cells.push(SLOT, slot, this.slots[slot] as number, 0);
    this.slots[slot] = at;
  }

  setLoop(loop: number, count: number, last: number): void {
    this.cells.push(COUNT, loop, this.counts[loop] as number, this.lasts[loop] as number);
    this.counts[loop] = count;
    this.lasts[loop] = last;
  }

  /** Takes back what one entry stands for; a choice stands for nothing. */
  takeBack(kind: number, a: number, b: number, c: number): void {
    if (kind === SLOT) this.slots[a] = b;
    else if (kind === COUNT) {
      this.counts[a] = b;
      this.lasts[a] = c;
    }
  }

  /** Takes back everything above a base, and forgets its choices. */
  undo(base: number): void {
    const { cells } = this;
    while (cells.length > base) {
      const c = cells.pop() as number;
      const b = cells.pop() as number;
      const a = cells.pop() as number;
      this.takeBack(cells.pop() as number, a, b, c);
    }
  }

  /** Forgets the choices above a base; what was captured and counted since stays, and can be taken back. */
  commit(base: number): void {
    const { cells } = this;
    let kept = base;
    for (let i = base; i < cells.length; i += 4) {
      if ((cells[i] as number) < SLOT) continue;
      for (let cell = 0; cell < 4; cell++) cells[kept++] = cells[i + cell] as number;
    }
    cells.length = kept;
  }
}
