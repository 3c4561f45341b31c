import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import { adoptionFingerprint } from '../../../lib/disks/adoption.ts';
import { listDisks } from '../../../lib/disks/identity.ts';
import { parseFacts } from '../../../lib/disks/parse-facts.ts';
import { factsScript } from '../../../lib/disks/scripts.ts';
import type { DiskAdoption } from '../../../lib/model/records.ts';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };
const SIZE = 320 * MIB;
const MARKER = '.slab/disk.json';

describe('a disk that was moved', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const { records } = host;
  let disk: HostDisk;
  let marker = '';
  afterEach(() => {
    host.records = records;
  });

  /** Lets another host of ours, or of another cluster, format it and keep files on it; then it is here. */
  const move = (filesystem: string, from: Readonly<Record<string, string>>): void => {
    disk = host.insert('S1', { sizeBytes: SIZE });
    host.records = { ...records, ...(from['host'] === undefined ? {} : { host: from['host'] }) };
    const { cluster } = from;
    const { codes, said } = host.apply({
      ...WANTED,
      filesystem,
      ...(cluster === undefined ? {} : { cluster }),
    });
    assert.deepEqual(codes, [0, 0], said);
    host.output(`cd /srv/object/1; head -c 3000000 /dev/urandom >data; ln data link; mkdir -m 0711 d
chown 12:34 d; echo x >d/file; setfattr -n user.a -v b d/file 2>/dev/null || :; cd /; sync`);
    marker = host.output(`cat /srv/object/1/${MARKER}`);
    host.output('umount /srv/object/1');
    host.records = records;
    host.boot();
  };

  /** Every name, mode, owner, time and byte of a mounted file system, but for slab's own folder. */
  const filesAt = (point: string): string =>
    host.output(`cd ${point}; find . -path ./.slab -prune -o ! -name . -printf '%P %y %m %U:%G %T@ %n %s\\n' | sort
find . -path ./.slab -prune -o -type f -print | sort | xargs sha256sum`);
  const peek = <T>(look: () => T): T => {
    host.output(`mount -o ro ${disk.device.path}p1 /mnt`);
    try {
      return look();
    } finally {
      host.output('umount /mnt');
    }
  };

  /** Agrees to take over exactly what is on it now. */
  const adopt = (more: Partial<DiskAdoption> = {}): void => {
    const facts = parseFacts(host.run(`{\n${factsScript.text}\n} </dev/null`));
    assert.ok(facts.read);
    const seen = listDisks(facts.value).find(({ serial }) => serial === 'S1');
    assert.ok(seen);
    const adoption = {
      ...{ host: records.host, serial: 'S1', sizeBytes: SIZE, by: 'anna', reason: 'moved' },
      ...{ fingerprint: adoptionFingerprint(seen, marker), expires: '2099-01-01T00:00:00Z' },
    };
    host.records = { ...records, adoptions: [{ ...adoption, ...more }] };
  };

  for (const [filesystem, from, whose] of [
    ['xfs', { host: 'storage-02' }, 'another host of ours'],
    ['ext4', { host: 'storage-02', cluster: 'ams' }, 'a foreign cluster'],
    ['btrfs', { cluster: 'ams' }, 'a host of the same name in a foreign cluster'],
  ] as const)
    it(`H85: from ${whose} is FOREIGN, and once adopted it is mounted with every file that was on it (${filesystem})`, () => {
      move(filesystem, from);
      const before = hashOf(disk);
      const refused = host.apply({ ...WANTED, filesystem });
      const untouched = hashOf(disk);
      const files = peek(() => filesAt('/mnt'));
      adopt();

      const { codes, said, plan } = host.apply({ ...WANTED, filesystem });
      const after = filesAt('/srv/object/1');
      const again = host.plan({ ...WANTED, filesystem });

      assert.equal(refused.plan.diff.disks?.[0]?.state, 'FOREIGN');
      assert.match(refused.plan.diff.shortfalls?.join() ?? '', /use "slab disk adopt"/);
      assert.equal(untouched, before);
      assert.match(plan.diff.disks?.[0]?.words[0] ?? '', /will be ADOPTED as prod\/storage-07\/object-1/);
      assert.deepEqual(
        plan.diff.changes.map(({ field, risk }) => `${field} ${risk}`),
        ['marker change', 'mount change'],
      );
      assert.deepEqual(codes, [0, 0], said);
      assert.equal(after, files);
      assert.deepEqual([again.diff.changes, again.diff.disks?.[0]?.state], [[], 'READY']);
    });

  it('is adopted once: taken back and moved here again it is FOREIGN', () => {
    move('xfs', { host: 'storage-02' });
    adopt();
    host.apply(WANTED);
    const agreed = host.records;
    // Its own host adopts it back, which writes another marker than was agreed to.
    marker = host.output(`cat /srv/object/1/${MARKER}`).replace('storage-07', 'storage-03');
    host.output(`chmod u+w /srv/object/1/${MARKER}; cat >/srv/object/1/${MARKER} <<'END'
${marker.trim()}
END
umount /srv/object/1`);
    host.boot();
    host.records = agreed;

    const { plan } = host.apply(WANTED);

    assert.equal(plan.diff.disks?.[0]?.action, 'refused');
    assert.match(
      plan.diff.shortfalls?.join() ?? '',
      /the adoption is for sha256:.*, and what is there is sha256:/,
    );
  });

  for (const [tool, nth, state] of [
    ['mount', 2, 'FOREIGN'],
    ['sync', 1, 'FOREIGN'],
    ['mv', 1, 'FOREIGN'],
    ['sync', 2, 'READY'],
    ['umount', 2, 'READY'],
    ['blockdev', 1, 'READY'],
    ['mount', 4, 'READY'],
  ] as const)
    it(`whose adoption is killed before ${tool} no. ${nth} is ${state}, and the next run brings it to READY without asking again`, () => {
      move('xfs', { host: 'storage-02' });
      const files = peek(() => filesAt('/mnt'));
      adopt();
      const { steps } = host.plan(WANTED);
      host.killAt({ tool, nth });
      const killed = host.runSteps(steps);
      const calls = host.killNoMore();

      const found = host.plan(WANTED).diff.disks?.[0];
      const resumed = host.apply(WANTED);

      assert.equal(killed.codes.at(-1), 137, `${killed.said}\n${calls.join('\n')}`);
      assert.ok(!calls.some((call) => /^(mkfs|wipefs -q|sfdisk -q)/.test(call)));
      assert.equal(found?.state, state, JSON.stringify(found));
      assert.ok(
        resumed.codes.every((code) => code === 0),
        resumed.said,
      );
      assert.equal(host.plan(WANTED).diff.disks?.[0]?.state, 'READY');
      assert.equal(filesAt('/srv/object/1'), files);
    });

  for (const [what, change, words] of [
    [
      'its marker',
      `cat /mnt/${MARKER} | sed s/object/spare/ >/mnt/m; mv /mnt/m /mnt/${MARKER}`,
      /the adoption is for sha256:/,
    ],
    ['its marker is gone', `rm /mnt/${MARKER}`, /marker missing/],
  ] as const)
    it(`is left alone when it changed since the fingerprint: ${what}`, () => {
      move('xfs', { host: 'storage-02' });
      adopt();
      const { steps } = host.plan(WANTED);
      host.output(`mount ${disk.device.path}p1 /mnt; ${change}; umount /mnt; sync`);
      const before = hashOf(disk);

      const late = host.runSteps(steps);
      const { plan } = host.apply(WANTED);

      assert.deepEqual(late.codes, [118], late.said);
      assert.match(late.said, /its marker (is another than the plan saw|cannot be read)/);
      assert.equal(plan.diff.disks?.[0]?.action, 'refused');
      assert.match(plan.diff.shortfalls?.join() ?? '', words);
      assert.equal(hashOf(disk), before);
    });

  it('is left alone when its table changed after the plan', () => {
    move('xfs', { host: 'storage-02' });
    adopt();
    const { steps } = host.plan(WANTED);
    host.output(`sfdisk -q --part-label ${disk.device.path} 1 other >/dev/null; sync`);
    const before = hashOf(disk);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [118], said);
    assert.match(said, /its table is not as the plan saw it/);
    assert.equal(hashOf(disk), before);
  });

  it('is left alone while somebody uses it, in the plan and in the apply', async () => {
    move('ext4', { host: 'storage-02' });
    adopt();
    const { steps } = host.plan({ ...WANTED, filesystem: 'ext4' });
    const before = hashOf(disk);
    const open = 'sysopen(my $f, $ARGV[0], 2) or die; $| = 1; print "open\n"; sleep 60';
    const holder = spawn('perl', ['-e', open, `${disk.device.path}p1`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    try {
      const { codes, said } = host.runSteps(steps);
      assert.deepEqual(codes, [118], said);
      assert.match(said, /in use: open in process/);
    } finally {
      holder.kill('SIGKILL');
      await new Promise((resolve) => holder.once('close', resolve));
    }
    host.output(`mount -o ro,noload ${disk.device.path}p1 /srv`);
    const busy = host.plan({ ...WANTED, filesystem: 'ext4' }).diff.disks?.[0];
    host.output('umount /srv');
    assert.equal(busy?.state, 'BUSY', JSON.stringify(busy));
    assert.equal(hashOf(disk), before);
  });

  it('is left alone when a copy of it is there, which has the same xfs, and when one appears after the plan', () => {
    move('xfs', { host: 'storage-02' });
    adopt();
    const { steps } = host.plan(WANTED);
    const before = hashOf(disk);
    copyFileSync(disk.file, `${disk.file}.copy`);
    const copy = host.insert('S2', { file: `${disk.file}.copy` });
    host.run(`partx -a ${copy.device.path}`);

    const late = host.runSteps(steps);
    const { plan } = host.apply(WANTED);

    assert.deepEqual(late.codes, [118], late.said);
    assert.match(late.said, /has the same file system: one is a copy of the other/);
    assert.equal(plan.diff.disks?.[0]?.action, 'refused');
    assert.match(plan.diff.shortfalls?.join() ?? '', /S2 has the same ids/);
    assert.deepEqual([hashOf(disk), hashOf(copy)], [before, before]);
  });

  it('is left alone when the adoption is for another host', () => {
    move('xfs', { host: 'storage-02' });
    adopt({ host: 'storage-09' });
    const before = hashOf(disk);

    const { plan } = host.apply(WANTED);

    assert.match(plan.diff.shortfalls?.join() ?? '', /the adoption is for another host/);
    assert.equal(hashOf(disk), before);
  });
});
