/*
 * What may cut slab off, tried on real hosts at random moments while things go wrong. After each round the host is reached
 * by a new login, is wholly as before or wholly as wanted, has nothing of the trial left, and the report says which and why.
 *
 *   npm run test:confirm                                            20 rounds of each scenario
 *   SLAB_CONFIRM=1 SLAB_CONFIRM_SEED=7 npm run test:confirm         a core: one of each
 *   SLAB_CONFIRM_ONLY='power cut' SLAB_CONFIRM_SEED=42 SLAB_CONFIRM=1 npm run test:confirm    one round again
 *
 * Round n of a scenario has the seed of the run plus n. Rounds mostly wait, so that they are played in lanes
 * (SLAB_CONFIRM_LANES), each with a host and projects of its own; results are told in order. A host takes about ten of the
 * inotify instances of root, of which a kernel allows 128 unless told otherwise: twelve lanes are at that limit, and more hosts do
 * not start. Ends with 1 when something did not hold.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLab } from '../../lib/lab/lab.ts';
import { answerOf, askOnceUp, freshPrefix, labDirectory } from '../support/lab.ts';
import { buildSlab, newProject } from '../support/slab.ts';
import type { Stage } from './confirm-host.ts';
import { scenarios, type Scenario } from './confirm-scenarios.ts';
import { playInLanes } from './lanes.ts';
import { Random } from './random.ts';
import { reasonOf } from './slot.ts';

const rounds = Number(process.env['SLAB_CONFIRM'] ?? 20);
const seed = Number(process.env['SLAB_CONFIRM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const only = process.env['SLAB_CONFIRM_ONLY'];
const count = Number(process.env['SLAB_CONFIRM_LANES'] ?? 6);

const lab = createLab({ directory: labDirectory, prefix: freshPrefix() });
const work = mkdtempSync(join(tmpdir(), 'slab-confirm-'));
const ends = new Map<string, Map<string, number>>();
const begun = Date.now();
let violations = 0;

/** What is played: a scenario with what decides its moments. */
interface Round {
  readonly scenario: Scenario;
  readonly own: number;
}

function stageOn(name: string, random: Random): Stage {
  return {
    name,
    random,
    power: () => lab.power(name, 'cycle'),
    async on(command) {
      const words = ['-o', 'User=root', '-o', 'ConnectTimeout=20', ...lab.sshArguments(name), command];
      const { code, stdout, stderr } = await askOnceUp(() => answerOf('ssh', words));
      if (code !== 0) throw new Error(`${name}: ${command}: exit code ${code}: ${stdout}${stderr}`);
      return stdout;
    },
    project(site, user) {
      const inventory = lab.inventory();
      const as =
        user === undefined ? inventory : inventory.replace('user: root', `user: ${user}\n  become: sudo`);
      return newProject(work, as, {
        files: { 'states/top.sls': `base: {'${name}': [site]}\n`, 'states/site.sls': site },
      });
    },
  };
}

/** A round as it was played. */
interface Played extends Round {
  readonly end: string;
  readonly why: string;
  readonly seconds: number;
}

async function play({ scenario, own }: Round, name: string): Promise<Played> {
  const began = Date.now();
  const ended = (end: string, why: string): Played => {
    const seconds = Math.round((Date.now() - began) / 1000);
    return { scenario, own, end, why, seconds };
  };
  try {
    const { end, why } = await scenario.play(stageOn(name, new Random(own)));
    return ended(end, why.slice(0, 160));
  } catch (error) {
    const violation = ended('VIOLATION', reasonOf(error));
    // The next round needs a host that can be looked at.
    await lab.power(name, 'cycle').catch(() => undefined);
    return violation;
  }
}

function tell({ scenario: { name }, own, end, why, seconds }: Played): void {
  console.log(`${name}, seed ${own}: ${end}, ${seconds} s: ${why}`);
  if (end === 'VIOLATION') {
    violations += 1;
    const alone = `SLAB_CONFIRM_ONLY='${name}' SLAB_CONFIRM_SEED=${own} SLAB_CONFIRM=1`;
    console.log(`  to play it alone: ${alone} npm run test:confirm`);
  }
  const all = ends.get(name) ?? new Map<string, number>();
  ends.set(name, all.set(end, (all.get(end) ?? 0) + 1));
}

const chosen = scenarios.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0)
  throw new Error(`no scenario is called ${only}: ${scenarios.map(({ name }) => name).join(', ')}`);
const items = Array.from({ length: rounds }, (_, n) =>
  chosen.map((scenario): Round => ({ scenario, own: seed + n })),
).flat();
const laneCount = Math.min(count, items.length);
console.log(`seed ${seed}, ${rounds} rounds of each scenario, ${laneCount} lanes`);
await buildSlab();
try {
  const lanes = (await lab.up({ count: laneCount })).map((host) => host.name);
  await playInLanes({ lanes, items, play, told: tell });
} finally {
  await lab.down();
  rmSync(work, { recursive: true, force: true });
}
for (const [name, all] of ends)
  console.log(`${name}: ${[...all].map(([end, times]) => `${end} ${times}`).join(', ')}`);
console.log(`${violations} violations`);
console.log(`${items.length} rounds in ${Math.round((Date.now() - begun) / 1000)} s`);
process.exitCode = violations === 0 ? 0 : 1;
