import type { RolloutProgress, StageProgress } from './rollout-progress.ts';
import { duration, plural, type Style } from './style.ts';

/** Rows below the stages: the bar, an empty line, hosts that failed, and the three slowest. */
const OTHER_ROWS = 6;
/** Fewer rows than this cannot show what was before and what comes after: only the stage at work is shown. */
const LEAST_FOLDED = 3;

/** A row of the display, and whether nothing more comes of it. */
export interface RolloutRow {
  readonly text: string;
  readonly state: 'waiting' | 'running' | 'done';
}

/** What the rows need to know of the moment. */
export interface Moment {
  readonly now: number;
  /** Rows of the whole display. */
  readonly height: number;
  readonly running: number;
  readonly style: Style;
}

/**
 * The stages of a roll-out: done, at work, to come. Where there are more than rows, those before and after are counted in one
 * row each; the number of rows stays the same over the whole run.
 */
export function rolloutRows(progress: RolloutProgress, moment: Moment): readonly RolloutRow[] {
  const { stages, current } = progress;
  const most = Math.max(1, moment.height - OTHER_ROWS);
  const width = Math.max(0, ...stages.map(({ name }) => Math.min(24, name.length)));
  const row = (stage: StageProgress): RolloutRow => ({
    text: stageWords(stage, width, moment),
    state: stage.state === 'done' ? 'done' : stage.state === 'wait' ? 'waiting' : 'running',
  });
  if (stages.length <= most) return stages.map(row);
  const at = stages[current];
  if (most < LEAST_FOLDED) return at === undefined ? [] : [{ ...row(at), state: 'running' }];
  const first = Math.max(0, Math.min(current - 1, stages.length - most));
  const after = stages.length - first - most;
  return stages.slice(first, first + most).map((stage, index): RolloutRow => {
    // What a row shows changes as the run goes on: none of them is ever done.
    const state = 'running';
    if (index === 0 && first > 0) return { text: `done   ${plural(first + 1, 'stage')}`, state };
    if (index === most - 1 && after > 0) return { text: `wait   ${plural(after + 1, 'stage')}`, state };
    return { ...row(stage), state };
  });
}

/** `━━━━━━━━━━──────  118/138`: hosts of all stages. */
export function rolloutBar({ stages }: RolloutProgress, cells: number, { glyph }: Style): string {
  const total = stages.reduce((sum, { hosts }) => sum + hosts, 0);
  const ended = stages.reduce((sum, { done, failed }) => sum + done + failed.length, 0);
  const filled = total === 0 ? 0 : Math.floor((cells * Math.min(ended, total)) / total);
  return `${glyph.full.repeat(filled)}${glyph.empty.repeat(cells - filled)}  ${ended}/${total}`;
}

/** The hosts that are not done, the last first: those that were named long ago stand above. */
export function failedWords({ stages }: RolloutProgress, { show }: Style): string | undefined {
  const failed = stages.flatMap((stage) => stage.failed).reverse();
  return failed.length === 0 ? undefined : `not done: ${show(failed.join(' '))}`;
}

/** `vm-rest, batch 2 of 6`: where a roll-out is, in a log. */
export function whereWords({ stages, current }: RolloutProgress, { show }: Style): string | undefined {
  const stage = stages[current];
  if (stage?.state !== 'now') return undefined;
  return `stage ${show(stage.name)}, ${stage.at === '' ? `batch ${stage.batch} of ${stage.batches}` : show(stage.at)}`;
}

/** `now    vm-rest  118/138  3 m 12 s · failed 1 of 3 allowed · batch 5 of 6 · 20 at work`. */
function stageWords(stage: StageProgress, width: number, { now, running, style }: Moment): string {
  const { name, state, hosts, done, failed, allowed, batch, batches, at } = stage;
  const word = state === 'halted' ? 'HALT' : state;
  const dot = ` ${style.glyph.dot} `;
  const busy =
    state !== 'now'
      ? []
      : at !== ''
        ? [style.show(at)]
        : [
            ...(batches > 1 && batch > 0 ? [`batch ${batch} of ${batches}`] : []),
            ...(running > 0 ? [`${running} at work`] : []),
          ];
  const lost = failed.length === 0 ? [] : [`failed ${failed.length} of ${allowed} allowed`];
  const time = state === 'now' ? [duration(now - stage.since)] : [];
  const more = [...time, ...lost, ...busy].join(dot);
  return `${word.padEnd(6)} ${style.show(name).padEnd(width)}  ${done + failed.length}/${hosts}${more === '' ? '' : `  ${more}`}`;
}
