import assert from 'node:assert/strict';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab, type Project } from '../../support/slab.ts';
import { outputOf } from '../../support/small-process.ts';

describe('a run whose journal can be written no further', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, ssh } = hosts;
  const on = (command: string) => hosts.on(name(), command);
  const is = async (path: string) => (await ssh(name(), `test -e ${path}`)).code === 0;

  /** Sixty steps behind one that waits: more events than the last page of a file holds. */
  const many = (word: string) =>
    `${word}-first:
  cmd.run:
    - name: echo 0 >/tmp/${word}-ran; until [ -e /tmp/${word}-go ]; do sleep 0.1; done
` +
    Array.from(
      { length: 60 },
      (_, n) => `${word}-${n + 1}:\n  cmd.run:\n    - name: echo ${n + 1} >>/tmp/${word}-ran\n`,
    ).join('');

  /** A project whose records are on a small disk of their own. */
  const onSmallDisk = async (states: string, work: (project: Project, disk: string) => Promise<void>) => {
    const project = hosts.project({ files: { 'states/site.sls': states } });
    const disk = join(project.directory, '.slab');
    mkdirSync(disk, { recursive: true });
    outputOf('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'slab-records', disk]);
    try {
      await work(project, disk);
    } finally {
      outputOf('umount', ['--lazy', disk]);
    }
  };
  const fill = (disk: string, left: number): void => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - left));
  };
  const LOST = /WARN the run's journal .*\.jsonl can be written no further \(ENOSPC/;

  it('lets the running step finish and begins no other', () =>
    onSmallDisk(many('full'), async (project, disk) => {
      const run = project.start('apply', '-y');
      await eventually('it began', () => is('/tmp/full-ran'));
      fill(disk, 0);
      await on('touch /tmp/full-go');

      const ended = await run.ended;
      const ran = (await on('cat /tmp/full-ran')).trim().split('\n').length;

      assert.equal(ended.code, 130, ended.all);
      assert.match(ended.all, LOST);
      assert.ok(ran < 61, `${ran} of 61 ran`);
    }));

  it('changes nothing where that happens before', () =>
    onSmallDisk(many('early'), async (project, disk) => {
      fill(disk, 4096);

      const ended = await project.slab('apply', '-y');

      assert.equal(ended.code, 130, ended.all);
      assert.match(ended.all, LOST);
      assert.equal(await is('/tmp/early-ran'), false);
    }));
});
