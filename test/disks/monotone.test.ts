import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decideDisk } from '../../lib/disks/decide.ts';
import type { Policy, Verdict } from '../../lib/disks/verdict.ts';
import { decideDevice } from '../../lib/disks/decide-device.ts';
import { nameDevice } from '../../lib/disks/named.ts';
import { listDisks } from '../../lib/disks/identity.ts';
import { parseFacts } from '../../lib/disks/parse-facts.ts';
import { readLook, type Look } from '../../lib/disks/read-look.ts';
import { factsOf, recordedAnswer } from './recorded.ts';

/** One record of an answer, to be changed. */
interface Piece {
  readonly name: string;
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

const text = Buffer.from(recordedAnswer()).toString('latin1');
const MARK = /^slab-facts 1 (.*)\n/.exec(text)?.[1] ?? '';

function piecesOf(answer: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = answer.indexOf('\n') + 1;
  for (;;) {
    const end = answer.indexOf('\n', at);
    const [, name = '', length = '0'] = /^slab-record (\S+) ([0-9]+)$/.exec(answer.slice(at, end)) ?? [];
    if (name === '') return pieces;
    const body = answer.slice(end + 1, end + 1 + Number(length));
    const last = body.lastIndexOf('\n');
    const begin = last - Number(body.slice(last + 1));
    const tail = body.slice(begin, last);
    const cut = tail.lastIndexOf('\n');
    pieces.push({
      name,
      out: body.slice(0, begin),
      err: tail.slice(0, cut),
      code: Number(tail.slice(cut + 1)),
    });
    at = end + 1 + Number(length) + 1;
  }
}

function answerOf(pieces: readonly Piece[]): Buffer {
  const records = pieces.map(({ name, out, err, code }) => {
    const tail = `${err}\n${code}`;
    const body = `${out}${tail}\n${tail.length}`;
    return `slab-record ${name} ${body.length}\n${body}\n`;
  });
  return Buffer.from(`slab-facts 1 ${MARK}\n${records.join('')}slab-end ${MARK}\n`, 'latin1');
}

const pieces = piecesOf(text);

/** A disk of ours that is ready and not mounted, on a host that was recorded with it mounted. */
function decideReadyDisk(lines: readonly string[], host = 'storage-07'): Verdict {
  const seen = factsOf(recordedAnswer('ready'));
  const none = { read: true, value: [] } as const;
  const facts = { ...seen, mounts: none, mountsOfAll: none, markers: none };
  const others = listDisks(facts);
  const disk = others.find(({ serial }) => serial === 'S1');
  assert.ok(disk);
  const look = lookOf(lines);
  return decideDisk({
    ...{ facts, disk, unsuitable: [] },
    ...(look === undefined ? { lookFailed: 'no answer' } : { look }),
    policy: {
      ...{ cluster: 'prod', host, role: 'object', filesystem: 'ext4', whenBlank: 'format' },
      others,
    },
  });
}

const ZERO = ['disk yes', 'exclusive yes', 'free yes', 'head zero', 'tail zero', 'reads 7 1 full', 'zero'];

function lookOf(lines: readonly string[]): Look | undefined {
  const mark = '00000000-0000-4000-8000-000000000000';
  const stdout = Buffer.from(
    `slab-look 1 ${mark}\n${lines.map((line) => `${line}\n`).join('')}slab-end ${mark}\n`,
  );
  const look = readLook({ code: 0, stdout, stderr: '' });
  return look.read ? look.value : undefined;
}

/** Disks of the recording whose every byte is zero: of them alone a closer look says so. */
const BLANK = ['blank', 'tib', 'small', 'readonly', 'stacked', 'twin'];
const FULL = [
  'disk yes',
  'exclusive yes',
  'free yes',
  'head zero',
  'tail zero',
  'reads 7 1 partly',
  'nonzero 0 8',
];

/** What is decided on every disk of an answer; nothing when the answer is worth nothing. */
function decideAll(answer: Uint8Array, lines?: readonly string[]): ReadonlyMap<string, Verdict> {
  const facts = parseFacts({ code: 0, stdout: answer, stderr: '' });
  if (!facts.read) return new Map();
  const disks = listDisks(facts.value);
  const policy: Policy = {
    ...{ cluster: 'prod', host: 'storage-07', role: 'object', filesystem: 'ext4' },
    ...{ whenBlank: 'format', others: disks },
  };
  return new Map(
    disks.map((disk) => {
      const look = lookOf(lines ?? (BLANK.includes(disk.serial) ? ZERO : FULL));
      const verdict = decideDisk({
        ...{ facts: facts.value, disk, unsuitable: [], policy },
        ...(look === undefined ? { lookFailed: 'no answer' } : { look }),
      });
      return [`${disk.serial} ${disk.block.name}`, verdict];
    }),
  );
}

function writes(verdicts: ReadonlyMap<string, Verdict>): readonly string[] {
  return [...verdicts]
    .filter(([, { action }]) => action.do === 'format' || action.do === 'adopt')
    .map(([serial]) => serial);
}

/** The devices of the recording that a state would be allowed to write an ext4 to, by the name that it has there. */
function namedWrites(answer: Uint8Array): readonly string[] {
  const facts = parseFacts({ code: 0, stdout: answer, stderr: '' });
  if (!facts.read) return [];
  const { value } = facts;
  return NODES.filter(({ node, blank }) => {
    const look = lookOf(blank ? ZERO : FULL);
    const verdict = decideDevice({
      ...{ facts: value, named: nameDevice(value, node), wanted: 'ext4', least: 1 },
      records: { environment: 'prod', host: 'storage-07', disks: [], approvals: [] },
      look: look === undefined ? { read: false, why: 'no answer' } : { read: true, value: look },
    });
    return verdict.action.do === 'make';
  }).map(({ node }) => node);
}

const NODES = pieces.flatMap(({ name, out }) => {
  const [, device] = /^sys:(loop.+)$/.exec(name) ?? [];
  const serial = /^E:ID_SERIAL_SHORT=(.+)$/m.exec(
    pieces.find((each) => each.name === `udev:${device ?? ''}`)?.out ?? '',
  )?.[1];
  return device === undefined || out === ''
    ? []
    : [{ node: `/dev/${device}`, blank: BLANK.includes(serial ?? '') || /[0-9]p1$/.test(device) }];
});

/** Ways to lose or damage one record. Names of disks stay: without its serial number a disk is another's. */
const damage: fc.Arbitrary<(piece: Piece) => Piece | undefined> = fc.oneof(
  fc.constant(() => undefined),
  fc.constantFrom(1, 2, 8, 124, 126, 127, 137, 255).map((code) => (piece: Piece) => ({ ...piece, code })),
  fc.constant((piece: Piece) => ({ ...piece, err: 'Input/output error' })),
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }).map((part) => (piece: Piece) => ({
    ...piece,
    out: piece.out.slice(0, Math.floor(piece.out.length * part)),
  })),
  fc.nat(40).map((line) => (piece: Piece) => ({
    ...piece,
    out: piece.out
      .split('\n')
      .filter((_, at) => at !== line)
      .join('\n'),
  })),
  fc.constantFrom('null', '0', '""', '[]').map((value) => (piece: Piece) => ({
    ...piece,
    out: piece.out.replace(/: ("[^"]*"|[0-9]+)/, `: ${value}`),
  })),
);

