import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';

const bytes = join(import.meta.dirname, '../../lib/disks/bytes.sh');
const SHELLS = [['dash'], ['busybox', 'ash']] as const;
const [KIB, MIB, GIB] = [2 ** 10, 2 ** 20, 2 ** 30];
const PLACE = 64 * KIB;

/** What each shell prints with the functions of bytes.sh about a disk, of which all but so much at its ends is to be proved. */
function printed(script: string, sizeBytes: number, edge = 0): readonly (readonly (readonly number[])[])[] {
  const text = `. ${bytes}
slab_size=${sizeBytes} slab_from=${edge} slab_until=${sizeBytes - edge}
slab_say_progress() { :; }
slab_part_zero() { printf '%s\\n' "$1"; }
${script}`;
  return SHELLS.map(([command, ...words]) => {
    const { status, stdout, stderr } = spawnSync(command, [...words, '-c', text], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const lines = stdout.split('\n').filter((line) => /^[0-9]+ [0-9]+$/.test(line));
    return lines.map((line) => line.split(' ').map(Number));
  });
}

/** The places in MiB where something is known to begin. */
function placesOf(sizeBytes: number): readonly number[] {
  const [places = [], other] = printed('slab_known_places', sizeBytes);
  assert.deepEqual(other, places, 'both shells say the same');
  assert.ok(places.every(([, length]) => length === PLACE));
  return places.map(([at = 0]) => at / MIB);
}

/** Where partitions begin, and what is at the same places as the first of the known ones. */
const BORDERS = [
  ...[16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40],
  ...[41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64],
];

describe('the places that a sampled proof of zeros reads', function () {
  this.timeout(60_000);

  it('are, of a disk of 2 TB, all where something is known to begin', () => {
    const places = placesOf(2 ** 41);

    assert.deepEqual(places, [
      ...[64, 262_144], // btrfs
      ...[1024, 10_240, 102_400, 1_024_000], // BlueStore
      ...[524_288, 1_048_576, 1_572_864], // groups of xfs
      ...[128, 384, 640, 896, 1152, 3200, 3456, 6272, 10_368, 16_000, 31_104, 43_904], // groups of ext4
      ...BORDERS,
    ]);
  });

  it('are, of a disk of 600 MiB, those that it has', () => {
    assert.deepEqual(placesOf(600 * MIB), [64, 150, 300, 450, 128, 384, ...BORDERS]);
  });

  it('begin at a whole 4 KiB, whatever the size of the disk', () => {
    // A quarter of it is 2500 bytes past a MiB.
    assert.deepEqual(placesOf(800 * MIB + 10_000).slice(1, 4), [200, 400 + 4 / 1024, 600 + 4 / 1024]);
  });

  it('are read where all 64 KiB of them are there, and not otherwise', () => {
    assert.ok(placesOf(GIB + PLACE).includes(1024));
    assert.ok(!placesOf(GIB + PLACE - 4 * KIB).includes(1024));
  });

  for (const [words, sizeBytes] of [
    ['600 MiB', 600 * MIB],
    ['2 TB', 2 ** 41],
    ['20 TB', 20 * 10 ** 12],
  ] as const)
    it(`are both ends of a disk of ${words}, and one place of each of as many strides as are asked for`, () => {
      const edge = PLACE;
      for (const all of printed('slab_prove_zero 4096', sizeBytes, edge)) {
        const [head = [], tail = []] = all;
        const known = placesOf(sizeBytes).length;
        const samples = all.slice(2 + known);
        const stride = Math.floor((sizeBytes - 2 * edge) / 4096 / 4096) * 4096;

        assert.deepEqual(head, [edge, 16 * MIB]);
        const [from = 0, length = 0] = tail;
        assert.ok(length >= 16 * MIB && length < 16 * MIB + 4096);
        assert.equal(from + length, sizeBytes - edge);
        assert.equal(samples.length, 4096);
        samples.forEach(([at = 0, many], n) => {
          const begin = edge + n * stride;
          assert.equal(many, PLACE);
          assert.ok(at >= begin && at + PLACE <= begin + stride, `${at} is in stride ${n} of ${stride}`);
          assert.equal((at - edge) % 4096, 0);
        });
        // What no stride covers is read with the end.
        assert.ok(edge + 4096 * stride >= from);
        const withinTheirs = new Set(samples.map(([at = 0], n) => at - edge - n * stride));
        assert.ok(withinTheirs.size > 10, 'they are random');
      }
    });

  it('are all of a disk of which they would be half', () => {
    const whole = [0, 64, 128, 192, 256, 320, 384, 448].map((at) => [at * MIB, 64 * MIB]);

    for (const all of printed('slab_prove_zero 4096', 512 * MIB)) assert.deepEqual(all, whole);
    for (const all of printed('slab_prove_zero 4096', 512 * MIB + 4096)) assert.equal(all[0]?.[1], 16 * MIB);
  });
});
