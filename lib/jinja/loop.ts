import type { Output } from './output.ts';
import { valuesEqual } from './python/equality.ts';
import { PyError, typeError } from './python/error.ts';
import { native } from './python/native.ts';
import { Undefined } from './python/undefined.ts';
import type { Iter, Kwargs, Val } from './python/value.ts';
import { orElse, tuple } from './python/value.ts';
import { Writer } from './writer.ts';

/** Jinja's `loop`: where a for loop stands. It looks ahead only when asked to. */
export class Loop extends Writer {
  readonly type = 'LoopContext';
  private readonly source: Iter;
  private readonly depth: number;
  private readonly again: ((iterable: Val, depth: number, out: Output) => void) | null;
  private index = -1;
  private previous: Val | undefined;
  private current: Val | undefined;
  private readonly ahead: Val[] = [];
  private count: number | undefined;
  private last: Val | undefined;

  /** @param count how many items there are, if that is known. */
  constructor(
    source: Iter,
    how: {
      readonly count: number | undefined;
      readonly depth: number;
      readonly again: ((iterable: Val, depth: number, out: Output) => void) | null;
    },
  ) {
    super();
    this.source = source;
    this.count = how.count;
    this.depth = how.depth;
    this.again = how.again;
  }

  private hasEnded = false;

  /** Goes to the next item; undefined at the end. */
  advance(): Val | undefined {
    const item = this.ahead.length > 0 ? this.ahead.shift() : this.pull();
    if (item === undefined) return undefined;
    this.index++;
    this.previous = this.current;
    this.current = item;
    return item;
  }

  write(args: Val[], _kwargs: Kwargs, out: Output): void {
    if (this.again === null)
      throw new PyError('TypeError', "The loop must have the 'recursive' marker to be called recursively.", {
        fix: 'write `{% for … in … recursive %}`',
      });
    const [iterable] = args;
    if (iterable === undefined) typeError("loop() missing required argument: 'iterable'");
    this.again(iterable, this.depth + 1, out);
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case 'index':
        return this.index + 1;
      case 'index0':
        return this.index;
      case 'first':
        return this.index === 0;
      case 'last':
        return this.peek() === undefined;
      case 'length':
        return this.length();
      case 'revindex':
        return this.length() - this.index;
      case 'revindex0':
        return this.length() - this.index - 1;
      case 'depth':
        return this.depth + 1;
      case 'depth0':
        return this.depth;
      case 'previtem':
        return orElse(this.previous, () => new Undefined('there is no previous item'));
      case 'nextitem':
        return orElse(this.peek(), () => new Undefined('there is no next item'));
      case 'cycle':
        return native('cycle', '*args', ([items]) => this.cycle(items));
      case 'changed':
        return native('changed', '*value', ([value]) => this.changed(value ?? null));
      default:
        return undefined;
    }
  }

  override length(): number {
    if (this.count === undefined) {
      for (let item = this.pull(); item !== undefined; item = this.pull()) this.ahead.push(item);
      this.count = this.index + 1 + this.ahead.length;
    }
    return this.count;
  }

  /** An iterator that has ended stays so, whatever is appended to its list afterwards. */
  private pull(): Val | undefined {
    const item = this.hasEnded ? undefined : this.source.next();
    if (item === undefined) this.hasEnded = true;
    return item;
  }

  private peek(): Val | undefined {
    if (this.ahead.length === 0) {
      const item = this.pull();
      if (item !== undefined) this.ahead.push(item);
    }
    return this.ahead[0];
  }

  private cycle(items: Val | undefined): Val {
    if (!Array.isArray(items) || items.length === 0) typeError('no items for cycling given');
    return items[this.index % items.length] ?? null;
  }

  private changed(value: Val): boolean {
    if (this.last !== undefined && valuesEqual(this.last, value)) return false;
    this.last = Array.isArray(value) ? tuple(value) : value;
    return true;
  }

  override repr(): string {
    return `<LoopContext ${this.index + 1}/${this.length()}>`;
  }
}
