import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { raiseHosts, type ManyHosts } from '../../support/many-hosts.ts';
import { FIRST_WORD, oneLineFleet, sayWord } from '../../support/one-line-fleet.ts';
import { buildSlab, newProject, withFolder, type Project } from '../../support/slab.ts';
import { slabAtTerminal } from '../../support/terminal.ts';

/** Runs slab in a project. @returns its answer, and the most memory that it was seen to hold, in MB. */
async function watched(project: Project, ...words: readonly string[]) {
  const run = project.start(...words);
  let mostKb = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${run.pid}/status`, 'utf8');
      mostKb = Math.max(mostKb, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended: what it held before is known.
    }
  }, 20);
  const answer = await run.ended;
  clearInterval(watch);
  assert.ok(mostKb > 0, 'its memory was seen');
  return { ...answer, memoryMb: mostKb / 1024 };
}

/** The most rows that the live area was taken back by in one go. */
function mostRows(screen: string): number {
  const frames = screen.match(/(?:\u001b\[(?:2K|1A|G))+/g) ?? [];
  return Math.max(0, ...frames.map((frame) => frame.split('\u001b[1A').length - 1));
}

describe('three hundred hosts', function () {
  this.timeout(400_000);
  const work = withFolder('slab-fleet-');
  let hosts: ManyHosts | undefined;
  let project: Project;
  before(async () => {
    await buildSlab();
    hosts = await raiseHosts(300);
    const stages = 'stages: [{name: all, batch: 25%, gates: []}]\n';
    project = newProject(work(), '', { files: oneLineFleet(hosts.inventory, stages) });
    const made = await project.slab('run', '-i', 'fleet', '--', FIRST_WORD);
    assert.equal(made.code, 0, made.all);
  });
  after(async function () {
    this.timeout(60_000);
    await hosts?.down();
  });

  it('with one changed line are planned in 25 lines that say all of them, and in 250 MB', async () => {
    project.write(sayWord('planned'));

    const { stdout, stderr, memoryMb } = await watched(project, 'plan', '-i', 'fleet', '--progress', 'none');

    assert.equal(stderr, '');
    assert.match(stdout, /Read 300 of 300 hosts/);
    assert.match(stdout, /- word first\n.*\+ word planned\n/);
    assert.match(stdout, /Plan: 300 hosts · 300 changes \(300 update\) · 0 destroyed · 11700 in sync/);
    assert.ok(stdout.split('\n').length <= 25, stdout);
    assert.ok(memoryMb < 250, `${memoryMb} MB`);
  });

  it('are rolled out to in 250 MB, each batch in one line, with no warning', async () => {
    project.write(sayWord('deployed'));

    const words = ['deploy', '-i', 'fleet', '-y', '--progress', 'lines'];
    const { code, stdout, stderr, memoryMb } = await watched(project, ...words);

    assert.equal(code, 0, stderr);
    assert.match(stdout, /300 of 300 hosts done · 300 changes/);
    assert.equal(stderr.match(/ all, batch \d of 4: \S+(?: \S+)?\n/g)?.length, 4, stderr);
    assert.equal(stderr.match(/ host \S+ done: 1 changed/g)?.length, 300);
    assert.doesNotMatch(stderr, /warn/i);
    assert.ok(memoryMb < 250, `${memoryMb} MB`);
  });

  it('are shown in at most twelve rows of a terminal while they are changed in fifteen stages', async () => {
    const stages = Array.from(
      { length: 14 },
      (_, n) => `  - {name: stage${n}, target: '*', pick: 20, batch: all}\n`,
    );
    project.write({
      ...sayWord('shown'),
      'inventories/fleet/rollout.yaml': `stages:\n${stages.join('')}  - {name: rest, batch: all}\n`,
    });

    const { code, screen } = await slabAtTerminal(project.directory, 'deploy', '-i', 'fleet', '-y').ended;

    assert.equal(code, 0, screen);
    const rows = mostRows(screen);
    assert.ok(rows >= 3 && rows <= 12, `${rows} rows`);
    assert.match(screen, /300 of 300 hosts done/);
  });
});
