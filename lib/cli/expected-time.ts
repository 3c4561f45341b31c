import { listRuns, readRun, type RecordedEvent } from '../project/runs.ts';
import type { ArrangedStage } from '../rollout/arrange.ts';
import { duration, plural } from '../reporters/style.ts';

/** How long a batch of a stage took in a run on record, its gates included. */
interface BatchTime {
  readonly run: string;
  /** Of all its batches that came to their end. */
  readonly medianMs: number;
}

/** Where the roll-outs are on record. */
interface RolloutPlace {
  readonly directory: string;
  readonly environment: string;
}

/**
 * How long a roll-out will take, in words: for each stage the batches it has, each as long as the median of its batches in the
 * last run that has such, with pauses between them and the soak. Of a stage that no run has, nothing is known, and that is said.
 */
export function expectedTime(stages: readonly ArrangedStage[], place: RolloutPlace): string {
  const last = lastTimes(
    stages.map(({ stage }) => stage.name),
    place,
  );
  const all = stages.map((arranged) => ({ arranged, time: last.get(arranged.stage.name) }));
  const known = all.flatMap(({ arranged, time }) =>
    time === undefined ? [] : [{ arranged, time, ms: stageMs(arranged, time) }],
  );
  const unknown = all.filter(({ time }) => time === undefined).map(({ arranged }) => arranged.stage.name);
  if (known.length === 0)
    return `Expected time: not known; no earlier roll-out of ${place.environment} is on record here`;
  const total = known.reduce((sum, { ms }) => sum + ms, 0);
  const open = unknown.length === 0 ? '' : `, and ${unknown.join(', ')}, of which nothing is on record`;
  const words = known.map(({ arranged: { stage, batches }, time, ms }) => {
    const parts = [
      `${batches.length} x ${duration(time.medianMs)}`,
      ...(stage.batch.pauseMs > 0 && batches.length > 1
        ? [`${plural(batches.length - 1, 'pause')} of ${duration(stage.batch.pauseMs)}`]
        : []),
      ...(stage.soakMs > 0 ? [`soak ${duration(stage.soakMs)}`] : []),
    ];
    return `${stage.name} ${duration(ms)} (${parts.join(', ')}, as in run ${time.run})`;
  });
  return `Expected time: about ${duration(total)}${open}: ${words.join('; ')}`;
}

function stageMs({ stage, batches }: ArrangedStage, { medianMs }: BatchTime): number {
  return batches.length * medianMs + Math.max(0, batches.length - 1) * stage.batch.pauseMs + stage.soakMs;
}

/** The last run on record that has ended batches of each stage. What cannot be read of a record is passed over: it is an estimate. */
function lastTimes(
  names: readonly string[],
  { directory, environment }: RolloutPlace,
): ReadonlyMap<string, BatchTime> {
  const found = new Map<string, BatchTime>();
  for (const run of listRuns(directory)) {
    if (names.every((name) => found.has(name))) break;
    const { events } = readRun(directory, run);
    const start = events.find((event) => event.type === 'run.started');
    if (start?.command !== 'deploy' || start.environment !== environment) continue;
    for (const [stage, times] of batchTimes(events)) {
      const medianMs = median(times);
      if (!found.has(stage) && medianMs !== undefined) found.set(stage, { run, medianMs });
    }
  }
  return found;
}

/** For each stage how long its batches took, from the beginning of one to what came after it. A halted one has no end. */
function batchTimes(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  let begun: { readonly stage: string; readonly at: number } | undefined;
  for (const event of events) {
    if (event.type !== 'rollout') continue;
    const at = Date.parse(event.at);
    if (event.step === 'gate' || Number.isNaN(at)) continue;
    if (begun !== undefined && event.step !== 'halt')
      times.set(begun.stage, [...(times.get(begun.stage) ?? []), at - begun.at]);
    begun = event.step === 'batch' ? { stage: event.stage, at } : undefined;
  }
  return times;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
