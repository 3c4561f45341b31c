import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TopFile, TopTarget } from '../../lib/sls/top.ts';
import { readTop } from '../../lib/sls/top.ts';
import { mergePillarTops, mergeTops } from '../../lib/sls/top-merge.ts';
import { matchTargets } from '../../lib/sls/target-match.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

const read = (text: string): ReturnType<typeof readTop> =>
  readTop(parseYaml(text, { file: 'top.sls' }).value, ['base', 'dev', 'qa']);

const targetsOf = ({ sections }: TopFile): readonly TopTarget[] => sections.flatMap((each) => each.targets);

/** A top file without mistakes. */
function topOf(text: string): TopFile {
  const { value, diagnostics } = read(text);
  assert.deepEqual(diagnostics, []);
  return value;
}

describe('readTop', () => {
  it('reads targets with their SLS and options', () => {
    const top = topOf(
      "base:\n  '*': [a, b.*]\n  'os:Debian':\n    - match: grain\n    - order: 3\n    - ignore_missing: true\n    - c\n",
    );

    assert.deepEqual(
      targetsOf(top).map(({ saltenv, expression, matcher, sls, order, ignoreMissing, source }) => [
        ...[saltenv, expression, matcher, order, ignoreMissing, source.line],
        sls.map(({ name }) => name),
      ]),
      [
        ['base', '*', 'compound', 0, false, 2, ['a', 'b.*']],
        ['base', 'os:Debian', 'grain', 3, true, 3, ['c']],
      ],
    );
  });

  // salt/pillar: Pillar.merge_tops takes int(order), and 0 where that fails.
  it('takes an order that is text with a number in it', () => {
    const top = topOf("base: {a: [x, {order: '7'}], b: [x, {order: soon}]}");

    assert.deepEqual(
      targetsOf(top).map(({ order }) => order),
      [7, 0],
    );
  });

  // salt/state.py: BaseHighState.top_matches, `env_key, inc_sls = item.popitem()`.
  it('reads an SLS of another saltenv, and targets inside a target', () => {
    const [target] = targetsOf(topOf("base: {'*': [a, {dev: b}, {subfilter: {'G@os:Debian': [c]}}, d]}"));

    assert.deepEqual(
      target?.sls.map(({ name, saltenv }) => [name, saltenv]),
      [
        ['a', undefined],
        ['b', 'dev'],
        ['d', undefined],
      ],
    );
    assert.deepEqual(
      target.subfilters.map(({ at, target: inner }) => [at, inner.expression]),
      [[2, 'G@os:Debian']],
    );
  });

  it('reads nothing from an empty file', () => {
    assert.deepEqual(topOf(''), { sections: [], includes: [] });
    assert.deepEqual(topOf('base:\n'), { sections: [], includes: [] });
  });

  const mistakes: [string, string, string, string][] = [
    ['- a', 'error', 'SLAB2010', 'the top file is a list, not a mapping'],
    ['base: [a]', 'error', 'SLAB2010', 'the section base is a list, not a mapping'],
    ["base: {'*': a}", 'error', 'SLAB2010', 'target * holds text, not a list of SLS'],
    ["base: {'*': [5]}", 'error', 'SLAB2010', 'an entry of target * is the number 5'],
    ['include: a', 'error', 'SLAB2010', 'include is text, not a list'],
    [
      "base: {'*': [a, {mach: glob}]}",
      'warning',
      'SLAB2010',
      'mach in target * is neither an option nor a saltenv',
    ],
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

/** Target by target: saltenv, expression, SLS. */
const said = (targets: readonly TopTarget[]): unknown[] =>
  targets.map(({ saltenv, expression, sls }) => [saltenv, expression, sls.map(({ name }) => name).join(' ')]);

describe('mergeTops', () => {
  const merge = (
    texts: Readonly<Record<string, readonly string[]>>,
    topFileMergingStrategy: 'merge' | 'same' | 'merge_all',
    defaultTop = 'base',
  ): unknown[] =>
    said(
      mergeTops(
        Object.entries(texts).map(([saltenv, files]) => ({ saltenv, files: files.map(topOf) })),
        { topFileMergingStrategy, defaultTop },
      ),
    );

  it('keeps the place of a target that both have and takes the SLS of the included file', () => {
    assert.deepEqual(
      merge({ base: ["include: [more]\nbase: {'*': [a]}", "base: {'host1*': [b], '*': [c]}"] }, 'merge'),
      [
        ['base', '*', 'c'],
        ['base', 'host1*', 'b'],
      ],
    );
  });

  // BaseHighState._merge_tops_merge
  it('lets base speak for every saltenv, and another one only for itself where base is silent', () => {
    const tops = {
      dev: ["base: {'*': [x]}\ndev: {'*': [y]}\nqa: {'*': [z]}"],
      base: ["base: {'*': [a]}\ndev: {'*': [b]}"],
      qa: ["qa: {'*': [q]}", 'qa: {h: [late]}'],
    };

    assert.deepEqual(merge(tops, 'merge'), [
      ['base', '*', 'a'],
      ['dev', '*', 'b'],
      ['qa', '*', 'q'],
    ]);
  });

  // BaseHighState._merge_tops_same
  it('with same, takes the section of a saltenv out of its own top file, else out of default_top', () => {
    const tops = {
      base: ["base: {'*': [a]}\nqa: {'*': [from-base]}"],
      dev: ["base: {'*': [x]}\ndev: {'*': [d]}"],
      qa: [],
    };

    assert.deepEqual(merge(tops, 'same'), [
      ['base', '*', 'a'],
      ['dev', '*', 'd'],
      ['qa', '*', 'from-base'],
    ]);
    assert.deepEqual(merge(tops, 'same', 'dev'), [
      ['base', '*', 'a'],
      ['dev', '*', 'd'],
    ]);
  });

  // BaseHighState._merge_tops_merge_all
  it('with merge_all, joins what the top files give one target', () => {
    const tops = { base: ["base: {'*': [a, b]}"], dev: ["base: {'*': [b, c], h: [d]}"] };

    assert.deepEqual(merge(tops, 'merge_all'), [
      ['base', '*', 'a b c'],
      ['base', 'h', 'd'],
    ]);
  });
});

describe('mergePillarTops', () => {
  // salt/pillar: Pillar.merge_tops
  it('takes every section of every file, the later in place of the earlier', () => {
    const tops = [
      { saltenv: 'base', files: [topOf("base: {'*': [a], h: [b]}")] },
      { saltenv: 'dev', files: [topOf("base: {'*': [c]}\ndev: {'*': [d]}")] },
    ];

    assert.deepEqual(said(mergePillarTops(tops)), [
      ['base', '*', 'c'],
      ['base', 'h', 'b'],
      ['dev', '*', 'd'],
    ]);
  });
});

describe('matchTargets', () => {
  it('keeps the targets that match, in order, and collects the mistakes', () => {
    const targets = targetsOf(topOf('base: {a: [x], b: [y], c: [z]}'));
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

  // salt/state.py: BaseHighState.top_matches, _filter_matches
  it('puts what a subfilter gives in its place, if it matches too', () => {
    const targets = targetsOf(topOf('base: {a: [x, {subfilter: {b: [y], c: [z]}}, w]}'));

    const matched = matchTargets(targets, (_matcher, expression) => ({
      value: expression !== 'c',
      diagnostics: [],
    }));

    assert.deepEqual(said(matched.targets), [['base', 'a', 'x y w']]);
  });
});
