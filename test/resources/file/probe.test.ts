import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import type { SectionResult } from '../../../lib/model/script.ts';
import { kinds } from '../../../lib/resources/index.ts';
import { liveShells, runReadOnly } from '../../support/live-case.ts';
import { answerOf, declareStates, examine } from '../../support/observe-case.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slab-probe-')));
const shells = liveShells(join(folder, 'tools'));
const kind = kinds.get('file');
assert.ok(kind);

/** SHA-256 of `old\n`, `two\n` and `new\n`. */
const HASHES = [
  '01d09d19c2139a46aebfb577780d123d7396e97201bc7ead210a2ebff8239dee',
  '27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a',
  '7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c',
];

/** Problems of three edits when the answer tells these contents of /a, /b and /c, each 4 bytes when looked at. */
function problems(contents: string): readonly (readonly string[])[] {
  const states = ['/a', '/b', '/c'].map((name) => ({ function: 'append', name, args: { text: 'x' } }));
  const { declared } = declareStates(kindOf(), { states });
  const stats = '81a4 0 0 4:root:root\n'.repeat(3);
  const stdout = `fff\0${stats}\0\0${HASHES.join('\n')}\0 0 1 2\n\n${btoa(contents)}\n\0end\0`;
  return examine(kindOf(), declared, answerOf({ stdout })).map(({ diff }) => diff.problems ?? []);
}

describe('contents told by the probe of files', () => {
  it('are cut apart by size', () => {
    assert.deepEqual(problems('old\ntwo\nnew\n'), [[], [], []]);
  });

  it('are refused where a file changed while it was read, and only there', () => {
    for (const other of ['longer\n', 'TWO\n', ''])
      assert.deepEqual(problems(`old\n${other}new\n`), [
        [],
        ['/b cannot be edited: changed while it was read'],
        [],
      ]);
  });

  it('are never those of another file', () => {
    const refused = (path: string) => [`${path} cannot be edited: changed while it was read`];

    assert.deepEqual(problems(''), [refused('/a'), refused('/b'), refused('/c')]);
    assert.deepEqual(problems('two\nold\nnew\n'), [refused('/a'), refused('/b'), []]);
  });
});

describe('the probe of files', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const shell of shells) {
    it(`sees a thousand and more paths as they are (${shell.title})`, () => {
      const root = join(folder, shell.title);
      const paths = Array.from({ length: 1200 }, (_, n) => join(root, 'x'.repeat(n % 100), String(n)));
      const contents = (n: number) => `${n}\n`;
      paths.forEach((path, n) => {
        if (n % 3 === 0) return;
        mkdirSync(join(path, '..'), { recursive: true });
        writeFileSync(path, n % 7 === 0 ? 'other\n' : contents(n));
      });
      const states = paths.map((name, n) => ({ function: 'managed', name, args: { contents: contents(n) } }));

      const found = examined(states, (text) => runReadOnly(text, shell));

      found.forEach(({ diff }, n) => {
        const before = n % 3 === 0 ? null : n % 7 === 0 ? 'other\n' : undefined;
        assert.equal(diff.changes.find(({ field }) => field === 'contents')?.text?.before, before);
      });
    }).timeout(60_000);

    it(`reads a file whose size its file system does not tell, among others (${shell.title})`, () => {
      const around = ['one', 'two'].map((one) => join(folder, one));
      around.forEach((path) => writeFileSync(path, 'old\n'));
      const names = [around[0] ?? '', '/proc/sys/kernel/ostype', around[1] ?? ''];
      const states = names.map((name) => ({ function: 'managed', name, args: { contents: 'x' } }));

      const texts = examined(states, (text) => runReadOnly(text, shell)).map(
        ({ diff }) => diff.changes[0]?.text?.before,
      );

      assert.deepEqual(texts, ['old\n', 'Linux\n', 'old\n']);
    });
  }
});

function examined(
  states: Parameters<typeof declareStates>[1]['states'],
  run: (text: string) => SectionResult,
): ReturnType<typeof examine> {
  const { declared } = declareStates(kindOf(), { states });
  return examine(kindOf(), declared, run(kindOf().probe(declared, new Map()).text));
}

function kindOf(): NonNullable<typeof kind> {
  assert.ok(kind);
  return kind;
}
