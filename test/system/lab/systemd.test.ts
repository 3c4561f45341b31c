import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { eventually, withLab } from '../../support/lab.ts';
import { interfaces, networksOf, tracesOf } from './traces.ts';

describe('lab hosts with systemd', function () {
  this.timeout(120_000);
  const { lab, hosts, ssh, directory, prefix } = withLab({
    count: 2,
    disks: { count: 1, sizeBytes: 64 << 20 },
  });
  const name = (index: number) => hosts()[index]?.name ?? '';
  const bootId = async () => (await ssh(name(0), 'cat /proc/sys/kernel/random/boot_id')).stdout;

  it('boot to a state that systemd calls running', async () => {
    const { stdout } = await ssh(name(0), 'cat /proc/1/comm; systemctl is-system-running --wait; hostname');

    assert.equal(stdout, `systemd\nrunning\n${prefix}1\n`);
  });

  it('reach one another by name', async () => {
    const { code, stderr } = await ssh(name(0), `ping -c1 -W2 ${prefix}2`);

    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('let one user become root without, and another only with a password', async () => {
    const deploy = await ssh(name(0), 'sudo -n id -u', 'deploy');
    const refused = await ssh(name(0), 'sudo -n id -u', 'asker');
    const asked = await ssh(name(0), 'echo lab | sudo -S -p "" id -u', 'asker');

    assert.deepEqual([deploy.stdout, deploy.code], ['0\n', 0]);
    assert.deepEqual([refused.stderr, refused.code], ['sudo: a password is required\n', 1]);
    assert.deepEqual([asked.stdout, asked.code], ['0\n', 0]);
  });

  it('install, upgrade and start packages without any network', async () => {
    const first = await ssh(name(0), 'apt-get install -qqy lab-hello=1.0 lab-daemon >/dev/null && lab-hello');
    const then = await ssh(name(0), 'apt-get install -qqy lab-hello >/dev/null && lab-hello');
    const service = await ssh(name(0), 'systemctl is-active lab-daemon; systemctl is-enabled lab-daemon');

    assert.equal(first.stdout, 'hello from lab-hello 1.0\n');
    assert.equal(then.stdout, 'hello from lab-hello 1.1\n');
    assert.equal(service.stdout, 'active\nenabled\n');
  });

  it('have disks that can be found by serial number, partitioned, formatted and mounted', async () => {
    const disk = `/dev/disk/by-id/virtio-${prefix}1-d1`;
    const lsblk = async (columns: string) => (await ssh(name(0), `lsblk -no ${columns} ${disk}`)).stdout;
    const blank = await lsblk('SERIAL,SIZE,FSTYPE');

    await ssh(name(0), `printf 'label: gpt\n,20M\n,\n' | sfdisk --quiet ${disk}`);
    await eventually('the nodes', async () => (await ssh(name(0), `test -b ${disk}-part2`)).code === 0);
    const made = await ssh(
      name(0),
      `mkfs.ext4 -qL data ${disk}-part2 && echo LABEL=data /srv ext4 >>/etc/fstab && mount /srv`,
    );
    await eventually('the label', async () => (await lsblk('LABEL')).includes('data'));

    assert.equal(blank.trimEnd(), `${prefix}1-d1  64M`);
    assert.equal(made.stderr, '');
    assert.match(await lsblk('TYPE,FSTYPE,LABEL,MOUNTPOINT'), /^loop\s+part\s+part ext4\s+data\s+\/srv\s*$/);
  });

  it('come back from a reboot with what was written', async () => {
    const before = await bootId();
    await ssh(name(0), 'touch /root/kept; ip link add br9 type bridge');

    await ssh(name(0), 'systemctl reboot');
    await eventually('the reboot', async () => ![before, ''].includes(await bootId()));

    const { stdout } = await ssh(name(0), 'ls /root/kept; ls /sys/class/net; findmnt -no FSTYPE /srv');
    assert.equal(stdout, '/root/kept\neth0\nlo\next4\n');
  });

  it('refuse connections while their power is off, and come back with it', async () => {
    await lab.power(name(0), 'off');
    const off = await ssh(name(0), 'true');
    const listed = lab.list().map(({ running }) => running);
    await lab.power(name(0), 'on');
    const on = await ssh(name(0), 'ls /root/kept');

    assert.match(off.stderr, /Connection refused/);
    assert.deepEqual(listed, [false, true]);
    assert.equal(on.stdout, '/root/kept\n');
  });

  it('are left alone by another up', async () => {
    const before = await bootId();

    await lab.up({ count: 2 });

    assert.equal(await bootId(), before);
  });

  it('leave nothing behind', async () => {
    const [before, networks, folder] = [
      await interfaces(),
      networksOf(prefix),
      join(directory, 'labs', prefix),
    ];
    const present = await tracesOf(prefix, folder, networks);

    await lab.down();

    assert.ok(present.length > 10, 'the hosts were there before');
    assert.equal(networks.size, 3, 'each host has a network, and the lab has one');
    assert.deepEqual(await tracesOf(prefix, folder, networks), []);
    assert.deepEqual(await interfaces(), before);
    assert.equal(existsSync(folder), false);
  });
});

describe('a diskless lab host', function () {
  this.timeout(120_000);
  const { lab, hosts, ssh } = withLab({ count: 1, diskless: true });
  const name = () => hosts()[0]?.name ?? '';

  it('forgets everything when it boots, but is known by the same key', async () => {
    await ssh(name(), 'touch /root/gone; sync');

    await lab.power(name(), 'cycle');
    const { code, stdout } = await ssh(name(), 'ls -A /root; hostname');

    assert.deepEqual([code, stdout], [0, `.bashrc\n.profile\n.ssh\n${name()}\n`]);
  });
});
