import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  dropSnapshots,
  noteTaken,
  readSnapshot,
  readTaken,
  writeSnapshot,
} from '../../lib/project/snapshot-file.ts';

const TAKEN = { at: '2026-11-28T10:00:00Z', slab: '1.2.3' };

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'slab-snapshots-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a snapshot', () => {
  it('has names in order and values as the host has them, and is written only when it differs', () =>
    inFolder((folder) => {
      const said = { grains: { os: 'Debian', ip: { eth1: ['a'], eth0: ['b'] } }, answers: { q: 1 } };

      const first = writeSnapshot(folder, 'web1', said);
      const second = writeSnapshot(folder, 'web1', { ...said, grains: { ip: said.grains.ip, os: 'Debian' } });
      const third = writeSnapshot(folder, 'web1', { ...said, answers: { q: 2 } });

      assert.deepEqual([first, second, third], ['new', 'same', 'changed']);
      assert.equal(
        readFileSync(join(folder, 'snapshots/web1.json'), 'utf8'),
        `{
  "format": "slab.snapshot/1",
  "grains": {
    "ip": {
      "eth1": [
        "a"
      ],
      "eth0": [
        "b"
      ]
    },
    "os": "Debian"
  },
  "answers": {
    "q": 2
  }
}
`,
      );
      assert.deepEqual(readSnapshot(folder, 'web1'), { ...said, answers: { q: 2 } });
    }));

  it('says when it was taken in a line of its own in another file', () =>
    inFolder((folder) => {
      for (const host of ['web2', 'web1']) writeSnapshot(folder, host, { grains: {}, answers: {} });
      noteTaken(folder, ['web2', 'web1'], TAKEN);
      noteTaken(folder, ['web2'], { ...TAKEN, at: '2026-11-29T10:00:00Z' });

      assert.equal(
        readFileSync(join(folder, 'snapshots/.taken.json'), 'utf8'),
        `{
  "web1": {"at":"2026-11-28T10:00:00Z","slab":"1.2.3"},
  "web2": {"at":"2026-11-29T10:00:00Z","slab":"1.2.3"}
}
`,
      );
    }));

  it('goes when its host does', () =>
    inFolder((folder) => {
      for (const host of ['web1', 'web2']) writeSnapshot(folder, host, { grains: {}, answers: {} });
      noteTaken(folder, ['web1', 'web2'], TAKEN);

      const gone = dropSnapshots(folder, (host) => host === 'web1');
      noteTaken(folder, [], TAKEN);

      assert.deepEqual(gone, ['web2']);
      assert.deepEqual(readdirSync(join(folder, 'snapshots')).sort(), ['.taken.json', 'web1.json']);
      assert.deepEqual([...readTaken(folder)], [['web1', TAKEN]]);
    }));

  for (const text of [
    '',
    '[]',
    '{"format": "slab.snapshot/2", "grains": {}, "answers": {}}',
    '<<<<<<< HEAD\n',
  ])
    it(`that is damaged is an error that says what to do: ${JSON.stringify(text)}`, () =>
      inFolder((folder) => {
        writeSnapshot(folder, 'web1', { grains: {}, answers: {} });
        writeFileSync(join(folder, 'snapshots/web1.json'), text);

        assert.throws(() => readSnapshot(folder, 'web1'), /web1\.json is no snapshot as slab writes them/);
      }));
});
