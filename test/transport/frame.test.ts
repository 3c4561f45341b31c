import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { frameReader } from '../../lib/transport/frame.ts';

const nonce = '0123456789abcdef0123456789abcdef';

type Piece = { readonly bytes: string } | { readonly mark: readonly string[] };

/** What the reader finds in these chunks, bytes that follow each other joined, as latin1. */
function read(chunks: readonly Uint8Array[]): readonly Piece[] {
  const pieces: Piece[] = [];
  const push = frameReader(nonce, {
    data(bytes) {
      const last = pieces.at(-1);
      const text = bytes.toString('latin1');
      if (last !== undefined && 'bytes' in last) pieces[pieces.length - 1] = { bytes: last.bytes + text };
      else pieces.push({ bytes: text });
    },
    mark: (words) => pieces.push({ mark: words }),
  });
  for (const chunk of chunks) push(chunk);
  return pieces;
}

const text = (value: string) => Buffer.from(value, 'latin1');

describe('frameReader', () => {
  it('cuts marks out and gives the bytes between them as they were', () => {
    const pieces = read([text(`motd\n${nonce} b 0\nout\n\n${nonce} e 0 3\nrest\n`)]);

    assert.deepEqual(pieces, [
      { bytes: 'motd' },
      { mark: ['b', '0'] },
      { bytes: 'out\n' },
      { mark: ['e', '0', '3'] },
      { bytes: 'rest' },
    ]);
  });

  it('takes the nonce for output where it does not begin a line', () => {
    assert.deepEqual(read([text(`x ${nonce} e 0 0\nend.`)]), [{ bytes: `x ${nonce} e 0 0\nend.` }]);
  });

  it('takes a line that goes on too long for output', () => {
    const long = `\n${nonce} ${'x'.repeat(200)}\nend.`;

    assert.deepEqual(read([text(long)]), [{ bytes: long }]);
    assert.deepEqual(read([...text(long)].map((byte) => Uint8Array.of(byte))), [{ bytes: long }]);
  });

  it('finds the same in any stream, however it was packed', () => {
    const stretch = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('\n', '\n\n', `\n${nonce}`, nonce, `\n${nonce.slice(0, 9)}`, '\0').map(text),
    );
    const mark = fc.tuple(fc.constantFrom('b', 'e'), fc.nat(999).map(String));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stretch, mark), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
        (parts, sizes) => {
          const stream = Buffer.concat(
            parts.flatMap(([bytes, words]) => [bytes, text(`\n${nonce} ${words.join(' ')}\n`)]),
          );
          const chunks: Buffer[] = [];
          for (let at = 0, n = 0; at < stream.length; n++) {
            const size = sizes[n % sizes.length] ?? 1;
            chunks.push(stream.subarray(at, at + size));
            at += size;
          }

          const pieces = read(chunks);

          const expected: Piece[] = parts.flatMap(([bytes, words]) => [
            ...(bytes.length === 0 ? [] : [{ bytes: Buffer.from(bytes).toString('latin1') }]),
            { mark: [...words] },
          ]);
          assert.deepEqual(pieces, expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
