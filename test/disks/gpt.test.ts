import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { EDGE, isPartOf, tableImage, type TableImage } from '../../lib/disks/gpt.ts';
import { diskIds, readPartLabel, uuid5 } from '../../lib/disks/ids.ts';
import { dataPartition } from '../../lib/disks/layout.ts';
import { readMarker, writeMarker, type Marker } from '../../lib/disks/marker.ts';

const name = { cluster: 'prod', host: 'storage-07', role: 'object', serial: 'S4EVNX0R', gen: 0 };
const ids = diskIds(name);

/** What sfdisk makes of an image file of this size. */
function madeBySfdisk(sizeBytes: number, label: string): TableImage {
  const folder = mkdtempSync(join(tmpdir(), 'slab-gpt-'));
  try {
    const file = join(folder, 'disk.img');
    writeFileSync(file, '');
    truncateSync(file, sizeBytes);
    const { start, size } = dataPartition(sizeBytes);
    const input = `label: gpt\nlabel-id: ${ids.diskGuid}\nunit: sectors\nstart=${start / 512}, size=${size / 512}, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=${ids.partUuid}, name="${label}"\n`;
    const made = spawnSync('sfdisk', ['-q', '--wipe', 'never', file], { input, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const read = (at: number): Uint8Array => {
      const bytes = Buffer.alloc(EDGE);
      const open = openSync(file, 'r');
      readSync(open, bytes, 0, EDGE, at);
      closeSync(open);
      return bytes;
    };
    return { head: read(0), tail: read(sizeBytes - EDGE) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('tableImage', () => {
  for (const sizeBytes of [320 * 2 ** 20, 400 * 2 ** 20 + 512, 3 * 2 ** 40 + 4096 * 3]) {
    it(`is byte for byte what sfdisk writes on a disk of ${sizeBytes} bytes`, () => {
      const label = ids.pendingLabel;

      const image = tableImage({ sizeBytes, sectorSize: 512, ...ids, label });

      const real = madeBySfdisk(sizeBytes, label);
      assert.deepEqual(Buffer.from(image.head), Buffer.from(real.head));
      assert.deepEqual(Buffer.from(image.tail), Buffer.from(real.tail));
    });
  }
});

describe('isPartOf', () => {
  const image = tableImage({ sizeBytes: 2 ** 30, sectorSize: 512, ...ids, label: ids.pendingLabel });

  it('H64: knows any part of our own table, in whole sectors', () => {
    const tail = Buffer.from(image.tail);
    tail.fill(0, EDGE - 512);

    assert.ok(isPartOf({ head: Buffer.alloc(EDGE), tail }, [image], 512));
  });

  it('H64: does not know a sector that differs in one byte', () => {
    const head = Buffer.from(image.head);
    head[1024 + 60] = 1;

    assert.ok(!isPartOf({ head, tail: image.tail }, [image], 512));
  });

  it('H30: does not know a protective MBR alone: it is the same in the table of anybody', () => {
    const head = Buffer.from(image.head);
    head.fill(0, 512);

    assert.ok(!isPartOf({ head, tail: Buffer.alloc(EDGE) }, [image], 512));
  });

  it('does not know the table of another disk', () => {
    const other = diskIds({ ...name, serial: 'S4EVNX0S' });
    const foreign = tableImage({ sizeBytes: 2 ** 30, sectorSize: 512, ...other, label: other.pendingLabel });

    assert.ok(!isPartOf(foreign, [image], 512));
  });
});

describe('ids of disks', () => {
  it('are the same every time: they are derived', () => {
    assert.deepEqual(diskIds(name), ids);
    // The standard's own example: RFC 9562, A.4.
    assert.equal(
      uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'),
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('are never used again: another generation has other ids', () => {
    const next = Object.values(diskIds({ ...name, gen: 1 }));

    assert.deepEqual(
      next.filter((id) => Object.values(ids).includes(id)),
      [],
    );
  });

  it('H83: make labels that fit, whatever the role is called, and carry a hash', () => {
    const long = diskIds({ ...name, role: 'a-role-with-a-very-long-name' });

    for (const label of [long.pendingLabel, long.readyLabel, long.approvedLabel])
      assert.ok(label.length <= 36);
    assert.match(long.fsLabel, /^sl-[0-9a-f]{9}$/);
    assert.equal(readPartLabel(long.pendingLabel), 'pending');
    assert.equal(readPartLabel(long.readyLabel), 'ready');
    assert.equal(readPartLabel('slab-r-me'), undefined);
  });
});

describe('markers', () => {
  const marker: Marker = {
    ...{ cluster: 'prod', host: 'storage-07', role: 'object', n: 3, slot: '', serial: 'S1', wwn: '' },
    ...{ sizeBytes: 2 ** 30, sectorSize: 512, gen: 0, filesystem: 'xfs', bootId: 'b', tool: 'mkfs.xfs' },
    ...{ diskGuid: ids.diskGuid, partUuid: ids.partUuid, fsUuid: ids.fsUuid },
  };

  it('read as they were written', () => {
    assert.deepEqual(readMarker(writeMarker(marker)), marker);
  });

  it('H66: that are empty or cut are none', () => {
    const text = writeMarker(marker);
    for (let length = 0; length < text.length - 1; length++)
      assert.equal(readMarker(text.slice(0, length)), undefined, text.slice(0, length));
  });

  it('of a version that is not known, or without a field, are none', () => {
    assert.equal(readMarker(writeMarker(marker).replace('slab.disk/1', 'slab.disk/9')), undefined);
    assert.equal(readMarker(writeMarker(marker).replace('"n":3,', '')), undefined);
  });
});
