import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DiskView } from '../../lib/model/disk-view.ts';
import { diskRows } from '../../lib/reporters/disk-text.ts';
import { makeStyle } from '../../lib/reporters/style.ts';

const ready: DiskView = {
  ...{ slot: '1', serial: 'S4EVNX0R', sizeBytes: 16e12, state: 'READY', action: 'none' },
  ...{ role: 'object-1', mount: '/srv/object/1', words: ['no change'] },
};
const fresh: DiskView = {
  ...{ ...ready, slot: '3', serial: 'WFK1A2B3', state: 'BLANK', action: 'format', role: 'object-3' },
  ...{ mount: '/srv/object/3', words: ['will be FORMATTED as xfs', 'blank: proof sampled'] },
};
const occupied: DiskView = {
  ...{ ...ready, slot: '5', serial: 'ZA17PP01', state: 'OCCUPIED', action: 'refused', role: '', mount: '' },
  words: ['LVM2_member "vg0" at 0x218 (wipefs)', 'left alone'],
};

describe('diskRows', () => {
  it('shows each disk of a host on a line, why below it, and how many are written to', () => {
    const rows = diskRows([{ host: 'storage-07', disks: [ready, fresh, occupied] }], makeStyle());

    assert.deepEqual(rows, [
      'Disks',
      '  storage-07 · 3 disks',
      '    1  S4EVNX0R  16.0 TB  READY     object-1  /srv/object/1  no change',
      '    3  WFK1A2B3  16.0 TB  BLANK     object-3  /srv/object/3  will be FORMATTED as xfs',
      '        blank: proof sampled',
      '    5  ZA17PP01  16.0 TB  OCCUPIED                           LVM2_member "vg0" at 0x218 (wipefs)',
      '        left alone',
      '  Writes to disks: 1 (1 new, 0 unfinished). Destroys data: 0.',
    ]);
  });

  it('says nothing of hosts whose disks are all as they should be, unless all is asked for', () => {
    const hosts = [{ host: 'storage-07', disks: [ready] }];

    assert.deepEqual(diskRows(hosts, makeStyle()), []);
    assert.equal(diskRows(hosts, makeStyle(), true).length, 4);
  });

  it('counts what destroys data apart from what does not', () => {
    const rows = diskRows([{ host: 'a', disks: [{ ...occupied, action: 'format' }] }], makeStyle());

    assert.match(rows.at(-1) ?? '', /Writes to disks: 1 \(0 new, 0 unfinished\)\. Destroys data: 1\./);
  });

  it('counts a damaged copy that is written anew among what is written, and apart', () => {
    const rows = diskRows(
      [{ host: 'a', disks: [{ ...ready, state: 'DEGRADED', action: 'mend' }, fresh] }],
      makeStyle(),
    );

    assert.match(
      rows.at(-1) ?? '',
      /Writes to disks: 2 \(1 new, 0 unfinished, 1 mended\)\. Destroys data: 0\./,
    );
  });

  it('makes what a disk calls itself harmless', () => {
    const rows = diskRows([{ host: 'a', disks: [{ ...occupied, serial: 'S\u001b[31m1' }] }], makeStyle());

    assert.ok(!rows.join('').includes('\u001b'), rows.join('\n'));
  });
});
