import { analyzeNames } from './analyze-names.ts';
import type { Statement } from './ast.ts';
import { readPlace } from './compile-name.ts';
import type { Execute, Frame } from './frame.ts';
import type { Val } from './python/value.ts';
import type { Place, Scope } from './scope.ts';

/** Compiles the statements of a scope whose names were declared. */
export type CompileBody = (statements: readonly Statement[], scope: Scope) => Execute;

/**
 * Declares the names that the statements of a scope set and compiles its beginning: each takes the value it has
 * outside, or none, so that nothing stays from the last time round. Null when the scope sets nothing.
 */
export function compileReset(
  statements: readonly Statement[],
  scope: Scope,
): ((frame: Frame) => void) | null {
  const outer = scope.parent;
  const { stored } = analyzeNames(
    statements,
    scope.use,
    (name) => scope.own(name) !== undefined || outer?.knows(name) === true,
  );
  const steps = [...stored]
    .filter((name) => scope.own(name) === undefined)
    .map((name) => {
      const place = outer?.find(name);
      const shift = outer !== null && outer.fn !== scope.fn ? 1 : 0;
      const from = place === undefined ? undefined : { ...place, depth: place.depth + shift };
      return { slot: scope.declare(name), from };
    });
  if (steps.length === 0) return null;
  return (frame) => {
    for (const { slot, from } of steps)
      frame.slots[slot] = from === undefined ? undefined : readPlace(frame, from);
  };
}

/** Compiles the collection of everything that is visible where another template is named. */
export function compileLocals(scope: Scope): (frame: Frame) => Map<string, Val> {
  // Asked when it runs: names that are set further down count too once they have a value.
  let places: readonly (readonly [string, Place])[] | undefined;
  scope.visible();
  return (frame) => {
    places ??= [...scope.visible()];
    const locals = new Map(frame.context.vars);
    for (const [name, place] of places) {
      const value = readPlace(frame, place);
      if (value !== undefined) locals.set(name, value);
    }
    return locals;
  };
}
