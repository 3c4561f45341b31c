import type { TrialStep } from '../confirm/scripts.ts';
import type { Step } from '../model/step.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { sh } from '../shell/sh.ts';

/** What is run for a chunk, one after the other. */
export interface ChunkSteps {
  readonly own: readonly Step[];
  readonly refresh: readonly Step[];
}

/** The steps of a chunk, and those that a watched change triggers. */
export function stepsOf(each: PredictedChunk): ChunkSteps {
  const { kind, declared, observed } = each.examined;
  if (each.troubles.length > 0) return { own: [giveUp('compare', each.troubles)], refresh: [] };
  const decided = each.listener || each.examined.left?.takenForDone !== undefined;
  const own = decided ? [] : kind.steps(declared, each.planned.changes, observed);
  const { problems } = each.planned;
  return {
    own: own.length > 0 && problems.length > 0 ? [...own, leftUndone(own, problems)] : own,
    refresh: each.refresh?.steps ?? [],
  };
}

/** What stays undone is said also where one of several parts has failed. */
function leftUndone(own: readonly Step[], problems: readonly string[]): Step {
  const step = giveUp('do the rest', problems);
  return own.at(-1)?.part === undefined ? step : { ...step, part: step.title };
}

/** Ends a chunk that cannot, or did what it could: it has failed, and says what is left. */
function giveUp(title: string, problems: readonly string[]): Step {
  const script = sh`printf '%s\n' ${problems}
exit 1`;
  return { title, script, risk: 'read' };
}

/**
 * What the runner is to think of a chunk that has no section: `u` unchanged, `f` failed, `b` blocked, `n` not run,
 * `k` left out by onchanges or onfail. A `check_cmd` is asked each time.
 */
export function settledState(each: PredictedChunk, steps: number): string | undefined {
  const idle = steps === 0 && each.examined.check === undefined;
  const { verdict, problems } = each.planned;
  if (verdict === 'fail' || (verdict === 'maybe' && steps === 0 && problems.length > 0)) return 'f';
  if (verdict !== 'skip') return idle ? 'u' : undefined;
  if (each.broken) return 'b';
  if (each.sleeps && steps > 0) return undefined;
  if (each.leftOut) return 'k';
  return each.examined.check === undefined || each.examined.conditions === undefined ? 'n' : undefined;
}

/** Whether a step is only tried. */
export function isTrialStep(step: Step): step is TrialStep {
  return step.trial !== undefined;
}
