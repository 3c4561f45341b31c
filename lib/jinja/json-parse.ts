import { fitInt } from './python/arithmetic.ts';
import { valueError } from './python/error.ts';
import { spend } from './python/meter.ts';
import { PlainDict, toFloat } from './python/value.ts';
import type { Val } from './python/value.ts';

const TOKEN =
  /\s*(?:("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:(\.\d+)?([eE][+-]?\d+)?))|(true|false|null|NaN|Infinity|-Infinity)|([[\]{},:]))\s*/y;

/** Python's `json.loads`: ints and floats stay apart, dicts keep their order. @throws PyError ValueError */
export function parseJson(text: string): Val {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

class JsonReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    if (this.at < this.text.length) this.fail('Extra data');
  }

  value(): Val {
    spend(1);
    const start = this.at;
    const [, string, number, fraction, exponent, word, mark] = this.token();
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined)
      return fraction === undefined && exponent === undefined
        ? fitInt(BigInt(number))
        : toFloat(Number(number));
    if (word !== undefined) return WORDS.get(word) ?? null;
    if (++this.depth > 200) this.fail('too deeply nested');
    if (mark !== '[' && mark !== '{') {
      this.at = start;
      this.fail('Expecting value');
    }
    const value = mark === '[' ? this.list() : this.dict();
    this.depth--;
    return value;
  }

  private token(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) this.fail('Expecting value');
    this.at = TOKEN.lastIndex;
    return found;
  }

  private mark(wanted: string): string {
    const start = this.at;
    const mark = this.token()[6];
    if (mark !== undefined && wanted.includes(mark)) return mark;
    this.at = start;
    this.fail(`Expecting ${Array.from(wanted, (char) => `'${char}'`).join(' or ')}`);
  }

  private peek(): string {
    return /\S/.exec(this.text.slice(this.at, this.at + 64))?.[0] ?? '';
  }

  private list(): Val[] {
    const items: Val[] = [];
    if (this.peek() === ']') {
      this.mark(']');
      return items;
    }
    for (;;) {
      items.push(this.value());
      if (this.mark(',]') === ']') return items;
    }
  }

  private dict(): Map<Val, Val> {
    const dict = new PlainDict();
    if (this.peek() === '}') {
      this.mark('}');
      return dict;
    }
    for (;;) {
      const key = this.token()[1];
      if (key === undefined) this.fail('Expecting property name enclosed in double quotes');
      this.mark(':');
      dict.set(JSON.parse(key) as string, this.value());
      if (this.mark(',}') === '}') return dict;
    }
  }

  private fail(message: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    valueError(
      `${message}: line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1} (char ${this.at})`,
    );
  }
}

const WORDS: ReadonlyMap<string, Val> = new Map<string, Val>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', toFloat(NaN)],
  ['Infinity', toFloat(Infinity)],
  ['-Infinity', toFloat(-Infinity)],
]);
