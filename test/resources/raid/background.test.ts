import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diff } from '../../../lib/model/resource.ts';
import { diffRaid } from '../../../lib/resources/raid/diff.ts';
import { factsOf, recordedAnswer } from '../../disks/recorded.ts';

const seen = factsOf(recordedAnswer('rebooted'));
const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: [] };
const link = (serial: string) => `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${serial}`;

/** What a plan says of the recorded array while /proc/mdstat says this of it. */
function diff(lines: readonly string[]): Diff {
  const value = ['Personalities : [raid1]', ...lines, '', 'unused devices: <none>', ''].join('\n');
  const facts = { ...seen, texts: { ...seen.texts, mdstat: { read: true as const, value } } };
  return diffRaid(
    {
      ...{ fun: 'present', name: '/dev/md/data', level: 'raid1', devices: [link('R1'), link('R2')] },
      ...{ spares: 0, options: [], full: false, records },
    },
    { facts: { read: true, value: facts }, looks: {} },
    { predicted: () => undefined, earlier: [] },
  );
}

describe('an array of which the kernel does something in the background', () => {
  it('is noted with how far it is while a member is rebuilt, and is not told as degraded', () => {
    const { notes, shortfalls, changes } = diff([
      'md127 : active raid1 sde[2] sdd[0]',
      '      408576 blocks super 1.2 [2/1] [U_]',
      '      [====>................]  recovery = 21.5% (70912/326656) finish=0.1min speed=35456K/sec',
    ]);

    assert.deepEqual([changes, shortfalls], [[], undefined]);
    assert.deepEqual(notes, [
      '/dev/md/data: goes on in the background: recovery 21.5 %, about 0.1 minutes to go (cat /proc/mdstat); until then a member that fails may take data with it',
    ]);
  });

  it('is noted while its first resync waits', () => {
    const { notes, shortfalls } = diff([
      'md127 : active (auto-read-only) raid1 sde[1] sdd[0]',
      '      408576 blocks super 1.2 [2/2] [UU]',
      '      \tresync=PENDING',
    ]);

    assert.equal(shortfalls, undefined);
    assert.match(notes?.join() ?? '', /resync PENDING/);
  });

  for (const [what, lines] of [
    ['a member is missing', ['md127 : active raid1 sdd[0]', '      408576 blocks super 1.2 [2/1] [U_]']],
    [
      'a member has failed',
      ['md127 : active raid1 sde[1](F) sdd[0]', '      408576 blocks super 1.2 [2/1] [U_]'],
    ],
    [
      'one is rebuilt and one is missing',
      [
        'md127 : active raid6 sdf[4] sde[1] sdd[0]',
        '      408576 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/2] [UU__]',
        '      [====>................]  recovery = 21.5% (70912/326656) finish=0.1min speed=35456K/sec',
      ],
    ],
  ] as const)
    it(`is degraded when ${what}`, () => {
      assert.match(diff(lines).shortfalls?.join() ?? '', /it is degraded/);
    });

  it('is not noted when nothing is done', () => {
    assert.deepEqual(
      diff(['md127 : active raid1 sde[1] sdd[0]', '      408576 blocks super 1.2 [2/2] [UU]']),
      { changes: [], predicted: {} },
    );
  });
});
