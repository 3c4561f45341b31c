import type { HostFunction, HostValue } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import type { SourceRange } from '../../model/source.ts';
import type { Dict, Value } from '../../model/value.ts';
import { mistake } from '../mistake.ts';
import { isDict } from '../traverse.ts';

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

/** Makes an execution function of named parameters; a call with others, or with too many, is refused. */
export function define(
  name: string,
  parameters: readonly string[],
  run: (given: Given) => HostValue,
): readonly [string, HostFunction] {
  const call: HostFunction['call'] = ({ args, kwargs, source }) => {
    const fail = (summary: string, fix?: string): never => {
      throw new TemplateFailure(mistake('SLAB2004', `${name}: ${summary}`, source, { fix }));
    };
    const known = `it takes ${parameters.join(', ') || 'none'}`;
    if (args.length > parameters.length) fail(`too many arguments: ${known}`);
    const given = new Map<string, Value>();
    const entries: [string, HostValue][] = [
      ...args.map((value, index): [string, HostValue] => [parameters[index] ?? '', value]),
      ...kwargs,
    ];
    for (const [parameter, value] of entries) {
      // Salt hands every function its own keyword arguments beside the caller's.
      if (parameter === 'saltenv' || parameter === 'pillarenv') continue;
      if (!parameters.includes(parameter)) fail(`no argument is called ${parameter}: ${known}`);
      given.set(parameter, isData(value) ? value : fail(`${parameter} is a function, not data`));
    }
    return run(readGiven(given, source, fail));
  };
  return [name, { name, call }];
}

/** Whether a value is data, not a function or an object of slab. */
export function isData(value: HostValue): value is Value {
  return !(typeof value === 'object' && value !== null && ('call' in value || 'member' in value));
}

function readGiven(
  given: ReadonlyMap<string, Value>,
  source: SourceRange,
  fail: (summary: string, fix?: string) => never,
): Given {
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

/** Whether Python takes a value for true. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  if (typeof value === 'object' && value !== null) return value.float !== 0;
  return Boolean(value);
}
