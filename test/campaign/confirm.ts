/*
 * What may cut slab off, tried on real hosts at random moments while things go wrong. After each round the host is reached
 * by a new login, is wholly as before or wholly as wanted, has nothing of the trial left, and the report says which and why.
 *
 *   npm run test:confirm                                            20 rounds of each scenario
 *   SLAB_CONFIRM=1 SLAB_CONFIRM_SEED=7 npm run test:confirm         a core: one of each
 *   SLAB_CONFIRM_ONLY='power cut' SLAB_CONFIRM_SEED=42 SLAB_CONFIRM=1 npm run test:confirm    one round again
 *
 * Round n of a scenario has the seed of the run plus n. Ends with 1 when something did not hold.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLab } from '../../lib/lab/lab.ts';
import { answerOf, freshPrefix, labDirectory } from '../support/lab.ts';
import { buildSlab, newProject } from '../support/slab.ts';
import type { Stage } from './confirm-host.ts';
import { scenarios, type Scenario } from './confirm-scenarios.ts';
import { Random } from './random.ts';
import { reasonOf } from './slot.ts';

const rounds = Number(process.env['SLAB_CONFIRM'] ?? 20);
const seed = Number(process.env['SLAB_CONFIRM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const only = process.env['SLAB_CONFIRM_ONLY'];
const count = Number(process.env['SLAB_CONFIRM_HOSTS'] ?? 4);

const lab = createLab({ directory: labDirectory, prefix: freshPrefix() });
const work = mkdtempSync(join(tmpdir(), 'slab-confirm-'));
const ends = new Map<string, Map<string, number>>();
let violations = 0;

function stageOn(name: string, random: Random): Stage {
  return {
    name,
    random,
    power: () => lab.power(name, 'cycle'),
    async on(command) {
      const { code, stdout, stderr } = await answerOf('ssh', [
        ...['-o', 'User=root', '-o', 'ConnectTimeout=20', ...lab.sshArguments(name), command],
      ]);
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

async function round(scenario: Scenario, own: number, name: string): Promise<void> {
  const began = Date.now();
  const told = (end: string, why: string) => {
    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(`${scenario.name}, seed ${own}: ${end}, ${seconds} s: ${why.slice(0, 160)}`);
    const all = ends.get(scenario.name) ?? new Map<string, number>();
    ends.set(scenario.name, all.set(end, (all.get(end) ?? 0) + 1));
  };
  try {
    const { end, why } = await scenario.play(stageOn(name, new Random(own)));
    told(end, why);
  } catch (error) {
    violations += 1;
    told('VIOLATION', '');
    console.log(reasonOf(error));
    // The next round needs a host that can be looked at.
    await lab.power(name, 'cycle').catch(() => undefined);
  }
}

console.log(`seed ${seed}, ${rounds} rounds of each scenario, ${count} hosts`);
await buildSlab();
try {
  const hosts = (await lab.up({ count })).map((host) => host.name);
  const chosen = scenarios.filter((each) => only === undefined || each.name === only);
  const queue = Array.from({ length: rounds }, (_, n) =>
    chosen.map((each) => ({ each, own: seed + n })),
  ).flat();
  const work = async (name: string): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await round(next.each, next.own, name);
  };
  await Promise.all(hosts.map(work));
} finally {
  await lab.down();
  rmSync(work, { recursive: true, force: true });
}
for (const [name, all] of ends)
  console.log(`${name}: ${[...all].map(([end, times]) => `${end} ${times}`).join(', ')}`);
console.log(`${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;
