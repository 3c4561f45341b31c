import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noteOfShare } from '../../../lib/resources/lvm/share.ts';

const EXTENT = 4194304;
const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: [] };

/** What a plan says of a volume of so many extents in a group of 100, of which so many are free. */
function note(extents: string, has: number, free: number): readonly string[] {
  return noteOfShare(
    {
      ...{ fun: 'lv_present', name: 'data', group: 'vg0', pv: '', resizeFileSystem: false, records },
      size: { option: '--extents', value: extents },
    },
    { name: 'data', group: 'vg0', uuid: 'u', sizeBytes: has * EXTENT, tags: [], origin: '', pool: '' },
    {
      ...{ name: 'vg0', uuid: 'g', missing: 0, extentBytes: EXTENT },
      ...{ sizeBytes: 100 * EXTENT, freeBytes: free * EXTENT },
    },
  );
}

describe('a volume that is declared as a share of what is there', () => {
  it('is not compared, which is said where something is free', () => {
    assert.deepEqual(note('100%FREE', 50, 50), [
      '/dev/vg0/data: "extents: 100%FREE" is counted when a volume is made, and not compared: it has 209715200 bytes, and 209715200 bytes of vg0 are free. To let it grow, declare a size',
    ]);
    assert.equal(note('50%PVS', 20, 1).length, 1);
    assert.equal(note('50%VG', 49, 51).length, 1);
  });

  it('needs no word where nothing is free, where it has its share of the group, or where it is no share', () => {
    assert.deepEqual(note('100%FREE', 100, 0), []);
    assert.deepEqual(note('50%VG', 50, 50), []);
    assert.deepEqual(note('33%VG', 33, 67), []);
    assert.deepEqual(note('50', 50, 50), []);
  });
});
