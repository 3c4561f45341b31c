import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { labLayout } from '../../../lib/lab/layout.ts';
import { runCommandLine, withProjectTree, type CommandEnd } from '../../support/command-line.ts';
import { answerOf, eventually, withLab } from '../../support/lab.ts';

/** Ends the sshd that serves whoever runs it: the line breaks in the middle. */
const CUT = [
  'p=$$',
  'while [ "$(cat /proc/$p/comm)" != sshd ]; do p=$(cut -d" " -f4 /proc/$p/stat); done',
  'kill -9 $p',
  'sleep 2',
].join('; ');

describe('hosts that fail while they are worked on', function () {
  this.timeout(60_000);
  const lab = withLab({ count: 2, form: 'light' });
  const name = (index: number): string => lab.hosts()[index]?.name ?? '';

  /** Runs a command in the mount namespace of the second host, with the rights that hosts of a lab do not have. */
  async function mountThere(...words: readonly string[]): Promise<void> {
    const folder = join(labLayout(lab.directory, lab.prefix).lab, 'hosts', name(1));
    const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
    const answer = await answerOf('nsenter', ['-t', pid, '-m', ...words]);
    assert.equal(answer.code, 0, answer.stderr);
  }
  const there = async (command: string): Promise<string> => {
    const answer = await lab.ssh(name(1), command);
    assert.equal(answer.code, 0, answer.stderr);
    return answer.stdout;
  };
  const run = (command: readonly string[], sls: string, files = {}): Promise<CommandEnd> =>
    withProjectTree(
      {
        'inventories/prod/inventory.yaml': lab.lab.inventory(),
        'states/top.sls': "base:\n  '*': [site]\n",
        'states/site.sls': `${sls}\n`,
        ...files,
      },
      (project) => runCommandLine(project, [...command, '--no-input']),
    );
  const managed = (path: string, more = '    - contents: new\n'): string =>
    `${path}:\n  file.managed:\n${more}`;

  it('leave the old file and nothing else when the disk is full', async () => {
    await lab.ssh(name(0), 'mkdir /srv/full');
    await there('mkdir /srv/full');
    await mountThere('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/srv/full');
    await there('printf old >/srv/full/file');
    const big = { 'states/big': Buffer.alloc(1_000_000, 'x') };

    const end = await run(['apply', '-y'], managed('/srv/full/file', '    - source: salt://big\n'), big);

    assert.match(end.stdout, /No space left on device/);
    assert.match(end.stdout, new RegExp(`^.*${name(1)}.*fail`, 'm'));
    assert.equal(end.code, 5);
    assert.equal(await there('ls -A /srv/full; cat /srv/full/file'), 'file\nold');
    assert.equal((await lab.ssh(name(0), 'wc -c </srv/full/file')).stdout, '1000000\n');
  });

  it('are planned though their file system is read-only, and keep the old file', async () => {
    await there('printf old >/srv/kept');
    await mountThere('mount', '-o', 'remount,ro', '/');

    const planned = await run(['plan'], managed('/srv/kept'));
    const end = await run(['apply', '-y'], managed('/srv/kept'));
    const kept = await there('cat /srv/kept; find /srv -maxdepth 1 -name ".slab*"');
    await mountThere('mount', '-o', 'remount,rw', '/');

    assert.equal(planned.code, 0);
    assert.match(planned.stdout, /2 hosts/);
    assert.match(end.stdout, /Read-only file system/);
    assert.equal(end.code, 5);
    assert.equal(kept, 'old');
    assert.equal((await lab.ssh(name(0), 'cat /srv/kept')).stdout, 'new\n');
  });

  it('say which command they lack', async () => {
    await there('mv /usr/bin/sha256sum /root/; printf old >/srv/hashed');

    const end = await run(['plan'], managed('/srv/hashed'));
    const applied = await run(['apply', '-y'], managed('/srv/hashed'));
    await there('mv /root/sha256sum /usr/bin/');

    assert.match(
      end.stdout,
      new RegExp(`x ${name(1)}  SLAB3314: files cannot be looked at without sha256sum`),
    );
    assert.match(end.stdout, /fix: install sha256sum on the host/);
    assert.match(end.stdout, new RegExp(name(0)));
    assert.equal(end.code, 4);
    assert.equal(applied.code, 4);
    assert.equal(await there('cat /srv/hashed'), 'old');
    assert.equal((await lab.ssh(name(0), 'cat /srv/hashed')).stdout, 'new\n');
  });

  it('refuse an apply without flock before anything is changed', async () => {
    await there('mv /usr/bin/flock /root/');

    const end = await run(['apply', '-y'], managed('/srv/locked'));
    await there('mv /root/flock /usr/bin/');

    assert.match(end.stdout, /the host lacks a command: missing flock/);
    assert.match(end.stdout, /install util-linux/);
    assert.doesNotMatch(end.stdout, /the run was stopped/);
    assert.equal(end.code, 6);
    assert.equal(await there('test -e /srv/locked || echo none'), 'none\n');
    assert.equal((await lab.ssh(name(0), 'cat /srv/locked')).stdout, 'new\n');
  });

  it('are not read when the line breaks in a probe; the others are planned', async () => {
    const cut = `test -e /root/only-there && { ${CUT}; }`;
    await there('touch /root/only-there');

    const end = await run(
      ['plan'],
      `/srv/probed:\n  file.managed:\n    - contents: new\n    - unless: ${JSON.stringify(cut)}`,
    );
    await there('rm /root/only-there');

    assert.match(end.stderr, new RegExp(`FAIL ${name(1)} not read: SLAB33(08|09) `));
    assert.match(end.stdout, /Read 1 of 2 hosts/);
    assert.match(end.stdout, /file \/srv\/probed/);
    assert.equal(end.code, 4);
  });

  it('are unknown when the line breaks in a step, and the next run goes on from there', async () => {
    const cut = `touch /root/cut; test -e /root/only-there || exit 0; rm /root/only-there; ${CUT}`;
    const sls = [
      'cut:',
      '  cmd.run:',
      `    - name: ${JSON.stringify(cut)}`,
      '    - creates: /root/cut',
      managed('/srv/after', '    - contents: new\n    - require: [cmd: cut]'),
    ].join('\n');
    await there('touch /root/only-there');

    const end = await run(['apply', '-y'], sls);
    let next = end;
    // What the host had begun keeps its lock until it ended, so that two runs never meet.
    await eventually(
      'the next run converges',
      async () => (next = await run(['apply', '-y'], sls)).code !== 6,
    );

    assert.match(end.stdout, new RegExp(`${name(1)}.*unknown`));
    assert.match(end.stdout, /was lost during "cmd\.run cut"/);
    assert.match(end.stdout, /run the same command again/);
    assert.equal(end.code, 5);
    assert.equal((await lab.ssh(name(0), 'cat /srv/after')).stdout, 'new\n');
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal(await there('cat /srv/after'), 'new\n');
  });
});
