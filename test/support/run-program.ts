import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChunkConditions } from '../../lib/engine/conditions.ts';
import { readOutcome, type Attempt } from '../../lib/engine/outcome.ts';
import { buildProgram } from '../../lib/engine/program.ts';
import type { Outcome } from '../../lib/model/event.ts';
import type { ChunkKey } from '../../lib/model/state.ts';
import { predictHost } from '../../lib/plan/predict.ts';
import type { ExaminedChunk, PredictedChunk } from '../../lib/plan/predicted.ts';

/** What hosts have as `sh`. */
export const SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh'], ['bash']];

const MARK = '@@@';

/** What became of a program. */
export interface Run {
  /** By the states' names; a refresh that listens is called `listener NAME`. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly attempts: readonly Attempt[];
  readonly opening: string;
  readonly output: string;
  readonly predicted: readonly PredictedChunk[];
}

/** Runs a host's program for real, in a mount namespace with a /run of its own. Needs root. */
export function runProgram(
  shell: readonly string[],
  examined: readonly ExaminedChunk[],
  before = '',
  conditions: ReadonlyMap<ChunkKey, ChunkConditions> = new Map(),
): Run {
  const predicted = predictHost(examined);
  const program = buildProgram(predicted, { run: 'r1', who: 'anna since noon', conditions });
  const sections = [program.open, ...program.sections, program.close];
  const text = sections
    .map((section) => `{ echo '${MARK}${section.name}'\n${section.script.text}\n}\n`)
    .join('');
  const setUp = `mount -t tmpfs run /run && mount -t tmpfs lib /var/lib && exec ${shell.join(' ')} -s`;
  const ran = spawnSync('unshare', ['--mount', 'sh', '-c', setUp], {
    input: `${before}\n${text}`,
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, `needs root and unshare(1): ${ran.stderr}`);
  const parts = new Map(
    ran.stdout
      .split(MARK)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
  const outcomes: Record<string, Outcome> = {};
  const attempts: Attempt[] = [];
  for (const chunk of program.chunks) {
    for (const section of [chunk.section, ...chunk.attempts]) {
      const stdout = Buffer.from(parts.get(section) ?? '');
      const outcome = readOutcome(
        chunk,
        { name: section, code: 0, stdout, stderr: '', durationMs: 0 },
        program.chunks,
      );
      if (outcome.status === 'held') assert.fail('nothing is on trial here');
      if (outcome.status !== 'again')
        outcomes[`${chunk.predicted.listener ? 'listener ' : ''}${chunk.predicted.planned.name}`] = outcome;
      else if (outcome.ended !== '') attempts.push(outcome);
    }
  }
  return { outcomes, attempts, predicted, opening: (parts.get('open') ?? '').trim(), output: ran.stdout };
}
