import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readJson } from '../../lib/sls/json-document.ts';
import { readShebang } from '../../lib/sls/shebang.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { jsonOf } from './dict-of.ts';

describe('readShebang', () => {
  // salt/template.py: template_shebang and check_render_pipe_str; salt/renderers/jinja.py reads `-s`.
  const pipelines: [string, string, string, boolean?][] = [
    ['a: b', 'jinja', 'yaml'],
    ['#!jinja|yaml\n', 'jinja', 'yaml'],
    ['#! jinja | yaml\n', 'jinja', 'yaml'],
    ['#!jinja -s|yaml . whatever\n', 'jinja', 'yaml'],
    ['#!yaml_jinja\n', 'jinja', 'yaml'],
    ['#!yaml\n', '', 'yaml'],
    ['#!json\n', '', 'json'],
    ['#!jinja|json\n', 'jinja', 'json'],
    ['#!jinja|yamlex\n', 'jinja', 'yamlex'],
    ['#!jinja\n', 'jinja', 'text'],
    ['#!jinja|text\n', 'jinja', 'text'],
    ['#!jinja|yaml|gpg\n', 'jinja', 'yaml', true],
    ['#!yaml|gpg\n', '', 'yaml', true],
    ['#!gpg|jinja|yaml\n', 'gpg jinja', 'yaml'],
    ['#!jinja|gpg|yaml\n', 'jinja gpg', 'yaml'],
    ['#!/bin/sh\n', 'jinja', 'yaml'],
    ['# comment\n#!py\n', 'jinja', 'yaml'],
  ];
  for (const [text, before, format, gpg = false] of pipelines)
    it(`reads ${JSON.stringify(text)}`, () => {
      const stages = before.split(' ').filter((stage) => stage !== '');

      assert.deepEqual(readShebang(text, 'a.sls'), { text: stages, format, gpg });
    });

  it('points at the renderer that it refuses', () => {
    const found = readShebang('#!jinja | mako\n', 'a.sls');

    assert.ok('code' in found);
    assert.deepEqual(found.source, { file: 'a.sls', line: 1, column: 11, endColumn: 15 });
  });

  const refused: [string, string, string][] = [
    ['#!py', 'the renderer py is not supported', 'slab runs no Python'],
    ['#!mako|yaml', 'the renderer mako is not supported', 'slab reads templates in Jinja only'],
    [
      '#!stateconf yaml . jinja',
      'the renderer stateconf is not supported',
      'its local names and parameters are not read',
    ],
    [
      '#!nosuch',
      'the renderer nosuch is not supported',
      'Salt has no renderer of that name either, and would render nothing',
    ],
    [
      '#!yaml|jinja',
      'the renderer jinja cannot stand here',
      'jinja renders text, and yaml has made data of it',
    ],
    [
      '#!jinja|jinja|yaml',
      'the renderer jinja cannot stand here',
      'the text has been rendered by jinja already',
    ],
    ['#!yaml|json', 'the renderer json cannot stand here', 'json reads text, and yaml has made data of it'],
    ['#!jinja -x|yaml', 'the renderer jinja cannot stand here', 'jinja has no option -x'],
    ['#!jinja|nacl|yaml', 'the renderer nacl is not supported', 'slab decrypts by GnuPG only'],
    ['#!', 'a renderer is missing', 'Salt has no renderer of that name either, and would render nothing'],
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
