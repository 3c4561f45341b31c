import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync } from 'node:fs';
import { outputOf } from '../small-process.ts';

/** A hash of the image of a disk, once all that was written to the disk has reached it. */
export function flushedHashOf({
  file,
  device,
}: {
  readonly file: string;
  readonly device: { readonly path: string };
}): string {
  const open = openSync(device.path, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  return hashOf({ file });
}

/** A hash of a whole image: of what in it is not zero, and where that is. */
export function hashOf({ file }: { readonly file: string }): string {
  const hash = createHash('sha1');
  const open = openSync(file, 'r');
  try {
    let hashed = 0;
    for (const { from, until } of writtenRanges(file))
      // Whole chunks: what was written in zeros and what was never written are the same.
      for (let at = Math.max(hashed, from - (from % chunk.length)); at < until; at = hashed) {
        const length = readSync(open, chunk, 0, chunk.length, at);
        const read = chunk.subarray(0, length);
        if (!read.equals(zeros.subarray(0, length))) hash.update(`at ${at}\n`).update(read);
        hashed = at + chunk.length;
      }
    return ended(hash, fstatSync(open).size);
  } finally {
    closeSync(open);
  }
}

/** The hash of an image of so many bytes to which nothing was ever written. */
export function hashOfZeros(sizeBytes: number): string {
  return ended(createHash('sha1'), sizeBytes);
}

function ended(hash: Hash, sizeBytes: number): string {
  return hash.update(`end ${sizeBytes}`).digest('hex');
}

/** The parts of a sparse file that were ever written, in order: the rest is zero, and need not be read. */
function writtenRanges(file: string): readonly { readonly from: number; readonly until: number }[] {
  const [SEEK_DATA, SEEK_HOLE] = [3, 4];
  const script = `open(my $f, '<', $ARGV[0]) or die $!; my ($from, $until) = (0, 0);
while (defined($from = sysseek($f, $until, ${SEEK_DATA}))) { $until = sysseek($f, $from, ${SEEK_HOLE}) or die $!; printf "%d %d\n", $from, $until }
$!{ENXIO} or die $!`;
  const text = outputOf('perl', ['-e', script, file]);
  return text.split('\n').flatMap((line) => {
    const [from, until] = line.split(' ').map(Number);
    return from === undefined || until === undefined ? [] : [{ from, until }];
  });
}

const chunk = Buffer.alloc(2 ** 18);
const zeros = Buffer.alloc(chunk.length);
