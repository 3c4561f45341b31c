import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { diffLists } from '../../lib/plan/line-diff.ts';
import { diffText } from '../../lib/plan/text-diff.ts';
import type { Hunk } from '../../lib/model/report.ts';

const clean = () => false;
const diff = (before: string | null, after: string | null, tainted: (line: string) => boolean = clean) =>
  diffText({ before, after, hidden: false }, tainted);
const SIGN = { same: ' ', removed: '-', added: '+' };
const show = (hunks: readonly Hunk[]) =>
  hunks.map((hunk) => [
    `@ ${hunk.before} ${hunk.after}`,
    ...hunk.lines.map((line) => SIGN[line.kind] + line.text + (line.unterminated ? '$' : '')),
  ]);

/** What the new text is, from the old one and the hunks alone. */
function patch(before: string, hunks: readonly Hunk[]): string {
  const old = before.split(/(?<=\n)/).filter(Boolean);
  const lines: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const start = Math.max(hunk.before - 1, 0);
    lines.push(...old.slice(at, start));
    at = start;
    for (const line of hunk.lines) {
      if (line.kind !== 'added') {
        assert.equal((old[at] ?? '').replace(/\n$/, ''), line.text);
        assert.equal(line.before, at + 1);
        at++;
      }
      if (line.kind !== 'removed') {
        lines.push(line.text + (line.unterminated ? '' : '\n'));
        assert.equal(line.after, lines.length);
      }
    }
  }
  return [...lines, ...old.slice(at)].join('');
}

describe('diffText', () => {
  it('shows a changed line with three lines around it', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `line ${i + 1}`);
    const before = `${lines.join('\n')}\n`;

    assert.deepEqual(show(diff(before, before.replace('line 5', 'LINE 5'))), [
      ['@ 2 2', ' line 2', ' line 3', ' line 4', '-line 5', '+LINE 5', ' line 6', ' line 7', ' line 8'],
    ]);
  });

  it('makes two hunks of changes that are far apart and one of near ones', () => {
    const before = `${Array.from({ length: 20 }, (_, i) => `l${i + 1}`).join('\n')}\n`;

    assert.equal(diff(before, before.replace('l2\n', 'x\n').replace('l10\n', 'y\n')).length, 2);
    assert.equal(diff(before, before.replace('l2\n', 'x\n').replace('l9\n', 'y\n')).length, 1);
  });

  it('shows a new and a removed file whole', () => {
    assert.deepEqual(show(diff(null, 'a\nb\n')), [['@ 0 1', '+a', '+b']]);
    assert.deepEqual(show(diff('a\n', null)), [['@ 1 0', '-a']]);
  });

  it('notices a line end that comes or goes', () => {
    assert.deepEqual(show(diff('a', 'a\n')), [['@ 1 1', '-a$', '+a']]);
  });

  it('shows nothing of equal or hidden contents', () => {
    assert.deepEqual(diff('a\n', 'a\n'), []);
    assert.deepEqual(diffText({ before: 'a\n', after: 'b\n', hidden: true }, clean), []);
  });

  it('marks the words that differ', () => {
    const [hunk] = diff('worker_processes 4;\n', 'worker_processes 8;\n');

    assert.deepEqual(
      hunk?.lines.map((line) => line.emphasis),
      [[[17, 18]], [[17, 18]]],
    );
  });

  it('marks nothing in lines that have nothing in common', () => {
    const [hunk] = diff('alpha beta\n', 'gamma delta\n');

    assert.deepEqual(
      hunk?.lines.map((line) => line.emphasis),
      [[], []],
    );
  });

  it('masks every changed line of a hunk that holds a secret, on both sides', () => {
    const hunks = diff(
      'host = a\npassword = old-secret\nport = 1\n',
      'host = a\npassword = new-secret\nport = 2\n',
      (line) => line.includes('new-secret'),
    );

    assert.deepEqual(show(hunks), [
      [
        '@ 1 1',
        ' host = a',
        '-‹masked, 21 chars›',
        '-‹masked, 8 chars›',
        '+‹masked, 21 chars›',
        '+‹masked, 8 chars›',
      ],
    ]);
  });

  it('masks an unchanged line with a secret', () => {
    assert.deepEqual(show(diff('hunter2\na\n', 'hunter2\nb\n', (line) => line === 'hunter2')), [
      ['@ 1 1', ' ‹masked, 7 chars›', '-‹masked, 1 chars›', '+‹masked, 1 chars›'],
    ]);
  });

  it('masks an old secret that stood in another hunk under the same key', () => {
    const filler = Array.from({ length: 12 }, (_, i) => `line${i}\n`).join('');
    const hunks = diff(`password: old\n${filler}`, `${filler}password: new!!\n`, (line) =>
      line.includes('new!!'),
    );

    assert.equal(hunks[0]?.lines[0]?.text, '‹masked, 13 chars›');
    assert.ok(!JSON.stringify(hunks).includes('old'));
  });

  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', '', '}'), { maxLength: 40 })
    .chain((lines) =>
      fc.constantFrom('', '\n').map((end) => lines.join('\n') + (lines.length > 0 ? end : '')),
    );

  it('gives hunks from which the new text can be made', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(patch(before, diff(before, after)), after);
      }),
      { numRuns: 500 },
    );
  });

  it('shows no line with a secret, whatever the change', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const hunks = diff(before, after, (line) => line === 'a');

        assert.ok(hunks.every((hunk) => hunk.lines.every((line) => line.text !== 'a')));
      }),
    );
  });

  it('takes bounded time for two large texts that have little in common', function () {
    this.timeout(30_000);
    const words = (seed: number) =>
      Array.from({ length: 50_000 }, (_, i) => `${(i * seed) % 977} ${(i * seed) % 7}`).join('\n');
    const [before, after] = [words(31), words(57)];

    assert.equal(patch(before, diff(before, after)), after);
  });
});

describe('diffLists', () => {
  it('finds the shortest script', () => {
    const edits = diffLists(Array.from('ABCABBA'), Array.from('CBABAC'));

    assert.equal(edits.filter((edit) => edit.kind !== 'same').length, 5);
  });

  it('puts what goes before what takes its place', () => {
    assert.deepEqual(
      diffLists(['a', 'b', 'z'], ['c', 'd', 'z']).map((edit) => edit.kind),
      ['removed', 'removed', 'added', 'added', 'same'],
    );
  });
});
