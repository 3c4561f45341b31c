import { nameHosts } from '../diagnostics/fold.ts';
import type { GateMoment } from '../model/rollout.ts';
import type { ArrangedStage } from './arrange.ts';

/** Where a roll-out is. Plain data; `next` says what to do, `happened` what comes of it. */
export interface RolloutState {
  readonly stages: readonly ArrangedStage[];
  /** Failures allowed in all stages together. */
  readonly allowed: number;
  readonly stage: number;
  readonly batch: number;
  readonly phase: 'before' | 'apply' | 'after' | 'pause' | 'soak' | 'done' | 'halted';
  /** Hosts that failed or were not reached, of this stage and of the whole run. */
  readonly failedHere: readonly string[];
  readonly failed: readonly string[];
  readonly done: readonly string[];
  /** Why it halted. */
  readonly reason?: string;
}

/** The next thing to do. */
export type RolloutAction =
  | {
      readonly do: 'gates';
      readonly when: GateMoment;
      readonly stage: ArrangedStage;
      readonly hosts: readonly string[];
    }
  | {
      readonly do: 'apply';
      readonly stage: ArrangedStage;
      readonly batch: number;
      readonly hosts: readonly string[];
    }
  | { readonly do: 'pause'; readonly ms: number }
  /** Wait for so long, asking the gates of the moment `soak` meanwhile. */
  | {
      readonly do: 'soak';
      readonly ms: number;
      readonly stage: ArrangedStage;
      readonly hosts: readonly string[];
    }
  /** The stage has no hosts, and may have none. */
  | { readonly do: 'pass'; readonly stage: ArrangedStage }
  | { readonly do: 'end' };

/** What became of it. */
export type RolloutEvent =
  /** `stop` is why nothing more may be begun, whatever the budgets say. */
  | {
      readonly is: 'applied';
      readonly done: readonly string[];
      readonly failed: readonly string[];
      readonly stop?: string;
    }
  /** The gates' answer: what is red, in words; nothing when all are green. */
  | { readonly is: 'gates'; readonly red: readonly string[] }
  | { readonly is: 'waited' }
  | { readonly is: 'stopped'; readonly reason: string };

/** A roll-out that has not begun. */
export function beginRollout(stages: readonly ArrangedStage[], allowed: number): RolloutState {
  const state: RolloutState = {
    ...{ stages, allowed, stage: 0, batch: 0, phase: 'before' },
    ...{ failedHere: [], failed: [], done: [] },
  };
  return stages.length === 0 ? { ...state, phase: 'done' } : state;
}

/** What to do in a state. */
export function next(state: RolloutState): RolloutAction {
  const stage = state.stages[state.stage];
  if (stage === undefined || state.phase === 'done' || state.phase === 'halted') return { do: 'end' };
  const hosts = stage.batches[state.batch] ?? [];
  const all = stage.batches.flat();
  if (all.length === 0) return { do: 'pass', stage };
  switch (state.phase) {
    case 'before':
      return { do: 'gates', when: 'before', stage, hosts: all };
    case 'apply':
      return { do: 'apply', stage, batch: state.batch, hosts };
    case 'after':
      // What failed is counted already, and has to answer no gate.
      return {
        do: 'gates',
        when: 'after',
        stage,
        hosts: hosts.filter((host) => !state.failed.includes(host)),
      };
    case 'pause':
      return { do: 'pause', ms: stage.stage.batch.pauseMs };
    case 'soak':
      return {
        do: 'soak',
        ms: stage.stage.soakMs,
        stage,
        hosts: all.filter((host) => !state.failed.includes(host)),
      };
  }
}

/** The state after what was to be done has happened. */
export function happened(state: RolloutState, event: RolloutEvent): RolloutState {
  const stage = state.stages[state.stage];
  if (stage === undefined || state.phase === 'done' || state.phase === 'halted') return state;
  const { name } = stage.stage;
  switch (event.is) {
    case 'stopped':
      return halt(state, event.reason);
    case 'gates':
      if (event.red.length === 0)
        return state.phase === 'before' ? { ...state, phase: 'apply' } : afterBatch(state, stage);
      return halt(
        state,
        state.phase === 'before' ? `red before ${name} began: ${event.red.join('; ')}` : event.red.join('; '),
      );
    case 'applied': {
      const failedHere = [...state.failedHere, ...event.failed];
      const after: RolloutState = {
        ...state,
        failedHere,
        failed: [...state.failed, ...event.failed],
        done: [...state.done, ...event.done],
        phase: 'after',
      };
      if (event.stop !== undefined) return halt(after, event.stop);
      if (failedHere.length > stage.allowed) return halt(after, budgetWords(name, failedHere, stage.allowed));
      if (after.failed.length > state.allowed)
        return halt(after, budgetWords('the run', after.failed, state.allowed));
      return after;
    }
    case 'waited':
      return state.phase === 'pause' ? { ...state, phase: 'apply' } : nextStage(state);
  }
}

function afterBatch(state: RolloutState, stage: ArrangedStage): RolloutState {
  if (state.phase === 'soak') return nextStage(state);
  const batch = state.batch + 1;
  if (batch < stage.batches.length)
    return { ...state, batch, phase: stage.stage.batch.pauseMs > 0 ? 'pause' : 'apply' };
  return stage.stage.soakMs > 0 ? { ...state, phase: 'soak' } : nextStage(state);
}

function nextStage(state: RolloutState): RolloutState {
  const stage = state.stage + 1;
  if (stage >= state.stages.length) return { ...state, phase: 'done' };
  return { ...state, stage, batch: 0, failedHere: [], phase: 'before' };
}

function halt(state: RolloutState, reason: string): RolloutState {
  return { ...state, phase: 'halted', reason };
}

function budgetWords(where: string, failed: readonly string[], allowed: number): string {
  return `${failed.length} failed in ${where}, ${allowed} ${allowed === 1 ? 'is' : 'are'} allowed: ${nameHosts(failed)}`;
}

/** Hosts that the roll-out has not begun. */
export function untouched({ stages, done, failed }: RolloutState): readonly string[] {
  const touched = new Set([...done, ...failed]);
  return stages.flatMap(({ batches }) => batches.flat()).filter((host) => !touched.has(host));
}