describe('I11: removing or damaging facts', function () {
  this.timeout(60_000);
  const sound = decideAll(answerOf(pieces));
  const allowed = writes(sound);

  it('starts from an answer that is read as it was recorded, in which some disks may be written', () => {
    assert.deepEqual(answerOf(pieces).toString('latin1'), text);
    assert.deepEqual(allowed.map((name) => name.split(' ')[0]).sort(), ['blank', 'small', 'tib']);
  });

  it('never turns a refusal into a write, whatever record it is', () => {
    const changing = pieces.map((piece, at) => ({ piece, at }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...changing), damage), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const by = new Map(changes.map(([{ at }, change]) => [at, change]));
          const broken = pieces.flatMap((piece, at) => (by.get(at) ?? ((same: Piece) => same))(piece) ?? []);

          const more = writes(decideAll(answerOf(broken))).filter((name) => !allowed.includes(name));

          // Two disks with one serial number of which one has lost its name: the one that is left is unambiguous then.
          assert.deepEqual(
            more.filter((name) => !/^twin/.test(name)),
            [],
          );
        },
      ),
      { numRuns: 120 * Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1')) },
    );
  });

  it('never turns a refusal into a write to a device that a state names', () => {
    const changing = pieces.map((piece, at) => ({ piece, at }));
    const before = namedWrites(answerOf(pieces));
    // Blank, a partition of zeros, 64 MiB and 2 TiB of zeros: /dev/loop9 is the disk of that partition.
    assert.deepEqual([...before].sort(), ['/dev/loop31', '/dev/loop34', '/dev/loop4', '/dev/loop9p1']);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...changing), damage), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const by = new Map(changes.map(([{ at }, change]) => [at, change]));
          const broken = pieces.flatMap((piece, at) => (by.get(at) ?? ((same: Piece) => same))(piece) ?? []);

          const more = namedWrites(answerOf(broken)).filter((name) => !before.includes(name));

          // Of two with one serial number one may have lost it.
          assert.deepEqual(
            more.filter((name) => !['/dev/loop32', '/dev/loop33'].includes(name)),
            [],
          );
        },
      ),
      { numRuns: 120 * Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1')) },
    );
  });

  it('never turns a refusal into a write, whatever line of the closer look it is', () => {
    const lines = [
      'disk yes',
      'exclusive no busy',
      'free no open',
      'head zero',
      'tail zero',
      'reads 7 1 full',
      'zero',
    ];
    fc.assert(
      fc.property(fc.subarray(lines), fc.nat(6), fc.nat(20), (kept, at, length) => {
        const cut = kept.map((line, i) => (i === at ? line.slice(0, length) : line));

        assert.deepEqual(writes(decideAll(answerOf(pieces), cut)), []);
      }),
      { numRuns: 60 },
    );
  });

  describe('of a ready disk whose superblock is damaged', () => {
    const { markers } = factsOf(recordedAnswer('ready'));
    const marker =
      (markers.read ? markers.value : []).find(({ text: own }) => own.includes('"S1"'))?.text ?? '';
    const lines = [
      'disk yes',
      'peek yes',
      'copy 8193',
      'owner 0:0:755',
      `marker base64 ${Buffer.from(marker).toString('base64')}`,
    ];
    const isMended = ({ action }: Verdict) => action.do === 'use' && action.copy !== undefined;

    it('never has it mended unless all of its marker was read by a copy', () => {
      assert.ok(isMended(decideReadyDisk(lines)), JSON.stringify(decideReadyDisk(lines)));
      fc.assert(
        fc.property(fc.subarray(lines), fc.nat(4), fc.nat(300), (kept, at, length) => {
          const cut = kept.map((line, i) => (i === at ? line.slice(0, length) : line));
          const mended = isMended(decideReadyDisk(cut));

          if (mended)
            assert.deepEqual(
              lines.filter((line) => !cut.includes(line) && !line.startsWith('owner')),
              [],
            );
        }),
        { numRuns: 200 },
      );
    });

    it('never has it mended, nor written to, for another host', () => {
      fc.assert(
        fc.property(fc.subarray(lines), (kept) => {
          assert.deepEqual(['refuse', 'look'].includes(decideReadyDisk(kept, 'storage-08').action.do), true);
        }),
        { numRuns: 40 },
      );
    });
  });

  it('never turns a refusal into a write when bytes that are not zero are not told', () => {
    const lines = [
      'disk yes',
      'exclusive yes',
      'free yes',
      'head zero',
      'tail zero',
      'reads 7 1 partly',
      'nonzero 8 8',
    ];
    fc.assert(
      fc.property(fc.subarray(lines), (kept) => {
        assert.deepEqual(writes(decideAll(answerOf(pieces), kept)), []);
      }),
      { numRuns: 40 },
    );
  });
});
