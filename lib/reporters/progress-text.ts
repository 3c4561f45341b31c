import { clipDisplay } from '../diagnostics/width.ts';
import type { Progress, Stage } from './progress.ts';
import { failedWords, rolloutBar, rolloutRows } from './rollout-rows.ts';
import { duration } from './style.ts';
import type { Style } from './style.ts';

/** What the live display shows: a row for each stage, and below them the slowest hosts. */
export interface LiveRows {
  readonly stages: readonly { readonly text: string; readonly state: 'waiting' | 'running' | 'done' }[];
  readonly below: readonly string[];
}

/** The most rows the display ever takes, however many hosts there are. */
const MOST_ROWS = 12;
/** Rows of the terminal left to what stands above. */
const ROWS_LEFT = 4;
const SLOWEST = 3;
/** A host is called slow from here on. */
const SLOW_MS = 1500;
const BAR = 30;
/** A display of fewer rows has no row for what can be typed. */
const LEAST_HINTED = 6;

/** Room for the display in a terminal of so many rows, at least one. */
export function liveHeight(rows: number): number {
  return Math.max(1, Math.min(MOST_ROWS, rows - ROWS_LEFT));
}

/** The rows of the live display; in a low terminal only the stage that is at work. A roll-out shows its own stages, and what can be typed last. */
export function liveRows(
  progress: Progress,
  now: number,
  screen: { rows: number; columns: number; hint?: string | undefined },
  style: Style,
): LiveRows {
  const { hint } = screen;
  const isHinted = hint !== undefined && liveHeight(screen.rows) >= LEAST_HINTED;
  const height = liveHeight(screen.rows) - (isHinted ? 1 : 0);
  const clip = (text: string) => clipDisplay(text, Math.max(20, screen.columns - 4));
  const { rollout } = progress;
  if (rollout !== undefined) {
    const { running } = progress.counts();
    const above = rolloutRows(rollout, { now, height, running, style });
    const bar = { text: rolloutBar(rollout, BAR, style), state: 'running' } as const;
    const all = (height > 1 ? [...above, bar] : above).map(({ text, state }) => ({
      text: clip(text),
      state,
    }));
    const failed = failedWords(rollout, style);
    const below = [
      ...(failed === undefined ? [] : [clip(failed)]),
      ...belowRows(progress, now, { clip, style }),
    ];
    const shown = below.slice(0, Math.max(0, height - all.length - 1));
    return { stages: all, below: [...shown, ...(isHinted ? [clip(hint)] : [])] };
  }
  const stages = progress.stages();
  const rows = stages.map((stage, index) => {
    const earlierDone = stages.slice(0, index).every(isDone);
    const state =
      isDone(stage) && earlierDone ? 'done' : stage.running > 0 || stage.done > 0 ? 'running' : 'waiting';
    return { text: clip(stageWords(stage, style)), state } as const;
  });
  const atWork = rows.findLast((row) => row.state === 'running') ?? rows.at(-1);
  const shown = height >= rows.length ? rows : atWork ? [atWork] : [];
  // One empty line stands between the stages and what is below.
  const room = height - shown.length - 1;
  const below = belowRows(progress, now, { clip, style });
  return { stages: shown, below: below.slice(0, Math.max(0, room)) };
}

/** Why it stops, and the hosts that have been at one thing for long. */
function belowRows(
  progress: Progress,
  now: number,
  { clip, style }: { readonly clip: (text: string) => string; readonly style: Style },
): readonly string[] {
  const { stopping } = progress;
  const slow = progress.slowest(now, SLOWEST).filter(({ ms }) => ms >= SLOW_MS);
  return [
    ...(stopping === undefined ? [] : [clip(`stopping: ${style.show(stopping)}`)]),
    ...slow.map(({ host, step, ms }) => clip(`${style.show(host)}  ${style.show(step)}  ${duration(ms)}`)),
  ];
}

function isDone(stage: Stage): boolean {
  return stage.total > 0 && stage.running === 0 && stage.done + stage.failed >= stage.total;
}

/** `apply    ━━━━━━━━━━──────  118/138  20 at work  1 failed`. */
function stageWords(stage: Stage, style: Style): string {
  const { done, total, running, failed } = stage;
  const filled = total === 0 ? 0 : Math.floor((BAR * Math.min(done + failed, total)) / total);
  const bar = style.glyph.full.repeat(filled) + style.glyph.empty.repeat(BAR - filled);
  const words = [`${stage.name.padEnd(7)} ${bar}  ${done}/${total}`];
  if (running > 0) words.push(`${running} at work`);
  if (failed > 0) words.push(stage.name === 'connect' ? `${failed} not reached` : `${failed} failed`);
  return words.join('  ');
}
