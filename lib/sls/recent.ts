/** Remembers the answers used last, so many of them: a fleet whose hosts all differ must not fill the memory. */
export class Recent<K, V> {
  readonly #most: number;
  readonly #known = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What is known under a key; made, and remembered, when nothing is. */
  get(key: K, make: () => V): V {
    const known = this.#known.get(key);
    const value = known ?? make();
    // A Map keeps the order of insertion: the first key is the one that was not used for longest.
    if (known !== undefined) this.#known.delete(key);
    else if (this.#known.size >= this.#most) this.#forgetOldest();
    this.#known.set(key, value);
    return value;
  }

  /** What is known under a key, where something is. */
  find(key: K): V | undefined {
    return this.#known.get(key);
  }

  #forgetOldest(): void {
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
