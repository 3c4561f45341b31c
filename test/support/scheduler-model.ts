import type { RequisiteType } from '../../lib/model/state.ts';

/** A state as the model sees it. */
export interface ModelState {
  readonly name: string;
  /** What it would do when tried, and what it does. */
  readonly would: 'same' | 'change' | 'fail';
  readonly does: 'same' | 'change' | 'fail';
  readonly failhard?: boolean;
  readonly requisites: readonly (readonly [RequisiteType, ...string[]])[];
}

/** How a state ends: `blocked` by a failure, `left out` by onchanges or onfail, `idle` by prereq, `halted` by failhard. */
export type Ending = 'same' | 'changed' | 'failed' | 'blocked' | 'left out' | 'idle' | 'halted';

/** A whole run: endings in the order in which states ended, and the listeners that fired after them. */
export interface ModelRun {
  readonly order: readonly string[];
  readonly ends: ReadonlyMap<string, Ending>;
  readonly listeners: readonly string[];
}

const PULLS: readonly RequisiteType[] = [
  ...(['require', 'require_any', 'watch', 'watch_any', 'prereq', 'onfail', 'onfail_any'] as const),
  ...(['onfail_all', 'onchanges', 'onchanges_any'] as const),
];

/**
 * Salt's scheduler, said again in the shortest way: a state first runs what its requisites name, then looks at how that
 * ended. Where slab means to differ it differs here too: a target whose prereq failed is blocked, and an onfail holds
 * a state back whatever else would let it run.
 */
export function runModel(states: readonly ModelState[]): ModelRun {
  const byName = new Map(states.map((state) => [state.name, state]));
  const ends = new Map<string, Ending>();
  const trying = new Set<string>();
  let halted = false;
  const named = (state: ModelState, ...types: RequisiteType[]) =>
    state.requisites.filter(([type]) => types.includes(type)).flatMap(([, ...names]) => names);
  const beforeIt = (name: string) =>
    states.filter((each) => named(each, 'prereq').includes(name)).map((each) => each.name);
  const of = (name: string) => {
    const state = byName.get(name);
    if (state === undefined) throw new Error(`no state ${name}`);
    return state;
  };

  /** Whether a state comes after another one, for whatever reason. */
  const waits = (from: string, wanted: string, seen = new Set<string>()): boolean => {
    if (from === wanted) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    const reasons = PULLS.filter((type) => type !== 'prereq');
    return [...named(of(from), ...reasons), ...beforeIt(from)].some((next) => waits(next, wanted, seen));
  };

  const pull = (name: string): void => {
    if (ends.has(name) || trying.has(name)) return;
    trying.add(name);
    const state = of(name);
    for (const type of PULLS)
      for (const target of named(state, type)) {
        if (type !== 'prereq') pull(target);
        else
          for (const other of PULLS)
            if (other !== 'prereq')
              named(of(target), other)
                .filter((each) => !waits(each, name))
                .forEach(pull);
      }
    beforeIt(name).forEach(pull);
    trying.delete(name);
    if (ends.has(name)) return;
    ends.set(name, halted ? 'halted' : judge(state, 'for real'));
    const bad = ['failed', 'blocked'].includes(ends.get(name) ?? '');
    if (bad && state.failhard === true) halted = true;
  };

  const judge = (state: ModelState, how: 'for real' | 'as a trial'): Ending => {
    const end = (name: string) => ends.get(name);
    const bad = (name: string) => end(name) === 'failed' || end(name) === 'blocked';
    // Of what has not ended yet, because it waits for the prereq that asks, nothing bad is known.
    const well = (name: string) => ['same', 'changed', 'idle'].includes(end(name) ?? 'same');
    const changed = (name: string) => end(name) === 'changed';
    const anyFails = (type: RequisiteType, saved: (name: string) => boolean) =>
      named(state, type).some(bad) && !named(state, type).some(saved);
    const ahead = named(state, 'prereq').map((target) => judge(of(target), 'as a trial'));
    if (
      named(state, 'require', 'watch', 'onchanges').some(bad) ||
      (how === 'for real' && beforeIt(state.name).some(bad)) ||
      anyFails('require_any', well) ||
      anyFails('watch_any', well) ||
      anyFails('onchanges_any', changed) ||
      ahead.some((each) => each === 'failed' || each === 'blocked')
    )
      return 'blocked';
    if (ahead.length > 0 && !ahead.includes('changed')) return 'idle';
    const rescue = (['onfail', 'onfail_any'] as const).map((type) => named(state, type));
    if (rescue.some((names) => names.length > 0 && !names.some(bad))) return 'left out';
    if (!named(state, 'onfail_all').every(bad)) return 'left out';
    const triggers = named(state, 'onchanges', 'onchanges_any');
    if (triggers.length > 0 && !triggers.some(changed)) return 'left out';
    const act = how === 'for real' ? state.does : state.would;
    if (act === 'fail') return 'failed';
    // A refresh is a change.
    const watched = named(state, 'watch', 'watch_any').some(changed);
    return act === 'change' || watched ? 'changed' : 'same';
  };

  states.forEach(({ name }) => pull(name));
  const listeners = states.filter((state) =>
    named(state, 'listen').some((name) => ends.get(name) === 'changed'),
  );
  return { order: [...ends.keys()], ends, listeners: listeners.map(({ name }) => name) };
}
