import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { DiskHost } from '../../support/disk-host.ts';

describe('what is mounted anew', function () {
  this.timeout(90_000);
  let host: DiskHost;
  const point = '/srv/data';
  const tmpfs = { device: 'tmpfs', fstype: 'tmpfs', persist: false };
  const bind = { device: '/srv/from', fstype: 'none', opts: 'bind', persist: false };
  before(() => {
    host = new DiskHost();
    host.boot();
  });
  after(() => host.end());
  beforeEach(() => {
    host.output(`mkdir -p ${point} /srv/from; mount --bind /usr/share ${point}; mkdir -p /srv/from/new`);
  });
  afterEach(() => host.boot());

  /** What is mounted at the point, the last one last: `TYPE ROOT`. */
  const seen = (): readonly string[] =>
    host
      .output(
        `sed -n 's|^[0-9]* [0-9]* [0-9:]* \\([^ ]*\\) ${point} .* - \\([^ ]*\\) .*|\\2 \\1|p' /proc/self/mountinfo`,
      )
      .split('\n')
      .slice(0, -1);
  /** From now on mount fails as often for this point, but for changes of options; a namespace aside is not this one. */
  const failing = (times: number): void =>
    void host.output(`mount -t tmpfs tools /usr/local/sbin
echo ${times} >/run/times
readlink /proc/self/ns/mnt >/run/here
cat >/usr/local/sbin/mount <<'END'
#!/bin/sh
case "$*" in *remount*) ;; *' ${point}')
  times=$(cat /run/times)
  if [ "$times" -gt 0 ] && [ "$(readlink /proc/self/ns/mnt)" = "$(cat /run/here)" ]; then
    echo $((times - 1)) >/run/times
    echo 'mount: it fails' >&2
    exit 32
  fi ;;
esac
exec /usr/bin/mount "$@"
END
chmod +x /usr/local/sbin/mount`);

  it('replaces what is mounted there', () => {
    const { codes, said } = host.applyState('mount.mounted', point, { args: bind });

    assert.deepEqual(codes, [0], said);
    assert.deepEqual(seen(), ['tmpfs /from']);
  });

  it('H78: is not unmounted where the directory below is not empty', () => {
    host.output(`umount ${point}; echo precious >${point}/file; mount --bind /usr/share ${point}`);
    const before = seen();

    const { codes, said } = host.applyState('mount.mounted', point, { args: bind });

    assert.deepEqual(codes, [118]);
    assert.match(said, /the directory below it is not empty \(file\): a mount would hide that/);
    assert.deepEqual(seen(), before);
  });

  it('is not unmounted where something else is mounted below it', () => {
    const { steps } = host.planState('mount.mounted', point, { args: bind });
    host.output(`umount ${point}; mount -t tmpfs below ${point}; mount --bind /usr/share ${point}`);
    const before = seen();

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [118]);
    assert.match(said, /something else is mounted below it: [0-9:]+ below/);
    assert.deepEqual(seen(), before);
  });

  it('is not unmounted where what it holds is in memory alone', () => {
    host.output(`umount ${point}; mount -t tmpfs other ${point}; echo precious >${point}/file`);

    const { codes, said } = host.applyState('mount.mounted', point, {
      args: { ...bind, device: '/usr/share' },
    });

    const kept = host.output(`cat ${point}/file`);
    // The same file system is mounted at /srv as well.
    host.output(`umount ${point}; mkdir /srv/old; touch /srv/old/file; mount --bind /srv/old ${point}`);
    const bound = host.applyState('mount.mounted', point, { args: { ...bind, device: '/usr/share' } });

    assert.deepEqual(codes, [118]);
    assert.match(said, /it is not empty \(file\): that is in memory alone, and would be lost/);
    assert.equal(kept, 'precious\n');
    assert.deepEqual(bound.codes, [0], bound.said);
  });

  it('is not unmounted for what does not mount', () => {
    const before = seen();

    const { codes, said } = host.applyState('mount.mounted', point, { args: { ...tmpfs, opts: 'sice=1m' } });

    assert.deepEqual(codes, [1]);
    assert.match(said, /it does not mount; what is mounted there stays/);
    assert.deepEqual(seen(), before);
  });

  it('comes back as it was when the other one does not mount after all', () => {
    host.output(`mount -o remount,bind,nodev,noatime ${point}`);
    const before = seen();
    failing(1);

    const { codes, said } = host.applyState('mount.mounted', point, { args: bind });

    assert.deepEqual(codes, [1]);
    assert.match(said, /it does not mount\n.* is mounted again as it was/);
    assert.deepEqual(seen(), before);
    assert.match(host.output(`grep ' ${point} ' /proc/self/mountinfo`), / rw,nodev,noatime /);
  });

  it('leaves a place where nobody can write when nothing mounts any more', () => {
    failing(2);

    const { codes, said } = host.applyState('mount.mounted', point, { args: bind });
    host.output('umount /usr/local/sbin');
    const written = host.run(`touch ${point}/x`).code;
    const again = host.applyState('mount.mounted', point, { args: bind });

    assert.deepEqual(codes, [1]);
    assert.match(said, /was unmounted and does not mount again\. Until it does nobody can write there/);
    assert.notEqual(written, 0);
    assert.deepEqual(again.codes, [0], again.said);
    assert.deepEqual(seen().at(-1), 'tmpfs /from');
  });

  it('mount.unmounted unmounts what the plan saw, and not what lies below it, nor a place that is kept shut', () => {
    host.output(`umount ${point}; mount -t tmpfs slab-blocked ${point}; mount -t tmpfs below ${point}
mount --bind /usr/share ${point}`);

    const first = host.applyState('mount.unmounted', point);
    const left = seen();
    const second = host.applyState('mount.unmounted', point);

    assert.deepEqual([first.codes, second.codes], [[0], [0]], first.said + second.said);
    assert.match(first.said, /unmounted; there is now what it hid: [0-9:]+ below/);
    assert.deepEqual(left, ['tmpfs /', 'tmpfs /']);
    assert.deepEqual(seen(), ['tmpfs /']);
    assert.deepEqual(host.planState('mount.unmounted', point).diff.changes, []);
  });

  it('a bind mount loses noatime where relatime is declared, and keeps options that are not', () => {
    const wanted = { args: { ...bind, opts: 'bind,relatime,ro' } };
    host.output(
      `umount ${point}; mount --bind /srv/from ${point}; mount -o remount,bind,noatime,nodev ${point}`,
    );

    const { codes, said } = host.applyState('mount.mounted', point, wanted);

    assert.deepEqual(codes, [0], said);
    assert.match(host.output(`grep ' ${point} ' /proc/self/mountinfo`), / ro,nodev,relatime /);
    assert.deepEqual(host.planState('mount.mounted', point, wanted).diff.changes, []);
  });
});
