import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readJson } from '../../lib/sls/json-document.ts';
import { readShebang } from '../../lib/sls/shebang.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { jsonOf } from './dict-of.ts';

describe('readShebang', () => {
  const pipelines: [string, object][] = [
    ['a: b', { jinja: true, format: 'yaml' }],
    ['#!jinja|yaml\n', { jinja: true, format: 'yaml' }],
    ['#! jinja | yaml\n', { jinja: true, format: 'yaml' }],
    ['#!yaml\n', { jinja: false, format: 'yaml' }],
    ['#!json\n', { jinja: false, format: 'json' }],
    ['#!jinja|json\n', { jinja: true, format: 'json' }],
    ['#!jinja\n', { jinja: true, format: 'text' }],
    ['#!/bin/sh\n', { jinja: true, format: 'yaml' }],
    ['# comment\n#!py\n', { jinja: true, format: 'yaml' }],
  ];
  for (const [text, expected] of pipelines)
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readShebang(text, 'a.sls'), expected);
    });

  const refused: [string, string, string][] = [
    ['#!py', 'the renderer py is not supported', 'slab runs no Python'],
    ['#!mako|yaml', 'the renderer mako is not supported', 'slab reads templates in Jinja only'],
    [
      '#!stateconf yaml . jinja',
      'the renderer stateconf is not supported',
      'its local names and parameters are not supported',
    ],
    [
      '#!nosuch',
      'the renderer nosuch is not supported',
      'Salt has no renderer of that name either, and would render nothing',
    ],
    [
      '#!yaml|jinja',
      'the renderer yaml|jinja is not supported',
      'a pipeline is a template engine, then a data format',
    ],
  ];
  for (const [text, summary, why] of refused)
    it(`refuses ${text} and says why`, () => {
      const found = readShebang(`${text}\n`, 'a.sls');

      assert.ok('code' in found);
      assert.deepEqual([found.code, found.summary, found.why], ['SLAB2017', summary, why]);
    });
});

describe('readJson', () => {
  it('reads every kind of value with its place', () => {
    const { node } = readJson('{"a": [1, 2.0, 1e3,\n "x\\n\\"}"], "b": {"c": null, "d": true}}', {
      file: 'a.sls',
    });

    assert.ok(node?.type === 'map');
    assert.deepEqual(jsonOf(nodeToValue(node)), { a: [1, 2, 1000, 'x\n"}'], b: { c: null, d: true } });
    const [list] = node.entries.map((entry) => entry.value);
    assert.ok(list?.type === 'list');
    assert.deepEqual(
      list.items.map(({ source }) => [source.line, source.column]),
      [
        [1, 8],
        [1, 11],
        [1, 16],
        [2, 2],
      ],
    );
  });

  it('keeps a float a float', () => {
    assert.deepEqual(nodeToValue(readJson('2.0', { file: 'a' }).node ?? assert.fail()), { float: 2 });
  });

  it('passes over the shebang and reads nothing from nothing', () => {
    assert.deepEqual(readJson('#!json\n', { file: 'a' }), { node: undefined, diagnostics: [] });
  });

  it('points at the mistake', () => {
    const { diagnostics } = readJson('#!json\n{"a": 1,\n }', { file: 'a.sls' });

    assert.deepEqual(
      diagnostics.map(({ code, source }) => [code, source?.line, source?.column]),
      [['SLAB2001', 3, 2]],
    );
  });
});
