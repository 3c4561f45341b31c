import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raiseHosts } from '../support/many-hosts.ts';
import { FIRST_WORD, oneLineFleet, sayWord } from '../support/one-line-fleet.ts';
import { newProject, slabProgram } from '../support/slab.ts';
import { medianOf, takeIn, type Taken } from './taken.ts';

/**
 * Measures a roll-out of one changed line to many hosts beside the applies that do the same, A B A B … in one run.
 * `rollout.ts RUNS HOSTS`. The sum of its applies is what `slab apply -t` takes for each of the batches, one after the
 * other, and each is a run of its own with Node's start; so the same is compared in one batch, with one apply, too.
 */
const [runs = 3, count = 300] = process.argv.slice(2).map(Number);
const BATCHES = 4;
const folder = mkdtempSync(join(tmpdir(), 'slab-bench-'));
const rolloutOf = (batch: number | string): string => `stages: [{name: all, batch: ${batch}}]\n`;

const hosts = await raiseHosts(count);
try {
  const perBatch = Math.ceil(count / BATCHES);
  const project = newProject(folder, '', { files: oneLineFleet(hosts.inventory, '') });
  const slab = (command: string, ...words: readonly string[]): Taken =>
    takeIn(project.directory, [slabProgram, command, '-i', 'fleet', '--progress', 'none', ...words]);
  const batches = Array.from({ length: BATCHES }, (_, n) =>
    hosts.names.slice(n * perBatch, (n + 1) * perBatch).join(','),
  ).filter((names) => names !== '');
  let words = 0;
  /** The next word on every host, by deploy in batches of that size. */
  const deploy = (batch: number | string): Taken => {
    project.write({
      ...sayWord(`word${words++}`),
      'inventories/fleet/rollout.yaml': rolloutOf(batch),
    });
    return slab('deploy', '-y');
  };
  const apply = (targets: readonly string[]): Taken => {
    project.write(sayWord(`word${words++}`));
    return targets.map((names) => slab('apply', '-y', '-t', `L@${names}`)).reduce(sumOf);
  };
  slab('run', '--', FIRST_WORD);
  project.write(sayWord('planned'));
  const taken: Record<string, Taken[]> = {};
  const note = (what: string, one: Taken): void => void (taken[what] ??= []).push(one);
  for (let run = 0; run < runs; run++) {
    note('plan', slab('plan'));
    note(`deploy, ${BATCHES} batches`, deploy(perBatch));
    note(`${BATCHES} applies`, apply(batches));
    note('deploy, 1 batch', deploy('all'));
    note('1 apply', apply([hosts.names.join(',')]));
  }
  process.stdout.write(`${count} hosts, 40 states each, one changed line; ${runs} runs, medians\n`);
  for (const [what, all] of Object.entries(taken)) {
    const { wall, cpu, memory } = medianOf(all);
    const cells = [`${wall.toFixed(1)} s`, `${cpu.toFixed(2)} s CPU`, `${memory.toFixed(0)} MB`];
    process.stdout.write(`${what.padEnd(20)} ${cells.map((cell) => cell.padStart(12)).join(' ')}\n`);
  }
  for (const [ours, theirs] of [
    [`deploy, ${BATCHES} batches`, `${BATCHES} applies`],
    ['deploy, 1 batch', '1 apply'],
  ] as const) {
    const [a, b] = [medianOf(taken[ours] ?? []), medianOf(taken[theirs] ?? [])];
    process.stdout.write(
      `${ours} / ${theirs}: ${(a.wall / b.wall).toFixed(2)}x, CPU ${(a.cpu / b.cpu).toFixed(2)}x (aim <= 1.10x)\n`,
    );
  }
} finally {
  await hosts.down();
  rmSync(folder, { recursive: true, force: true });
}

/** One after the other: times add up, memory does not. */
function sumOf(a: Taken, b: Taken): Taken {
  return { wall: a.wall + b.wall, cpu: a.cpu + b.cpu, memory: Math.max(a.memory, b.memory) };
}
