import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mergeTops, readTop } from '../../lib/sls/top.ts';
import type { TopFile } from '../../lib/sls/top.ts';
import { matchTargets } from '../../lib/sls/target-match.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

const read = (text: string): ReturnType<typeof readTop> =>
  readTop(parseYaml(text, { file: 'top.sls' }).value);

/** A top file without mistakes. */
function topOf(text: string): TopFile {
  const { value, diagnostics } = read(text);
  assert.deepEqual(diagnostics, []);
  return value;
}

describe('readTop', () => {
  it('reads targets with their SLS and options', () => {
    const { targets } = topOf(
      "base:\n  '*': [a, b.*]\n  'os:Debian':\n    - match: grain\n    - order: 3\n    - ignore_missing: true\n    - c\n",
    );

    assert.deepEqual(
      targets.map((target) => ({
        ...target,
        sls: target.sls.map((sls) => sls.name),
        source: target.source.line,
      })),
      [
        {
          expression: '*',
          matcher: 'compound',
          sls: ['a', 'b.*'],
          order: 0,
          ignoreMissing: false,
          source: 2,
        },
        { expression: 'os:Debian', matcher: 'grain', sls: ['c'], order: 3, ignoreMissing: true, source: 3 },
      ],
    );
  });

  it('reads nothing from an empty file', () => {
    assert.deepEqual(topOf(''), { targets: [], includes: [] });
    assert.deepEqual(topOf('base:\n'), { targets: [], includes: [] });
  });

  const mistakes: [string, string, string, string][] = [
    ['- a', 'error', 'SLAB2010', 'the top file is a list, not a mapping'],
    ['base: [a]', 'error', 'SLAB2010', 'the section base is a list, not a mapping'],
    ["base: {'*': a}", 'error', 'SLAB2010', 'target * holds text, not a list of SLS'],
    ["base: {'*': [5]}", 'error', 'SLAB2010', 'an entry of target * is the number 5'],
    ['include: a', 'error', 'SLAB2010', 'include is text, not a list'],
    ["dev: {'*': [a]}", 'warning', 'SLAB2010', 'the section dev of the top file is not used'],
  ];
  for (const [text, severity, code, summary] of mistakes)
    it(`answers ${text} with: ${summary}`, () => {
      const found = read(text).diagnostics;

      assert.deepEqual(
        found.map((diagnostic) => [diagnostic.severity, diagnostic.code, diagnostic.summary]),
        [[severity, code, summary]],
      );
      assert.ok(found[0]?.source !== undefined);
    });
});

describe('mergeTops', () => {
  it('keeps the place of a target that both have and takes the SLS of the included file', () => {
    const merged = mergeTops([
      topOf("include: [more]\nbase: {'*': [a]}"),
      topOf("base: {'host1*': [b], '*': [c]}"),
    ]);

    assert.deepEqual(
      merged.map((target) => [target.expression, target.sls.map((sls) => sls.name)]),
      [
        ['*', ['c']],
        ['host1*', ['b']],
      ],
    );
  });
});

describe('matchTargets', () => {
  it('keeps the targets that match, in order, and collects the mistakes', () => {
    const { targets } = topOf('base: {a: [x], b: [y], c: [z]}');
    const mistake = { severity: 'error', code: 'SLAB1010', summary: 'odd' } as const;

    const matched = matchTargets(targets, (_matcher, expression) =>
      expression === 'b' ? { diagnostics: [mistake] } : { value: true, diagnostics: [] },
    );

    assert.deepEqual(
      matched.targets.map((target) => target.expression),
      ['a', 'c'],
    );
    assert.deepEqual(matched.diagnostics, [mistake]);
  });
});
