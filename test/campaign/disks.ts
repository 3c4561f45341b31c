/*
 * Random cases on real block devices: what is on a disk and what goes wrong (layer B), and where the power is cut (layer C).
 *
 *   npm run test:disks                        500 + 500 cases
 *   SLAB_DISKS=10000 npm run test:disks       the long run
 *   SLAB_DISKS_SEED=42 SLAB_DISKS=1 …         one case again
 *
 * Case n of a run has the seed of the run plus n. A violation prints its seed and ends the run with 1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { drawContentCase, playContentCase, type CaseEnd } from './content-cases.ts';
import { logFormat, playPowerCase } from './power-cases.ts';
import { Random } from './random.ts';

const count = Number(process.env['SLAB_DISKS'] ?? 500);
const seed = Number(process.env['SLAB_DISKS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const layers = (process.env['SLAB_DISKS_LAYERS'] ?? 'BC').split('');

let failed = 0;
let passed = 0;

async function campaign(name: string, play: (random: Random) => Promise<CaseEnd>): Promise<void> {
  const began = Date.now();
  const ends = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    try {
      const { end } = await play(new Random(seed + n));
      ends.set(end, (ends.get(end) ?? 0) + 1);
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`VIOLATION layer ${name}, seed ${seed + n}: ${reason(error)}`);
    }
    if ((n + 1) % 50 === 0) console.log(`layer ${name}: ${n + 1} of ${count}, ${failed} violations`);
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  const table = [...ends].sort((a, b) => b[1] - a[1]).map(([end, times]) => `${end} ${times}`);
  console.log(`layer ${name}: ${count} cases from seed ${seed} in ${seconds} s: ${table.join(', ')}`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.cause === undefined ? (error.stack ?? '') : reason(error.cause)}`;
}

console.log(`seed ${seed}`);
if (layers.includes('B'))
  await campaign('B', (random) => {
    const drawn = drawContentCase(random);
    return playContentCase(drawn, random).catch((error: unknown) => {
      throw new Error(Object.values(drawn).join(' | '), { cause: error });
    });
  });
if (layers.includes('C')) {
  const folder = mkdtempSync('/dev/shm/slab-logs-');
  try {
    const formats = [
      await logFormat(folder, 'xfs', 512),
      await logFormat(folder, 'ext4', 512),
      await logFormat(folder, 'btrfs', 512),
      await logFormat(folder, 'xfs', 4096),
    ];
    await campaign('C', (random) => playPowerCase(random.pick(formats), random));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
