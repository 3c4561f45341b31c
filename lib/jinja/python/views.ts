import { PyError } from './error.ts';
import { spend } from './meter.ts';
import { pair, PyObject } from './value.ts';
import type { Iter, Val, ValMap } from './value.ts';

/** Python's `range`. */
export class Range extends PyObject {
  readonly type = 'range';
  readonly start: number;
  readonly step: number;
  readonly stop: number;
  readonly count: number;

  constructor(start: number, stop: number, step: number) {
    super();
    if (step === 0) throw new PyError('ValueError', 'range() arg 3 must not be zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.count = Math.max(0, Math.ceil((stop - start) / step));
  }

  *values(): Generator<number> {
    spend(this.count);
    for (let i = 0; i < this.count; i++) yield this.start + i * this.step;
  }

  override iterate(): Iter {
    let i = 0;
    return { next: () => (i < this.count ? this.start + i++ * this.step : undefined) };
  }

  override length(): number {
    return this.count;
  }

  override item(key: Val): Val | undefined {
    if (typeof key !== 'number') return undefined;
    const index = key < 0 ? key + this.count : key;
    return index >= 0 && index < this.count ? this.start + index * this.step : undefined;
  }

  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }
}

/** A live view of a dict: what `keys()`, `values()` and `items()` yield. */
export class DictView extends PyObject {
  readonly type: string;
  readonly dict: ValMap;
  readonly part: 'keys' | 'values' | 'items';

  constructor(dict: ValMap, part: 'keys' | 'values' | 'items') {
    super();
    this.type = `dict_${part}`;
    this.dict = dict;
    this.part = part;
  }

  override iterate(): Iter {
    return new DictIter(this.dict, this.part);
  }

  override length(): number {
    return this.dict.size;
  }

  list(): Val[] {
    if (this.part === 'keys') return [...this.dict.keys()];
    if (this.part === 'values') return [...this.dict.values()];
    return Array.from(this.dict, ([key, value]) => pair(key, value));
  }
}

/** Python's set; the members are the keys of a dict, in the order in which they came. */
export class PySet extends PyObject {
  readonly type = 'set';
  readonly dict: ValMap = new Map();

  override iterate(): Iter {
    return new DictIter(this.dict, 'keys');
  }

  override length(): number {
    return this.dict.size;
  }
}

/** A walk over a dict that notices, as Python does, when the dict grows or shrinks under it. */
export class DictIter implements Iter {
  private readonly dict: ValMap;
  private readonly part: 'keys' | 'values' | 'items';
  private readonly size: number;
  private readonly entries: Iterator<[Val, Val]>;

  constructor(dict: ValMap, part: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.part = part;
    this.size = dict.size;
    this.entries = dict.entries();
  }

  next(): Val | undefined {
    if (this.dict.size !== this.size)
      throw new PyError('RuntimeError', 'dictionary changed size during iteration', {
        fix: 'loop over a copy: `d.items()|list`',
      });
    const step = this.entries.next();
    if (step.done === true) return undefined;
    const [key, value] = step.value;
    return this.part === 'items' ? pair(key, value) : this.part === 'keys' ? key : value;
  }
}

/** What `map`, `select` and their like yield: it can be walked once. */
export class Lazy extends PyObject {
  readonly type = 'generator';
  private readonly source: Iterator<Val>;

  constructor(source: Iterator<Val>) {
    super();
    this.source = source;
  }

  override iterate(): Iter {
    return {
      next: () => {
        const step = this.source.next();
        return step.done === true ? undefined : step.value;
      },
    };
  }
}
