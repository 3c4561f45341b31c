import type { HostCall, HostFunction, HostValue } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import type { Value } from '../../model/value.ts';
import { deepCopy } from '../merge.ts';
import { mistake } from '../mistake.ts';
import { isDict } from '../traverse.ts';
import { isData } from './data.ts';
import type { Functions } from './salt-object.ts';

/** One call of an execution function, and what a host answered. */
export interface RecordedCall {
  readonly fun: string;
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  readonly answer: Value;
}

/**
 * Execution functions that replay recorded answers. A call that is not recorded goes to slab's own function of that
 * name; without one it is SLAB2007.
 */
export function recordedFunctions(calls: readonly RecordedCall[], own: Functions): Functions {
  const answers = new Map(calls.map((call) => [callKey(call), call.answer]));
  const names = new Set(calls.map(({ fun }) => fun));
  return new Map([...names].map((fun) => [fun, replay(fun, answers, own.get(fun))]));
}

function replay(
  fun: string,
  answers: ReadonlyMap<string, Value>,
  own: HostFunction | undefined,
): HostFunction {
  const call = (asked: HostCall): HostValue => {
    const args = asked.args.filter(isData);
    const kwargs = new Map(
      [...asked.kwargs].flatMap(([name, value]) => (isData(value) ? [[name, value]] : [])),
    );
    const answer = answers.get(callKey({ fun, args, kwargs }));
    if (answer !== undefined) return deepCopy(answer);
    if (own !== undefined) return own.call(asked);
    throw new TemplateFailure(
      mistake('SLAB2007', `no answer of ${fun} is recorded for these arguments`, asked.source, {
        why: `it is called with ${callKey({ fun, args, kwargs })}`,
        fix: 'add the call to the answers, or give the very arguments that are recorded',
      }),
    );
  };
  return { name: fun, call };
}

/** Equal for calls of equal arguments, in whatever order keyword arguments stand. */
function callKey({ fun, args, kwargs }: Omit<RecordedCall, 'answer'>): string {
  const named = [...kwargs].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([fun, args, named], (_key, value: unknown) => plain(value));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return isDict(value as Value) ? [...(value as Map<Value, Value>)] : value;
}
