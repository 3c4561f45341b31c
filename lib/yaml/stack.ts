/**
 * What is gathered for the collections being read, those inside on top of those around them: one stack for all, so that
 * each collection is copied at its size.
 */
export class Stack<T> {
  readonly #all: T[] = [];
  /** How many there are; a collection begins with those above this. */
  top = 0;

  push(one: T): void {
    this.#all[this.top++] = one;
  }

  /** Takes away everything above a height. */
  cut(bottom: number): T[] {
    const above = this.#all.slice(bottom, this.top);
    this.top = bottom;
    return above;
  }
}
