import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { DiskHost, type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';

const FSTAB =
  '# by hand: do not touch\nproc\t/proc proc  defaults 0 0\n\nLABEL=old /mnt/old ext4 noauto 0 2 # x\n';

describe('mounts', function () {
  this.timeout(90_000);
  let host: DiskHost;
  let disk: HostDisk;
  const point = '/srv/data';
  before(() => {
    host = new DiskHost();
    host.boot();
  });
  after(() => host.end());
  beforeEach(() => {
    // An /etc of its own, so that files in it can be replaced.
    host.output(
      `mkdir /run/etc; cp -a /etc/. /run/etc/; mount --bind /run/etc /etc; cat >/etc/fstab <<'END'\n${FSTAB}END`,
    );
    disk = host.insert('S1', { sizeBytes: 64 * 2 ** 20 });
  });
  afterEach(() => {
    host.run(`swapoff ${disk.device.path}`);
    host.boot();
    host.remove(disk);
  });
  const fields = (plan: ReturnType<DiskHost['planState']>): readonly string[] =>
    plan.diff.changes.map(({ field }) => field);
  const args = (more: object = {}) => ({
    device: 'LABEL=data',
    fstype: 'ext4',
    mkmnt: true,
    opts: 'noatime,nofail',
    ...more,
  });
  const format = (): void => void host.output(`mkfs.ext4 -q -L data ${disk.device.path}; sync`);

  describe('mount.mounted', () => {
    it('mounts what is declared and adds its line, leaves all others as they are, and a second plan is empty', () => {
      format();

      const { codes, said, plan } = host.applyState('mount.mounted', point, { args: args() });

      assert.deepEqual(fields(plan), ['mounted', 'fstab']);
      assert.deepEqual(codes, [0, 0], said);
      assert.equal(
        host.output('cat /etc/fstab'),
        `${FSTAB}LABEL=data\t/srv/data\text4\tnoatime,nofail\t0\t0\n`,
      );
      assert.match(host.output(`grep ' ${point} ' /proc/self/mountinfo`), /noatime/);
      assert.deepEqual(host.planState('mount.mounted', point, { args: args() }).diff.changes, []);
    });

    it('mends only what has drifted: the line, the mount, an option', () => {
      format();
      const wanted = args({ opts: 'noatime,nodev' });
      host.applyState('mount.mounted', point, { args: wanted });

      host.output(`sed -i '/LABEL=data/d' /etc/fstab`);
      const line = host.applyState('mount.mounted', point, { args: wanted });
      host.output(`umount ${point}`);
      const live = host.applyState('mount.mounted', point, { args: wanted });
      host.output(`mount -o remount,relatime,dev ${disk.device.path} ${point}`);
      const options = host.applyState('mount.mounted', point, { args: wanted });

      assert.deepEqual(
        [line, live, options].map(({ plan }) => fields(plan)),
        [['fstab'], ['mounted'], ['options']],
      );
      assert.deepEqual(
        [line, live, options].map(({ codes }) => codes),
        [[0], [0], [0]],
        options.said,
      );
      assert.deepEqual(host.planState('mount.mounted', point, { args: wanted }).diff.changes, []);
    });

    it('H86: takes away noatime where relatime is declared', () => {
      format();
      host.applyState('mount.mounted', point, { args: args({ opts: 'noatime' }) });

      const { codes, said } = host.applyState('mount.mounted', point, { args: args({ opts: 'relatime' }) });

      assert.deepEqual(codes, [0, 0], said);
      assert.deepEqual(
        host.planState('mount.mounted', point, { args: args({ opts: 'relatime' }) }).diff.changes,
        [],
      );
    });

    it('H78: does not hide what a directory holds, in the plan and in the apply', () => {
      format();
      const { steps } = host.planState('mount.mounted', point, { args: args() });
      host.output(`mkdir -p ${point}; echo precious >${point}/file`);

      const planned = host.planState('mount.mounted', point, { args: args() }).diff;
      const { codes, said } = host.runSteps(steps);

      assert.match(
        planned.problems?.join() ?? '',
        /is not empty \(1 entries: file\): a mount would hide them/,
      );
      assert.equal(codes.at(-1), 118);
      assert.match(said, /it is not empty \(file\)/);
    });

    it('does not mount, nor make anew, what holds something else; not a byte of it changes', () => {
      host.output(`mkswap -q -L data ${disk.device.path}; sync`);
      const before = hashOf(disk);

      const { diff, steps } = host.planState('mount.mounted', point, { args: args() });

      assert.match(diff.problems?.join() ?? '', /LABEL=data holds swap, not ext4: it is not mounted/);
      assert.deepEqual(steps, []);
      assert.equal(hashOf(disk), before);
    });

    it('says that there is no such device, and that a mount point is missing', () => {
      const missing = host.planState('mount.mounted', point, {
        args: args({ device: 'LABEL=nothing' }),
      }).diff;
      format();
      const place = host.planState('mount.mounted', point, { args: args({ mkmnt: false }) }).diff;

      assert.match(missing.problems?.join() ?? '', /there is no block device LABEL=nothing/);
      assert.match(place.problems?.join() ?? '', /\/srv\/data does not exist: say "mkmnt: True"/);
    });

    it('replaces what is mounted there, unless somebody uses it; then it says who', () => {
      format();
      host.output(`mkdir -p ${point}; mount -t tmpfs other ${point}`);
      const plan = host.planState('mount.mounted', point, { args: args() });
      const busy = host.run(
        `(cd ${point} && exec sleep 20) & user=$!; sleep 0.3\n${plan.steps[0]?.script.text ?? ''}\ncode=$?; kill $user; exit $code`,
      );
      const free = host.applyState('mount.mounted', point, { args: args() });

      assert.deepEqual(fields(plan), ['mounted', 'fstab']);
      assert.equal(plan.diff.changes[0]?.risk, 'disrupt');
      assert.equal(busy.code, 118);
      assert.match(busy.stderr, /it is busy, and is not forced: [0-9]+ \(sleep\)/);
      assert.deepEqual(free.codes, [0, 0], free.said);
      assert.deepEqual(host.planState('mount.mounted', point, { args: args() }).diff.changes, []);
    });

    it('binds a directory with options of its own, and puts a tmpfs of a size over what is there', () => {
      host.output('mkdir -p /srv/from /srv/to /srv/tmp; echo x >/srv/tmp/old');
      const bind = { device: '/srv/from', fstype: 'none', opts: ['bind', 'ro'] };
      const tmpfs = { device: 'tmpfs', fstype: 'tmpfs', opts: 'size=8m,mode=1777' };

      const bound = host.applyState('mount.mounted', '/srv/to', { args: bind });
      const made = host.applyState('mount.mounted', '/srv/tmp', { args: tmpfs });
      const grown = host.applyState('mount.mounted', '/srv/tmp', {
        args: { ...tmpfs, opts: 'size=16m,mode=1777' },
      });

      assert.deepEqual(
        [bound.codes, made.codes, grown.codes],
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        bound.said + made.said + grown.said,
      );
      assert.match(made.plan.diff.notes?.join() ?? '', /hides: old/);
      assert.equal(host.run('touch /srv/to/x').code === 0, false);
      assert.deepEqual(host.planState('mount.mounted', '/srv/to', { args: bind }).diff.changes, []);
      assert.deepEqual(
        host.planState('mount.mounted', '/srv/tmp', { args: { ...tmpfs, opts: 'size=16m,mode=1777' } }).diff
          .changes,
        [],
      );
    });

    it('writes only fstab with "mount: False", into another file with config, and keeps a line that changed meanwhile', () => {
      const wanted = args({ mount: false, config: '/srv/tab' });
      const first = host.applyState('mount.mounted', point, { args: wanted });
      const { steps } = host.planState('mount.mounted', point, { args: { ...wanted, opts: 'ro' } });
      host.output(`sed -i 's/noatime/nodev/' /srv/tab`);
      const { codes, said } = host.runSteps(steps);

      assert.deepEqual(fields(first.plan), ['fstab']);
      assert.deepEqual(first.codes, [0], first.said);
      assert.deepEqual(codes, [118], said);
      assert.equal(host.output('cat /srv/tab'), 'LABEL=data\t/srv/data\text4\tnodev,nofail\t0\t0\n');
    });

    it('does the same on a host whose sh is busybox', () => {
      format();
      const shell = ['busybox', 'ash'];

      const { codes, said } = host.applyState('mount.mounted', point, { args: args(), shell });

      assert.deepEqual(codes, [0, 0], said);
      assert.deepEqual(host.planState('mount.mounted', point, { args: args(), shell }).diff.changes, []);
    });
  });

  it('mount.unmounted: unmounts, takes the line out with persist, and does not touch the system', () => {
    format();
    host.applyState('mount.mounted', point, { args: args() });

    const { codes, said, plan } = host.applyState('mount.unmounted', point, { args: { persist: true } });

    assert.deepEqual(fields(plan), ['mounted', 'fstab']);
    assert.deepEqual(codes, [0, 0], said);
    assert.equal(host.output('cat /etc/fstab'), FSTAB);
    assert.deepEqual(host.planState('mount.unmounted', point, { args: { persist: true } }).diff.changes, []);
    assert.match(
      host.planState('mount.unmounted', '/').diff.problems?.join() ?? '',
      /the running system lives at \//,
    );
  });

  it('mount.fstab_present and fstab_absent: one line comes and goes, and nothing is mounted', () => {
    format();
    const line = { fs_file: point, fs_vfstype: 'ext4', fs_mntops: 'noauto', mount_by: 'uuid' };

    const put = host.applyState('mount.fstab_present', disk.device.path, { args: line });
    const again = host.planState('mount.fstab_present', disk.device.path, { args: line });
    const text = host.output('cat /etc/fstab');
    const gone = host.applyState('mount.fstab_absent', disk.device.path, { args: { fs_file: point } });

    assert.deepEqual([put.codes, gone.codes], [[0], [0]], put.said + gone.said);
    assert.match(text, /\nUUID=[0-9a-f-]{36}\t\/srv\/data\text4\tnoauto\t0\t0\n$/);
    assert.deepEqual(again.diff.changes, []);
    assert.equal(host.output('cat /etc/fstab'), FSTAB);
  });

  it('mount.swap: makes a blank device swap and uses it, and refuses one that is not blank', () => {
    const { path } = disk.device;
    host.output(`mkfs.ext4 -q ${path}; sync`);
    const before = hashOf(disk);
    const refused = host.planState('mount.swap', path);
    const after = hashOf(disk);
    host.output(`dd if=/dev/zero of=${path} bs=1M count=64 conv=fsync status=none`);
    const { codes, said, plan } = host.applyState('mount.swap', path);
    const again = host.planState('mount.swap', path);
    host.output(`swapoff ${path}`);
    const back = host.applyState('mount.swap', path);
    host.output(`swapoff ${path}`);

    assert.match(refused.diff.problems?.join() ?? '', /OCCUPIED: ext4/);
    assert.equal(after, before);
    assert.deepEqual(fields(plan), ['content', 'active', 'fstab']);
    assert.deepEqual(codes, [0, 0, 0], said);
    assert.deepEqual(again.diff.changes, []);
    assert.deepEqual(fields(back.plan), ['active']);
    assert.deepEqual(back.codes, [0], back.said);
  });
});
