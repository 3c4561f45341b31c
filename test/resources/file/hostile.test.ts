import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, describe, it } from 'mocha';
import type { Declared } from '../../../lib/model/resource.ts';
import { declareChunk, kinds } from '../../../lib/resources/index.ts';
import { chunkOf } from '../../support/chunk.ts';
import { fileSourceOf } from '../../support/file-source.ts';
import { canUnshare, liveShells, runReadOnly, runStep } from '../../support/live-case.ts';
import { examine } from '../../support/observe-case.ts';

const folder = mkdtempSync(join(tmpdir(), 'slab-hostile-'));
const shells = liveShells(join(folder, 'tools'));
const kind = kinds.get('file');
assert.ok(kind);

function declareFile(path: string, content: Uint8Array): Declared {
  const files = fileSourceOf({ 'salt://x': content });
  const chunk = chunkOf({ module: 'file', fun: 'managed', name: path, args: { source: 'salt://x' } });
  const { value, diagnostics } = declareChunk(chunk, { grains: new Map(), files, kinds });
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
}

const name = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...'\'"$(`)\\ \n\t-*?[]{}!#~;&|<>=%.aé\u0081'.split('')),
      minLength: 1,
      maxLength: 20,
    }),
    fc.constantFrom(
      '-rf',
      '--',
      '$(touch pwned)',
      '`id`',
      "'",
      '\n',
      ' ',
      '*',
      '.slab-x',
      'a\nb',
      '\\n',
      '%s',
      '-e',
    ),
  )
  .filter(
    (one) =>
      !/[\0/]/.test(one) && one !== '.' && one !== '..' && one.isWellFormed() && Buffer.byteLength(one) < 200,
  );
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .string({ unit: 'binary' })
    .filter((one) => one.isWellFormed())
    .map((one) => new Uint8Array(Buffer.from(one))),
  fc
    .constantFrom("'\n", '$(id)', '__slab__\n', '%s%n', '\\c', '\\0101', '', '\n', '-n', '\u0081\u0088')
    .map((one) => new Uint8Array(Buffer.from(one))),
);

describe('files with hostile names and contents', () => {
  for (const shell of shells)
    it(`are written and seen as declared, and nothing else is touched (${shell.title})`, () => {
      const files = fc.uniqueArray(fc.tuple(name, content), {
        minLength: 8,
        maxLength: 8,
        selector: ([one]) => one,
      });
      fc.assert(
        fc.property(files, (all) => {
          const root = mkdtempSync(join(folder, 'root-'));
          const declared = all.map(([one, bytes]) => declareFile(join(root, one), bytes));
          const probe = kind.probe(declared, new Map()).text;
          const planned = examine(kind, declared, runReadOnly(probe, shell));
          const script = planned
            .flatMap(({ steps }) => steps.map((step) => `(\n${step.script.text}\n)`))
            .join('\n');
          const { code, stderr } = runStep(script, shell);
          assert.equal(code, 0, stderr);

          assert.deepEqual(readdirSync(root).sort(), all.map(([one]) => one).sort());
          for (const [one, bytes] of all)
            assert.deepEqual(new Uint8Array(readFileSync(join(root, one))), bytes);
          const again = examine(kind, declared, runReadOnly(probe, shell));
          assert.deepEqual(
            again.flatMap(({ diff }) => [...diff.changes, ...(diff.problems ?? [])]),
            [],
          );
        }),
        { numRuns: 12 },
      );
    }).timeout(60_000);
});

describe('files on a file system that says no', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Steps that write a file of `size` bytes over an old one, run in a mount namespace after `prepare`. */
  function write(
    prepare: string,
    size: number,
  ): { readonly code: number | null; readonly stderr: string; readonly left: string } {
    const root = mkdtempSync(join(folder, 'small-'));
    const path = join(root, 'mnt', 'x');
    mkdirSync(join(root, 'mnt'));
    const declared = declareFile(path, Buffer.alloc(size, 'new line\n'));
    const seen = { 'mnt/x': 'old\n' };
    writeFileSync(join(root, 'old'), seen['mnt/x']);
    const mount = `mount -t tmpfs -o size=16k,mode=755 tmpfs ${root}/mnt; cp ${root}/old ${root}/mnt/x`;
    const answer = spawnSync('unshare', ['-m', 'sh', '-euc', `${mount}; exec dash -s`], {
      input: kind?.probe([declared], new Map()).text ?? '',
    });
    const result = {
      name: 'probe',
      code: 0,
      stdout: answer.stdout,
      stderr: String(answer.stderr),
      durationMs: 1,
    };
    const [planned] = kind === undefined ? [] : examine(kind, [declared], result);
    writeFileSync(join(root, 'step.sh'), planned?.steps[0]?.script.text ?? 'exit 99');
    const run = `${mount}; ${prepare.replaceAll('ROOT', root)}; code=0; dash -eu ${root}/step.sh || code=$?; cat ${root}/mnt/x; ls -A ${root}/mnt; exit $code`;
    const { status, stderr, stdout } = spawnSync('unshare', ['-m', 'sh', '-euc', run], { encoding: 'utf8' });
    return { code: status, stderr, left: stdout };
  }

  if (canUnshare) {
    for (const size of [20_000, 100_000])
      it(`keep the old file when the disk is full, and leave nothing beside it (${size} bytes)`, () => {
        const { code, stderr, left } = write(':', size);

        assert.notEqual(code, 0);
        assert.match(stderr, /No space left|I\/O error|incomplete/);
        assert.equal(left, 'old\nx\n');
      });

    it('say so when it is read-only', () => {
      const { code, stderr, left } = write('mount -o remount,ro ROOT/mnt', 100);

      assert.notEqual(code, 0);
      assert.match(stderr, /Read-only/);
      assert.equal(left, 'old\nx\n');
    });
  }
});
