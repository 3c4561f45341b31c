import { dictSet } from './python/dict.ts';
import { dictMethods, updateDict } from './python/dict-methods.ts';
import { PyError, typeError } from './python/error.ts';
import { intArgument } from './python/arguments.ts';
import { BoundMethod, Native, native, parameters } from './python/native.ts';
import { pythonRepr } from './python/repr.ts';
import { PlainDict, PyObject } from './python/value.ts';
import type { Val } from './python/value.ts';
import { Range } from './python/views.ts';

/** Jinja's namespace: an object whose attributes templates can set from inner scopes. */
export class Namespace extends PyObject {
  readonly type = 'Namespace';
  readonly members: Map<Val, Val>;

  constructor(members: Map<Val, Val>) {
    super();
    this.members = members;
  }

  override attribute(name: string): Val | undefined {
    return this.members.get(name);
  }

  override repr(): string {
    return `<Namespace ${pythonRepr(this.members)}>`;
  }
}

/** Jinja's cycler: hands out its items in turn. */
class Cycler extends PyObject {
  readonly type = 'Cycler';
  private readonly items: readonly Val[];
  private position = 0;

  constructor(items: readonly Val[]) {
    super();
    if (items.length === 0) throw new PyError('RuntimeError', 'at least one item has to be provided');
    this.items = items;
  }

  override attribute(name: string): Val | undefined {
    if (name === 'current') return this.items[this.position];
    if (name === 'next')
      return native('next', '', () => {
        const item = this.items[this.position] ?? null;
        this.position = (this.position + 1) % this.items.length;
        return item;
      });
    if (name !== 'reset') return undefined;
    return native('reset', '', () => {
      this.position = 0;
      return null;
    });
  }
}

function joiner(separator: Val): Native {
  let used = false;
  return native('joiner', '', () => {
    if (used) return separator;
    used = true;
    return '';
  });
}

function range(args: readonly (Val | undefined)[]): Range {
  const [first, second, step] = args;
  const start = second === undefined ? 0 : intArgument(first, 0);
  const stop = second === undefined ? intArgument(first, 0) : intArgument(second, 0);
  const made = new Range(start, stop, intArgument(step, 1));
  // Jinja's sandbox draws the same line.
  if (made.count > 100_000)
    throw new PyError(
      'OverflowError',
      'Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).',
    );
  return made;
}

function dict(source: Val | undefined, more: Val | undefined): Map<Val, Val> {
  const made = new PlainDict();
  if (source !== undefined) updateDict(made, source);
  if (more instanceof Map) for (const [key, value] of more) dictSet(made, key, value);
  return made;
}

/** Python's `dict`: a function that has a method of its own. */
class DictType extends Native {
  override attribute(name: string): Val | undefined {
    const method = name === 'fromkeys' ? dictMethods.get(name) : undefined;
    return method === undefined ? undefined : new BoundMethod(new PlainDict(), method);
  }
}

/** The functions that every template sees. */
export const builtinGlobals: ReadonlyMap<string, Val> = new Map<string, Val>([
  ['range', native('range', 'start stop= step=', range)],
  ['dict', new DictType('dict', parameters('source= **more'), ([source, more]) => dict(source, more))],
  ['odict', native('odict', 'source= **more', ([source, more]) => new Map(dict(source, more)))],
  ['namespace', native('namespace', 'source= **more', ([source, more]) => new Namespace(dict(source, more)))],
  ['cycler', native('cycler', '*items', ([items]) => new Cycler(Array.isArray(items) ? items : []))],
  ['joiner', native('joiner', 'sep=', ([separator]) => joiner(separator ?? ', '))],
  [
    'raise',
    native('raise', 'message', ([message]) => {
      if (typeof message === 'string') throw new PyError('TemplateRuntimeError', message);
      typeError('raise() wants a text');
    }),
  ],
]);
