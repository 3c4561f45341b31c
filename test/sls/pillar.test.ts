import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Compiler } from '../../lib/sls/api.ts';
import { jsonOf } from './dict-of.ts';
import { caseGrains, testHost } from './host.ts';
import type { Files } from './project.ts';
import { compile, compilerOf, place } from './project.ts';

describe('compilePillar', () => {
  const pillarOf = (pillar: Files): ReturnType<Compiler['compilePillar']> =>
    compilerOf({ pillar }).compilePillar(testHost(), caseGrains());

  it('is empty without a top file', () => {
    assert.deepEqual(pillarOf({}), { pillar: new Map(), layers: [], diagnostics: [], decrypted: [] });
  });

  it('lets the including file win over what it includes', () => {
    const { pillar, diagnostics } = pillarOf({
      'top.sls': "base:\n  '*': [main]\n",
      'main.sls': 'include: [.inc, main]\na: main\n',
      'inc.sls': 'a: inc\nb: inc\n',
    });

    assert.deepEqual(diagnostics, []);
    assert.deepEqual(jsonOf(pillar), { a: 'main', b: 'inc' });
  });

  it('passes over a missing SLS where the target says so', () => {
    const { pillar, diagnostics } = pillarOf({
      'top.sls': "base:\n  '*':\n    - gone\n    - ignore_missing: true\n",
    });

    assert.deepEqual([jsonOf(pillar), diagnostics], [{}, []]);
  });

  const mistakes: [string, string, string][] = [
    ['- a', 'SLAB2020', 'pillar SLS d is a list, not a mapping'],
    ['include: x', 'SLAB2020', 'include is text, not a list'],
    ['include: [[x]]', 'SLAB2020', 'an entry of include is a list, not the name of an SLS'],
    ['include: [..x]', 'SLAB2020', 'include ..x leads beyond the top of the tree'],
    ['include: [gone]', 'SLAB2011', 'there is no pillar SLS gone'],
  ];
  for (const [text, code, summary] of mistakes)
    it(`answers ${text} with: ${summary}`, () => {
      const { diagnostics } = pillarOf({ 'top.sls': "base:\n  '*': [d]\n", 'd.sls': `${text}\n` });

      assert.deepEqual(
        diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.summary]),
        [[code, summary]],
      );
    });

  it('stops before the states when the pillar is broken', () => {
    const result = compile({
      states: { 'a.sls': '{{ pillar.port }}' },
      pillar: { 'top.sls': "base:\n  '*': [d]\n", 'd.sls': 'a: {{ nope }}\n' },
    });

    assert.deepEqual(result.diagnostics.map(place), [['SLAB2003', 'pillar/d.sls', 1, 7]]);
  });

  it('collects secrets and warns of short ones', () => {
    const result = compile({
      states: { 'a.sls': '' },
      pillar: { 'top.sls': "base:\n  '*': [d]\n", 'd.sls': 'db: {password: hunter22, pin: 1234}\n' },
      inventory: { secrets: ['db:*'] },
    });

    assert.deepEqual(result.secrets, ['hunter22']);
    assert.deepEqual(
      result.diagnostics.map(({ severity, code }) => [severity, code]),
      [['warning', 'SLAB2021']],
    );
    assert.deepEqual(result.low?.chunks, []);
  });
});
