import type { HostCall, HostFunction, HostValue } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import { pythonRepr, pythonStr } from '../../jinja/host.ts';
import type { Value } from '../../model/value.ts';
import {
  hostFunctions,
  type Answers,
  type Arguments,
  type HostFunctionSpec,
  type Question,
} from '../../questions/index.ts';
import type { Asking } from '../asking.ts';
import { deepCopy } from '../merge.ts';
import { mistake } from '../mistake.ts';
import { isTrue } from './data.ts';
import { wrongCall } from './define.ts';
import { bind, type Bound, type WrongCall } from './signature.ts';

/** Execution functions that the host answers: known answers are given, others noted to be asked. */
export function askingFunctions(answers: Answers, asking: Asking): (readonly [string, HostFunction])[] {
  return [...hostFunctions.values()].map((spec) => [
    spec.name,
    { name: spec.name, call: (call) => ask(spec, call, { answers, asking }) },
  ]);
}

interface Port {
  readonly answers: Answers;
  readonly asking: Asking;
}

function ask(spec: HostFunctionSpec, call: HostCall, { answers, asking }: Port): HostValue {
  const fail = (summary: string): never => {
    throw new TemplateFailure(mistake('SLAB2004', summary, call.source));
  };
  const result = questionOf(spec, call.args, call.kwargs);
  if ('wrong' in result) throw new TemplateFailure(wrongCall(spec.name, result, call.source));
  const { question } = result;
  const written = question.key;
  // A command may do anything: it is not run for a guess that may prove wrong.
  const premature = spec.runs === true && asking.guessing();
  const answer = premature ? undefined : answers.find(question);
  if (answer === undefined) {
    if (!premature) asking.unanswered(written, call.source);
    return deepCopy(spec.guess);
  }
  return 'problem' in answer ? fail(`${written}: ${answer.problem}`) : deepCopy(answer.value);
}

/** One call as a question to the host, or what is wrong with the call. */
export function questionOf(
  spec: HostFunctionSpec,
  args: readonly HostValue[],
  kwargs: ReadonlyMap<string, HostValue>,
): { readonly question: Question } | WrongCall {
  const result = bind(spec.parameters, args, kwargs);
  if ('wrong' in result) return result;
  const { bound } = result;
  const odd = [...bound.values()].some((value) => typeof value === 'string' && value.includes('\0'));
  if (odd) return { wrong: ': an argument holds NUL', named: spec.parameters };
  const words = [...bound].map(([name, value]) => `${name}=${pythonRepr(value)}`);
  return { question: { spec, args: readArguments(bound), key: `${spec.name}(${words.join(', ')})` } };
}

function readArguments(bound: Bound): Arguments {
  const textOf = (value: Value | undefined): string =>
    value === undefined || value === null ? '' : pythonStr(value);
  return {
    get: (parameter) => bound.get(parameter),
    text: (parameter) => textOf(bound.get(parameter)),
    texts(parameter) {
      const value = bound.get(parameter);
      return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
    },
    flag(parameter, otherwise) {
      const value = bound.get(parameter);
      return value === undefined ? otherwise : isTrue(value);
    },
  };
}
