import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'ext4',
};

describe('a device that goes while a host is asked for its disks', function () {
  this.timeout(120_000);
  const host = withDiskHost();

  /** Lets the kernel know a device to which something happens as soon as its size is asked for, and before it is told. */
  function passing(name: string, happens: string): void {
    host.output(`cd /run/block && mkdir ${name} && cd ${name}
echo 240:0 >dev
mkfifo size
(exec 3>size && rm size && echo 2048 >size && ${happens} && echo 2048 >&3) >/dev/null 2>&1 </dev/null &`);
  }

  it('is no reason not to believe what is said of the others', () => {
    host.insert('S1', { sizeBytes: 40 * MIB });
    passing('passing', 'rm dev');

    const { codes, said } = host.apply(WANTED);

    assert.deepEqual(codes, [0, 0], said);
    assert.equal(host.output('ls /run/block/passing'), 'size\n', 'it was asked for');
  });

  it('is one when it is still there and nothing is said of it', () => {
    host.insert('S1', { sizeBytes: 40 * MIB });
    passing('passing', 'echo >dev');

    const { diff, steps } = host.plan(WANTED);

    assert.deepEqual(steps, []);
    assert.match(JSON.stringify(diff), /nothing is said of the device passing: it may have just gone/);
  });

  it('is one when it comes back before the end', () => {
    host.insert('S1', { sizeBytes: 40 * MIB });
    passing('passing', 'rm dev');
    passing('second', 'rm dev && echo 240:0 >../passing/dev');

    const { diff, steps } = host.plan(WANTED);

    assert.deepEqual(steps, []);
    assert.match(JSON.stringify(diff), /nothing is said of the device passing: it may have just gone/);
  });
});
