/*
 * Random cases on real block devices: what is on a disk and what goes wrong (layer B), where the power is cut or a write
 * fails (layer C), two controllers at once and the death of one (layer E).
 *
 *   npm run test:disks                             500 cases of B, 500 of C, 50 of E
 *   SLAB_DISKS=10000 npm run test:disks            the long run
 *   SLAB_DISKS_LAYERS=C SLAB_DISKS_SEED=42 SLAB_DISKS=1 npm run test:disks    one case again
 *
 * Case n of a layer has the seed of the run plus n. A run of slab handles several disks, and each is a case of its own; a
 * violation prints the seed of its case and that of the first case of its run. Ends with 1 when there was one.
 */
import { fork } from 'node:child_process';
import { availableParallelism, freemem } from 'node:os';
import { layers, type Layer } from './layers.ts';
import type { CaseEnd } from './slot.ts';

const count = Number(process.env['SLAB_DISKS'] ?? 500);
const seed = Number(process.env['SLAB_DISKS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const wanted = process.env['SLAB_DISKS_LAYERS'] ?? 'BCE';
// More than there are processors: half of its time a case waits for the kernel to mount, unmount and detach. The images and
// logs of a worker take up to 1.6 GB of memory.
const room = Math.max(1, Math.floor(freemem() / 2 ** 31));
const workers = Number(process.env['SLAB_DISKS_WORKERS'] ?? Math.min(2 * availableParallelism(), room));

let violations = 0;

/** Plays all cases of a layer, run by run, each worker taking the next. */
async function campaign(layer: Layer): Promise<void> {
  const cases = layer.name === 'E' ? Math.ceil(count / 10) : count;
  const began = Date.now();
  const ends = new Map<string, number>();
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const worker = fork(new URL('./worker.ts', import.meta.url), { execArgv: ['--import=tsx'] });
    while (next < cases) {
      const first = seed + next;
      const size = Math.min(layer.batch, cases - next);
      next += size;
      const seeds = Array.from({ length: size }, (_, n) => first + n);
      const answer = new Promise<readonly CaseEnd[]>((resolve, reject) => {
        worker.once('message', (message) => resolve((message as { ends: readonly CaseEnd[] }).ends));
        worker.once('exit', (code) =>
          reject(new Error(`a worker ended with ${code}, in the run of seed ${first}`)),
        );
      });
      worker.send({ layer: layer.name, seeds });
      for (const end of await answer) {
        ends.set(end.end, (ends.get(end.end) ?? 0) + 1);
        if (end.violation !== undefined) report(layer, end, first);
      }
      worker.removeAllListeners('exit');
      const before = done;
      done += size;
      if (Math.floor(before / 100) !== Math.floor(done / 100))
        console.log(
          `layer ${layer.name}: ${done} of ${cases}, ${violations} violations, ${secondsSince(began)} s`,
        );
    }
    worker.disconnect();
    await new Promise((resolve) => worker.once('exit', resolve));
  };
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(cases / layer.batch)) }, work));
  const table = [...ends].sort((a, b) => b[1] - a[1]).map(([end, times]) => `${end} ${times}`);
  console.log(
    `layer ${layer.name}: ${cases} cases from seed ${seed} in ${secondsSince(began)} s: ${table.join(', ')}`,
  );
}

function report(layer: Layer, { seed: own, title, violation = '' }: CaseEnd, first: number): void {
  violations += 1;
  console.log(`VIOLATION layer ${layer.name}, seed ${own} (run from ${first}): ${title}\n${violation}`);
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}

console.log(`seed ${seed}, ${workers} workers`);
for (const layer of layers) if (wanted.includes(layer.name)) await campaign(layer);
console.log(`${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;
