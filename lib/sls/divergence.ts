/** Whether a compilation has looked at anything that another revision has otherwise, or has not at all. */
export class Divergence {
  #met = false;

  get met(): boolean {
    return this.#met;
  }

  meet(): void {
    this.#met = true;
  }

  /** Forgets what was met: another compilation begins. */
  begin(): void {
    this.#met = false;
  }

  /** Work whose result is kept for other hosts, and what it met: who takes the result has met that too. */
  during<T>(work: () => T): { readonly value: T; readonly met: boolean } {
    const before = this.#met;
    this.#met = false;
    try {
      const value = work();
      return { value, met: this.#met };
    } finally {
      this.#met ||= before;
    }
  }
}
