import type { Expression } from './ast.ts';
import { atKeyword, compileArguments } from './compile-arguments.ts';
import { getAttribute } from './access-value.ts';
import type { Evaluate, Frame } from './frame.ts';
import type { Output } from './output.ts';
import { methodsOf } from './python/attributes.ts';
import type { Kwargs, Val } from './python/value.ts';
import { Writer } from './writer.ts';

/** A compiled call: for its value, or for the text it writes. */
export interface CompiledCall {
  readonly evaluate: Evaluate;
  /** Lets macros write straight to the output, so that their text keeps its places; other results come back. */
  readonly print: (frame: Frame) => Val | undefined;
}

/** Compiles a call. `more` yields further keyword arguments, such as the caller of a call block. */
export function compileCall(
  call: Extract<Expression, { type: 'call' }>,
  compile: (inner: Expression) => Evaluate,
  more?: (frame: Frame) => readonly [string, Val],
): CompiledCall {
  const { callee, site } = call;
  const args = compileArguments(call.args, compile);
  const finish = (
    frame: Frame,
    found: { callee: Val; positional: Val[]; kwargs: Kwargs; out: Output | null },
  ): Val | undefined => {
    const kwargs = more === undefined ? found.kwargs : new Map([...(found.kwargs ?? []), more(frame)]);
    frame.runtime.at = site;
    if (found.out === null || !(found.callee instanceof Writer))
      return frame.runtime.call(found.callee, found.positional, kwargs);
    found.callee.write(found.positional, kwargs, found.out);
    return undefined;
  };
  const { named } = call.args;
  const finishNamed: typeof finish = (frame, found) => {
    try {
      return finish(frame, found);
    } catch (error) {
      // Inside of what is called, other calls have been made since.
      throw frame.runtime.at === site ? atKeyword(error, named) : error;
    }
  };
  const finishCall = named.length === 0 ? finish : finishNamed;
  let run: (frame: Frame, out: Output | null) => Val | undefined;
  if (callee.type === 'attribute') {
    const of = compile(callee.of);
    const { name } = callee;
    run = (frame, out) => {
      const self = of(frame);
      const method = methodsOf(self).get(name);
      if (method !== undefined) {
        const { positional, kwargs } = args(frame, self);
        frame.runtime.at = site;
        return method.invoke(positional, kwargs, frame.runtime);
      }
      const found = getAttribute(frame, self, name, callee.site);
      return finishCall(frame, { callee: found, ...args(frame), out });
    };
  } else {
    const of = compile(callee);
    run = (frame, out) => {
      const found = of(frame);
      return finishCall(frame, { callee: found, ...args(frame), out });
    };
  }
  return {
    evaluate: (frame) => {
      const value = run(frame, null);
      return value === undefined ? '' : value;
    },
    print: (frame) => run(frame, frame.out),
  };
}
