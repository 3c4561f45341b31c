import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { withLab } from '../../support/lab.ts';
import { tracesOf } from './traces.ts';

describe('light lab hosts', function () {
  this.timeout(60_000);
  const { lab, hosts, ssh, directory, prefix } = withLab({ count: 3, form: 'light' });
  const name = (index: number) => hosts()[index]?.name ?? '';

  it('have names, processes and files of their own', async () => {
    await ssh(name(0), 'touch /root/mine');

    const first = await ssh(name(0), 'hostname; ls /root; cat /proc/1/comm');
    const second = await ssh(name(1), 'hostname; ls /root; cat /proc/1/comm');

    assert.equal(first.stdout, `${prefix}1\nmine\nsh\n`);
    assert.equal(second.stdout, `${prefix}2\nsh\n`);
  });

  it('let one user become root without, and another only with a password', async () => {
    const deploy = await ssh(name(0), 'sudo -n id -u', 'deploy');
    const refused = await ssh(name(0), 'sudo -n id -u', 'asker');
    const asked = await ssh(name(0), 'echo lab | sudo -S -p "" id -u', 'asker');

    assert.deepEqual([deploy.stdout, refused.code, asked.stdout], ['0\n', 1, '0\n']);
  });

  it('install packages without any network', async () => {
    const { stdout } = await ssh(name(0), 'apt-get install -qqy lab-greeter >/dev/null 2>&1; lab-greeter');

    assert.equal(stdout, 'hello from lab-hello 1.1\n');
  });

  it("cannot change this machine's kernel settings, network or mounts", async () => {
    const { stdout } = await ssh(
      name(0),
      'for try in "sysctl -qw kernel.panic=0" "ip link add x type bridge" "mount -t tmpfs x /mnt"; do $try 2>/dev/null; echo $?; done',
    );

    assert.doesNotMatch(stdout, /^0$/m);
  });

  it('are switched and ended by name on the command line, which says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slab-lab-'));
    const say = (...words: readonly string[]) =>
      execFileSync(join(import.meta.dirname, '../../../bin/slab'), ['lab', '--prefix', prefix, ...words], {
        env: { ...process.env, SLAB_LAB_DIR: directory },
        encoding: 'utf8',
      });
    try {
      const inventory = join(folder, 'inventory.yaml');

      assert.equal(say('power', name(2), 'cycle'), `${name(2)}\ton\n`);
      assert.equal(say('down', name(2), '--write', folder), `${name(2)}\tended\nwrote ${inventory}\n`);
      assert.match(readFileSync(inventory, 'utf8'), new RegExp(`^  ${name(1)}:`, 'm'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leave nothing behind', async () => {
    const folder = join(directory, 'labs', prefix);
    const present = await tracesOf(prefix, folder, new Set());

    await lab.down();

    assert.ok(present.length >= 6, 'the hosts were there before');
    assert.deepEqual(await tracesOf(prefix, folder, new Set()), []);
  });
});
