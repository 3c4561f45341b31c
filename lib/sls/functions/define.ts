import type { HostFunction, HostValue } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import type { SourceRange } from '../../model/source.ts';
import type { Dict, Value } from '../../model/value.ts';
import { mistake } from '../mistake.ts';
import { isDict } from '../traverse.ts';
import { isTrue } from './data.ts';
import { bind, type Bound, type WrongCall } from './signature.ts';

/** The arguments of one call, by the names of the parameters. */
export interface Given {
  readonly source: SourceRange;
  /** Undefined when the call leaves it out. */
  value(parameter: string): Value | undefined;
  /** `otherwise` only when the call leaves it out: a None that is given stays None. */
  valueOr(parameter: string, otherwise: Value): Value;
  text(parameter: string, otherwise?: string): string;
  truth(parameter: string, otherwise: boolean): boolean;
  dict(parameter: string): Dict;
  fail(summary: string, fix?: string): never;
}

/**
 * Makes an execution function of parameters as `bind` reads them: `key` is required, `default?` is not. A call that does not
 * fit is refused in Python's words.
 */
export function define(
  name: string,
  parameters: readonly string[],
  run: (given: Given) => HostValue,
): readonly [string, HostFunction] {
  const call: HostFunction['call'] = ({ args, kwargs, source }) => {
    const bound = bind(parameters, args, kwargs);
    if ('wrong' in bound) throw new TemplateFailure(wrongCall(name, bound, source));
    const fail = (summary: string, fix?: string): never => {
      throw new TemplateFailure(mistake('SLAB2004', `${name}: ${summary}`, source, { fix }));
    };
    return run(readGiven(bound.bound, source, fail));
  };
  return [name, { name, call }];
}

/** A call that a function cannot take: what is wrong in Python's words, and what the function takes. */
export function wrongCall(name: string, { wrong, named, odd }: WrongCall, source: SourceRange): Diagnostic {
  const known = named.map((each) => each.replace('?', ''));
  const taken = named.map((each) => (each.endsWith('?') ? `[${each.slice(0, -1)}]` : each)).join(', ');
  return mistake('SLAB2004', `${name}${wrong}`, source, {
    why: `it takes ${taken === '' ? 'no arguments' : taken}`,
    fix: odd === undefined ? undefined : didYouMean(odd, known),
  });
}

function readGiven(given: Bound, source: SourceRange, fail: (summary: string, fix?: string) => never): Given {
  return {
    source,
    fail,
    value: (parameter) => given.get(parameter),
    valueOr(parameter, otherwise) {
      const value = given.get(parameter);
      return value === undefined ? otherwise : value;
    },
    text(parameter, otherwise) {
      const value = given.get(parameter) ?? otherwise;
      return typeof value === 'string' ? value : fail(`${parameter} is not text`);
    },
    truth(parameter, otherwise) {
      const value = given.get(parameter);
      return value === undefined || value === null ? otherwise : isTrue(value);
    },
    dict(parameter) {
      const value = given.get(parameter);
      return isDict(value) ? value : fail(`${parameter} is not a mapping`);
    },
  };
}
