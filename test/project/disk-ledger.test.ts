import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { DiskApproval } from '../../lib/model/records.ts';
import type { DiskFile } from '../../lib/project/disk-file.ts';
import {
  withApproval,
  withReadyDisk,
  withRetiredDisk,
  withUsedApproval,
} from '../../lib/project/disk-changes.ts';
import {
  diskFileOf,
  diskFilePath,
  readLedger,
  recordsFor,
  updateDiskFile,
} from '../../lib/project/disk-ledger.ts';
import { noteReadyDisks } from '../../lib/project/note-ready-disks.ts';
import { whileLocked } from '../../lib/project/lock-file.ts';

const noon = new Date('2026-11-20T12:00:00Z');
const seen = { serial: 'S4EV', host: 'st1', role: 'object', sizeBytes: 16_000_900_661_248, gen: 0 };
const approval: DiskApproval = {
  ...{ host: 'st1', serial: 'S4EV', sizeBytes: 16_000_900_661_248, reason: 'RMA-1234', by: 'anna', gen: 1 },
  ...{ fingerprint: `sha256:${'4f'.repeat(32)}`, expires: '2026-11-21T12:00:00.000Z' },
};

describe('the ledger of disks', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slab-ledger-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const blank = diskFileOf(new Map(), 'S4EV');
  const write = (file: DiskFile) => updateDiskFile(folder, 'S4EV', () => file);
  const at = (now: Date, host = 'st1') => recordsFor(readLedger(folder), { environment: 'prod', host, now });

  it('is empty where there is no folder', () => {
    assert.equal(readLedger(join(folder, 'none')).size, 0);
  });

  it('reads what it wrote, one file a disk', () => {
    const file = withApproval(withReadyDisk(blank, seen, noon), approval);

    const { path } = write(file);

    assert.deepEqual(readdirSync(folder), ['S4EV.json']);
    assert.equal(path, join(folder, 'S4EV.json'));
    assert.deepEqual(readLedger(folder), new Map([['S4EV', file]]));
  });

  it('keeps serial numbers that are no file names', () => {
    assert.equal(diskFilePath('disks', '../a b'), join('disks', '%2E%2E%2Fa%20b.json'));
  });

  it('gives a host its own approvals that are neither used nor expired, and every disk', () => {
    write(withApproval(withReadyDisk(blank, seen, noon), approval));

    assert.deepEqual(at(noon).approvals, [approval]);
    assert.deepEqual(at(noon, 'st2').approvals, []);
    assert.equal(at(noon, 'st2').disks.length, 1, 'a disk that moved is known too');
    assert.deepEqual(at(new Date('2026-11-21T12:00:00Z')).approvals, []);
    assert.deepEqual(at(new Date('2026-11-21T12:00:00Z')).generations, { S4EV: 1 });
  });

  it('lets an approval be used once', () => {
    const used = withUsedApproval(withApproval(blank, approval), approval.fingerprint, noon);
    write(used);

    assert.deepEqual(at(noon).approvals, []);
    assert.equal(readLedger(folder).get('S4EV')?.approvals[0]?.used, '2026-11-20T12:00:00.000Z');
  });

  it('notes that an approval was used where its content was destroyed, whatever is there now', () => {
    const other = { ...approval, host: 'st2', fingerprint: `sha256:${'00'.repeat(32)}` };
    write(withApproval(withApproval(blank, approval), other));
    const gone = { host: 'st1', serial: 'S4EV', fingerprint: approval.fingerprint };
    const note = () =>
      noteReadyDisks(folder, readLedger(folder), { ready: [], present: [], destroyed: [gone], now: noon });

    const { written } = note();

    assert.deepEqual(written, [join(folder, 'S4EV.json')]);
    assert.deepEqual(readLedger(folder).get('S4EV')?.approvals, [
      { ...approval, used: '2026-11-20T12:00:00.000Z' },
      other,
    ]);
    assert.deepEqual(note().written, [], 'once');
  });

  it('has one open approval for a disk of a host: the last', () => {
    const second = { ...approval, fingerprint: `sha256:${'00'.repeat(32)}` };

    const file = withApproval(withApproval(blank, approval), second);

    assert.deepEqual(file.approvals, [second]);
  });

  it('is not written anew for a disk that is as it was', () => {
    const file = withReadyDisk(blank, seen, noon);

    assert.equal(withReadyDisk(file, seen, new Date('2026-11-25T12:00:00Z')), file);
    assert.equal(
      withReadyDisk(file, seen, new Date('2026-12-01T12:00:00Z')).disk?.lastReady,
      '2026-12-01T00:00:00Z',
    );
    assert.equal(withReadyDisk(file, { ...seen, host: 'st2' }, noon).disk?.host, 'st2');
  });

  it('keeps a disk retired although it is seen again', () => {
    const disk = withReadyDisk(blank, seen, noon).disk;
    assert.ok(disk);
    const retired = withRetiredDisk(blank, disk, { at: '2026-11-20T12:00:00Z', why: 'slow' });

    assert.equal(withReadyDisk(retired, seen, noon).disk?.retired?.why, 'slow');
  });

  describe('that others write while a run has it open', () => {
    const retired = { at: '2026-11-20T12:30:00Z', why: 'slow' };
    const later = new Date('2026-11-20T13:00:00Z');
    /** An apply ends. */
    const note = (ledger: ReturnType<typeof readLedger>) =>
      noteReadyDisks(folder, ledger, { ready: [{ ...seen, gen: 1 }], present: [], now: later });

    it('keeps that a disk was retired meanwhile, and what was agreed to', () => {
      write(withReadyDisk(blank, seen, noon));
      const opened = readLedger(folder);
      const elsewhere = { ...approval, host: 'st2' };
      updateDiskFile(folder, 'S4EV', (file) => {
        assert.ok(file.disk);
        return withApproval(withRetiredDisk(file, file.disk, retired), elsewhere);
      });

      const { written, problems } = note(opened);

      assert.deepEqual(written, [join(folder, 'S4EV.json')]);
      assert.deepEqual(problems, []);
      const { disk, approvals } = readLedger(folder).get('S4EV') ?? blank;
      assert.deepEqual(disk?.retired, retired);
      assert.equal(disk.gen, 1);
      assert.deepEqual(approvals, [elsewhere]);
    });

    describe('where a new disk has the number of another one', () => {
      const fresh = { ...seen, serial: 'S5', n: 3 };
      const noteFresh = (more: Partial<Parameters<typeof noteReadyDisks>[2]> = {}) => {
        write(withReadyDisk(blank, { ...seen, n: 3 }, noon));
        return noteReadyDisks(folder, readLedger(folder), {
          ...{ ready: [fresh], present: [{ host: 'st1', serial: 'S5' }], now: later },
          ...more,
        });
      };

      it('takes the one that is gone out of service, once', () => {
        const { retired } = noteFresh();

        const why = 'its number 3 was given to disk S5';
        assert.deepEqual(retired, [{ serial: 'S4EV', host: 'st1', why }]);
        assert.deepEqual(readLedger(folder).get('S4EV')?.disk?.retired, { at: later.toISOString(), why });
        const again = { ready: [fresh], present: [], now: new Date('2026-11-20T14:00:00Z') };
        assert.deepEqual(noteReadyDisks(folder, readLedger(folder), again).retired, []);
      });

      it('leaves one that is there, of another number, host or role to a person', () => {
        const present = ['S5', 'S4EV'].map((serial) => ({ host: 'st1', serial }));
        const left = [
          noteFresh({ present }),
          ...[{ n: 2 }, { host: 'st2' }, { role: 'log' }].map((more) =>
            noteFresh({ ready: [{ ...fresh, ...more }] }),
          ),
        ];

        assert.deepEqual(
          left.flatMap(({ retired }) => retired),
          [],
        );
        assert.equal(readLedger(folder).get('S4EV')?.disk?.retired, undefined);
      });
    });

    it('keeps that an approval was used meanwhile', () => {
      write(withApproval(withReadyDisk(blank, seen, noon), approval));
      updateDiskFile(folder, 'S4EV', (file) => withUsedApproval(file, approval.fingerprint, noon));

      updateDiskFile(folder, 'S4EV', (file) => withReadyDisk(file, seen, new Date('2026-12-01T12:00:00Z')));

      assert.equal(readLedger(folder).get('S4EV')?.approvals[0]?.used, '2026-11-20T12:00:00.000Z');
    });

    it('leaves a file as it is that was damaged meanwhile, and says so of that disk alone', () => {
      write(withReadyDisk(blank, seen, noon));
      const opened = readLedger(folder);
      writeFileSync(join(folder, 'S4EV.json'), '<<<<<<< HEAD\n');

      const { written, problems } = noteReadyDisks(folder, opened, {
        ready: [
          { ...seen, gen: 1 },
          { ...seen, serial: 'S5' },
        ],
        present: [],
        now: later,
      });

      assert.deepEqual(written, [join(folder, 'S5.json')]);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.summary, 'disk S4EV is not on record as it is now');
      assert.match(problems[0].why ?? '', /^the ledger of disks is damaged: .*S4EV\.json: /);
      assert.equal(readFileSync(join(folder, 'S4EV.json'), 'utf8'), '<<<<<<< HEAD\n');
    });

    it('is not locked to note what is known already', () => {
      write(withReadyDisk(blank, { ...seen, gen: 1 }, noon));
      const opened = readLedger(folder);
      writeFileSync(join(folder, 'S4EV.json.lock'), `${process.ppid} ${hostname()}`);

      assert.deepEqual(note(opened), { written: [], retired: [], problems: [] });
    });

    it('is not waited for when the process that wrote it has ended', () => {
      const { pid } = spawnSync('true');
      writeFileSync(join(folder, 'S4EV.json.lock'), `${pid} ${hostname()}`);

      write(withReadyDisk(blank, seen, noon));

      assert.deepEqual(readdirSync(folder), ['S4EV.json']);
    });

    for (const [whose, holder, words] of [
      ['of a process that lives', `${process.ppid} ${hostname()}`, `slab, process ${process.ppid} on`],
      ['of another machine', '1 elsewhere', 'slab, process 1 on elsewhere'],
      ['of which nobody knows whose it is', '', 'another slab'],
    ] as const)
      it(`is not written under a lock ${whose}`, () => {
        const lock = join(folder, 'S4EV.json.lock');
        writeFileSync(lock, holder);

        assert.throws(
          () => whileLocked(lock, () => assert.fail('it was written'), 0),
          (error: Error) => error.message.startsWith(`${lock} is held by ${words}`),
        );
        assert.equal(readFileSync(lock, 'utf8'), holder);
      });
  });

  it('refuses to be read when a file of it is damaged, naming each', () => {
    writeFileSync(join(folder, 'A.json'), '{');
    writeFileSync(
      join(folder, 'B.json'),
      JSON.stringify({ format: 'slab.disk/1', disk: { ...seen, gen: -1 }, approvals: [] }),
    );
    writeFileSync(join(folder, 'C.json'), JSON.stringify(withReadyDisk(blank, seen, noon)));

    assert.throws(
      () => readLedger(folder),
      (error: Error) => {
        const [head, ...lines] = error.message.split('\n');
        assert.equal(head, 'the ledger of disks is damaged:');
        assert.match(lines[0] ?? '', /A\.json: .*JSON/); // in V8's words
        assert.deepEqual(lines.slice(1), [
          `${join(folder, 'B.json')}: disk.gen is -1; disk.firstSeen is missing`,
          `${join(folder, 'C.json')}: it speaks of "S4EV"`,
        ]);
        return true;
      },
    );
  });
});
