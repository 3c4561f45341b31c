import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { describe, it } from 'mocha';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { DISK_CONTENTS } from '../../support/storage/contents.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };

describe('a disk that must not be touched', function () {
  this.timeout(60_000);
  const host = withDiskHost();
  let disk: HostDisk | undefined;
  const insert = (sizeBytes = 320 * MIB): HostDisk => (disk = host.insert('S1', { sizeBytes }));

  for (const content of DISK_CONTENTS.filter((each) => each.blank !== true))
    it(`with ${content.name} is refused, with evidence, and not a byte of it changes`, () => {
      const { device } = insert();
      content.make(device.path, 320 * MIB);
      host.output('sync');
      const before = hashOf(disk as HostDisk);

      const { codes, plan } = host.apply(WANTED);

      assert.ok(
        !plan.diff.changes.some(({ field }) => field === 'filesystem'),
        JSON.stringify(plan.diff.changes),
      );
      assert.equal(plan.diff.disks?.[0]?.action, 'refused');
      assert.match(
        plan.diff.shortfalls?.join('\n') ?? '',
        /disk S1: (OCCUPIED|UNREADABLE): .+Nothing was written/,
      );
      assert.ok(
        codes.every((code) => code === 0),
        'at most a blocker was put in its place',
      );
      assert.equal(hashOf(disk as HostDisk), before);
    });

  it('H13: is refused when it was swapped between plan and apply', () => {
    const first = insert();
    const { steps } = host.plan(WANTED);
    host.remove(first);
    insert();
    const before = hashOf(disk as HostDisk);

    const { codes, said } = host.runSteps(steps);

    assert.equal(codes.at(-1), 118, said);
    assert.match(said, /changed since the plan: diskseq was [0-9]+ and is [0-9]+|another|device number/);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H13: is refused when something was written to it between plan and apply', () => {
    const { device } = insert();
    const { steps } = host.plan(WANTED);
    host.output(`mkfs.ext4 -q ${device.path}; sync`);
    const before = hashOf(disk as HostDisk);

    const { codes, said } = host.runSteps(steps);

    assert.equal(codes.at(-1), 118, said);
    assert.match(said, /not blank.*ext4/);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H14: is refused when the plan is from another boot', () => {
    insert();
    const { steps } = host.plan(WANTED);
    const [format] = steps;
    const text =
      format?.script.text.replace(/boot=[0-9a-f-]{36}/, 'boot=3944cacb-0000-4000-8000-000000000000') ?? '';

    const { code, stderr } = host.run(text);

    assert.equal(code, 118, stderr);
    assert.match(stderr, /the plan is from boot 3944cacb, the host is in boot/);
  });

  it('H52: is refused while a raw writer has it open, in the plan and in the apply', async () => {
    const { device } = insert();
    const { steps } = host.plan(WANTED);
    const writer = spawn('sh', ['-c', 'exec 7<>"$1"; echo open; exec sleep 60', 'sh', device.path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    try {
      const applied = host.runSteps(steps);
      const planned = host.plan(WANTED).diff.disks?.[0];

      assert.equal(applied.codes.at(-1), 118);
      assert.match(applied.said, new RegExp(`in use: open in process ${writer.pid ?? ''} \\(sleep\\)`));
      assert.equal(planned?.state, 'BUSY');
    } finally {
      writer.kill('SIGKILL');
      await new Promise((resolve) => writer.once('close', resolve));
    }
  });

  it('H51: is refused while another mount namespace has it mounted', async () => {
    const { device } = insert();
    host.output(`mkfs.ext4 -q ${device.path}; sync`);
    const other = spawn(
      'unshare',
      ['-m', 'sh', '-c', 'mount "$1" /mnt && echo mounted && exec sleep 60', 'sh', device.path],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await new Promise((resolve) => other.stdout.once('data', resolve));
    try {
      const { diff } = host.plan(WANTED);

      assert.equal(diff.disks?.[0]?.state, 'BUSY');
      assert.match(diff.shortfalls?.join() ?? '', /mounted by pid [0-9]+ in another mount namespace/);
    } finally {
      other.kill('SIGKILL');
      await new Promise((resolve) => other.once('close', resolve));
    }
  });

  it('is not taken for a disk whose name only begins like its own, and which somebody uses', () => {
    // The first loop device may be number 0, and no name goes on after that.
    const [first, second] = [insert(), host.insert('S2')];
    const { serial, device } = first.device.path === '/dev/loop0' ? second : first;
    const longer = Array.from({ length: 10 }, (_, n) => `${device.path}${n}`);
    const other = host
      .output(
        `truncate -s 116M /srv/other
for node in ${longer.join(' ')}; do losetup "$node" /srv/other 2>/dev/null && echo "$node" && break; done`,
      )
      .trim();
    try {
      host.output(`mkfs.btrfs -q ${other}; mkdir /srv/m; mount ${other} /srv/m`);

      const { codes, said } = host.apply({ ...WANTED, serials: [serial] });

      assert.match(other, /^\/dev\/loop[0-9]+$/);
      assert.deepEqual(codes, [0, 0], said);
    } finally {
      host.output(`umount /srv/m; losetup -d ${other}`);
    }
  });

  it('H61: is refused while another program holds its lock', async () => {
    const { device } = insert();
    const { steps } = host.plan(WANTED);
    const holder = spawn('flock', ['-x', device.path, 'sh', '-c', 'echo held; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    try {
      const { codes, said } = host.runSteps(steps);

      assert.equal(codes.at(-1), 118);
      assert.match(said, /another program holds its lock/);
    } finally {
      process.kill(-(holder.pid ?? 0), 'SIGKILL');
      await new Promise((resolve) => holder.once('close', resolve));
    }
  });

  it('H5: is refused when a second disk has its serial number', () => {
    insert();
    const twin = host.insert('S1');
    const before = [hashOf(disk as HostDisk), hashOf(twin)];
    try {
      const { diff } = host.apply(WANTED).plan;

      assert.deepEqual(
        diff.changes.map(({ field }) => field),
        ['blocker'],
      );
      assert.deepEqual(
        diff.disks?.map(({ state }) => state),
        ['AMBIGUOUS', 'AMBIGUOUS'],
      );
      assert.deepEqual([hashOf(disk as HostDisk), hashOf(twin)], before);
    } finally {
      host.remove(twin);
    }
  });

  it('H85: is left alone when it is a disk of another host, and its marker is shown', () => {
    insert();
    host.apply(WANTED);
    host.output('umount /srv/object/1');
    const before = hashOf(disk as HostDisk);
    const records = host.records;
    host.records = { ...records, host: 'storage-08' };
    try {
      const { diff } = host.apply(WANTED).plan;

      assert.equal(diff.disks?.[0]?.state, 'FOREIGN');
      assert.match(
        diff.shortfalls?.join() ?? '',
        /slab disk of cluster "prod", host storage-07, role object-1/,
      );
      assert.equal(hashOf(disk as HostDisk), before);
    } finally {
      host.records = records;
    }
  });

  it('H49: is CHANGED when it was ready and its marker is gone', () => {
    insert();
    host.apply(WANTED);
    host.output('rm /srv/object/1/.slab/disk.json; umount /srv/object/1');
    const before = hashOf(disk as HostDisk);

    const { diff } = host.apply(WANTED).plan;

    assert.equal(diff.disks?.[0]?.state, 'CHANGED');
    assert.match(diff.shortfalls?.join() ?? '', /marked ready but marker missing/);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H81: is OCCUPIED when it is shorter than its table says, which is whole nowhere then', () => {
    const first = insert();
    host.apply(WANTED);
    host.output('umount /srv/object/1');
    host.remove(first);
    truncateSync(first.file, 310 * MIB);
    disk = host.insert('S1', { file: first.file });
    const before = hashOf(disk);

    const { diff } = host.apply(WANTED).plan;

    assert.equal(diff.disks?.[0]?.state, 'OCCUPIED', JSON.stringify(diff.disks));
    assert.equal(hashOf(disk), before);
  });

  it('H78: is not mounted over a directory that holds something', () => {
    insert();
    host.output('mkdir -p /srv/object/1; echo x >/srv/object/1/file');

    const { codes, said } = host.apply(WANTED);

    assert.equal(codes.at(-1), 118, said);
    assert.match(said, /\/srv\/object\/1 is not empty \(file\): a mount would hide that/);
    assert.equal(host.output('cat /srv/object/1/file'), 'x\n');
  });

  it('H77: that is missing leaves a place where nobody can write', () => {
    const { codes, said } = host.apply(WANTED);

    assert.deepEqual(codes, [0], said);
    assert.notEqual(host.run('echo lost >/srv/object/1/file').code, 0);
    assert.deepEqual(host.plan(WANTED).diff.changes, []);
  });
});
