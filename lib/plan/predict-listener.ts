import type { Prospect } from '../model/resource.ts';
import { judgeConditions } from './judge-conditions.ts';
import { owedReason } from './left-behind.ts';
import { conclude, type ExaminedChunk, type PredictedChunk } from './predicted.ts';
import { label, targetsOf, type Targets } from './requisites.ts';

/** What is known once all states have been walked through. */
interface Settled {
  readonly prospect: Prospect;
  readonly targets: Targets;
}

/** The refresh that a `listen` brings at the end of the run: once, whatever became of the listening state itself. */
export function predictListener(
  examined: ExaminedChunk,
  { prospect, targets }: Settled,
): readonly PredictedChunk[] {
  const { chunk, kind, declared, observed } = examined;
  const heard = targetsOf(chunk, ['listen']);
  if (heard.length === 0) return [];
  const refresh = kind.refresh(declared, observed);
  if (refresh === undefined) return [];
  const changes = heard.find((key) => targets.end(key) === 'changes');
  const may = heard.find((key) => targets.end(key) === 'may change');
  const first = changes ?? may;
  const sleeps = heard.some(targets.sleeps);
  const owed = examined.left?.heard;
  if (first === undefined && owed === undefined && !sleeps) return [];
  const condition = judgeConditions(examined, prospect);
  const doubt =
    (changes === undefined && owed === undefined && may !== undefined
      ? `only if ${label(may)} changes`
      : undefined) ?? (condition.run === 'maybe' ? condition.because : undefined);
  const listener = { listener: true, sleeps, refresh, access: refresh.access };
  if (condition.run === 'no')
    return [conclude(examined, { ...listener, sleeps: false, verdict: 'skip', because: condition.because })];
  const why =
    owed !== undefined
      ? `at the end of the run, ${owedReason(owed)}`
      : first === undefined
        ? undefined
        : `at the end of the run, because ${label(first)} changes`;
  if (why === undefined)
    return [conclude(examined, { ...listener, verdict: 'skip', because: 'nothing it listens to changes' })];
  const verdict = doubt === undefined ? 'act' : 'maybe';
  const because = doubt ?? why;
  return [conclude(examined, { ...listener, shown: refresh, verdict, because })];
}
