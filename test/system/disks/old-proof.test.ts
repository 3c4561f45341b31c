import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeStep } from '../../../lib/disks/make-script.ts';
import { factsScript } from '../../../lib/disks/scripts.ts';
import type { HostDisk } from '../../support/disk-host.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';
import { diskNamed, factsOf } from '../../disks/recorded.ts';

const SIZE = 160 * MIB;
const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'ext4',
};

describe('a proof that a disk is blank', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const PLACE = 5 * MIB;

  /** Writes 4 KiB to a disk, once, as soon as one is read from a place behind that: somebody who is gone again a moment later. */
  const writeTo = ({ device }: HostDisk, reader: HostDisk): void => {
    host.output(`mount -t tmpfs tools /usr/local/sbin; cat >/usr/local/sbin/dd <<'END'
#!/bin/sh
case "$* " in *if=${reader.device.path}' '*skip=${64 * MIB}' '*) mkdir /run/written 2>/dev/null &&
  { echo precious; head -c 4087 /dev/zero; } >/run/4k &&
  /usr/bin/dd if=/run/4k of=${device.path} bs=4096 seek=${PLACE / 4096} conv=notrunc status=none ;;
esac
exec /usr/bin/dd "$@"
END
chmod +x /usr/local/sbin/dd`);
  };
  const found = ({ device }: HostDisk): string => {
    host.output('ls -d /run/written; umount /usr/local/sbin');
    return host.output(
      `dd if=${device.path} iflag=direct bs=4096 skip=${PLACE / 4096} count=1 status=none | head -n 1`,
    );
  };

  it('H13: is void when somebody wrote to the disk behind it', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const { steps } = host.plan(WANTED);
    writeTo(disk, disk);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [118], said);
    assert.match(said, /somebody has written to it since its proof began/);
    assert.equal(found(disk), 'precious\n');
  });

  it('H13: is void when somebody wrote to the disk while the next one was proved', () => {
    const disks = [host.insert('S1', { sizeBytes: SIZE }), host.insert('S2', { sizeBytes: SIZE })] as const;
    const facts = factsOf(host.run(factsScript.text).stdout);
    const devices = disks.map(({ serial, device }) => ({
      ...{ name: device.path, mode: 'blank' as const, device: diskNamed(facts, serial), becomes: 'btrfs' },
    }));
    const step = makeStep({ title: 'make', risk: 'change' }, facts, {
      devices,
      command: ['mkfs.btrfs', '-q', '{}'],
    });
    writeTo(...disks);

    const { codes, said } = host.runSteps([step]);
    const kept = found(disks[0]);
    host.output(
      `dd if=/dev/zero of=${disks[0].device.path} bs=1M seek=5 count=1 conv=notrunc,fsync status=none`,
    );
    const again = host.runSteps([step]);

    assert.deepEqual(codes, [118], said);
    assert.match(said, /somebody has written to it since its proof began/);
    assert.equal(kept, 'precious\n');
    assert.deepEqual(again.codes, [0], again.said);
  });
});
