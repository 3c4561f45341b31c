import type { Dict, Value } from '../model/value.ts';
import type { Divergence } from './divergence.ts';

/** A dict that tells when anything is asked of it, even its size. */
export class WatchedDict extends Map<Value, Value> {
  readonly #divergence: Divergence;

  constructor(dict: Dict, divergence: Divergence) {
    super();
    for (const [key, value] of dict) super.set(key, value);
    this.#divergence = divergence;
  }

  override get size(): number {
    this.#divergence.meet();
    return super.size;
  }

  override get(key: Value): Value | undefined {
    this.#divergence.meet();
    return super.get(key);
  }

  override has(key: Value): boolean {
    this.#divergence.meet();
    return super.has(key);
  }

  override set(key: Value, value: Value): this {
    this.#divergence.meet();
    return super.set(key, value);
  }

  override delete(key: Value): boolean {
    this.#divergence.meet();
    return super.delete(key);
  }

  override clear(): void {
    this.#divergence.meet();
    super.clear();
  }

  override keys(): MapIterator<Value> {
    this.#divergence.meet();
    return super.keys();
  }

  override values(): MapIterator<Value> {
    this.#divergence.meet();
    return super.values();
  }

  override entries(): MapIterator<[Value, Value]> {
    this.#divergence.meet();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }

  override forEach(work: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    this.#divergence.meet();
    super.forEach(work);
  }
}
