import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Mount } from '../../../lib/disks/facts.ts';
import { compareOptions } from '../../../lib/resources/disk/options.ts';
import { kinds } from '../../../lib/resources/index.ts';
import { answerOf, declareStates, examine } from '../../support/observe-case.ts';

describe('a disk that the kernel has made read only', () => {
  it('is not remounted, which would make it writable again', () => {
    const disk = kinds.get('disk');
    assert.ok(disk);
    const recorded = answerOf({ stdoutFile: 'disks/recorded/ready.txt' });
    const text = Buffer.from(recorded.stdout).toString('latin1');
    const stdout = Buffer.from(
      text.replaceAll('/dev/loop4p1 rw,inode64', '/dev/loop4p1 ro,inode64'),
      'latin1',
    );
    const args = { serials: ['S1', 'S2'], mount: '/srv/object/{n}', options: ['relatime'], mode: '0700' };
    const records = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };
    const { declared } = declareStates(disk, {
      states: [{ function: 'data', name: 'object', args }],
      records,
    });

    const [examined] = examine(disk, declared, { ...recorded, stdout }, {}, () => answerOf({}));

    assert.deepEqual(
      examined?.diff.changes.map(({ object, field }) => `${object} ${field}`),
      ['disk:object/S2 options', 'disk:object/S2 mode'],
    );
    assert.deepEqual(examined.diff.shortfalls?.slice(0, 1), [
      'disk S1: it is mounted read only: the kernel may have found errors on it',
    ]);
  });
});

describe('options of a disk', () => {
  const mount = (options: readonly string[]): Mount => ({
    ...{ id: '1', parent: '0', number: '8:1', root: '/', point: '/srv/object/1', options, type: 'xfs' },
    ...{ source: '/dev/sda1', superOptions: ['rw'] },
  });

  it('have strictatime where the kernel shows neither noatime nor relatime', () => {
    assert.deepEqual(compareOptions(['strictatime'], mount(['rw', 'nodev'])).live, []);
    assert.deepEqual(compareOptions(['strictatime'], mount(['rw', 'relatime'])).live, ['strictatime']);
  });
});
