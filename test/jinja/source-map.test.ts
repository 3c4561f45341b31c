import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { readYamlText } from '../../lib/sls/yaml-text.ts';
import { anyMarked } from './marked-arbitrary.ts';
import { rendered } from './render.ts';
import type { Setting } from './render.ts';

/** The places of the first character of each of these pieces of the output, as `file:line:col` with the way there. */
function places(text: string, pieces: readonly string[], setting: Setting = {}): readonly string[] {
  const result = rendered(text, setting);
  return pieces.map((piece) => {
    const { file, line, column, via = [] } = result.at(result.text.indexOf(piece));
    return [
      `${file}:${line}:${column}`,
      ...via.map((link) => `${link.file}:${link.line}:${link.column}`),
    ].join(' < ');
  });
}

describe('Rendered.at', () => {
  it('gives each character of literal text its own place', () => {
    assert.deepEqual(places('ab\ncd', ['a', 'b', 'c', 'd']), [
      'a.sls:1:1',
      'a.sls:1:2',
      'a.sls:2:1',
      'a.sls:2:2',
    ]);
  });

  it('gives the output of an expression the place of the expression', () => {
    assert.deepEqual(places('x:\n  - {{ "one" ~ 1 }}\n', ['one1', 'ne1']), ['a.sls:2:8', 'a.sls:2:8']);
  });

  it('says where an expression ends', () => {
    const { endLine, endColumn } = rendered('{{ abc }}', { vars: { abc: 'x' } }).at(0);

    assert.deepEqual([endLine, endColumn], [undefined, 7]);
  });

  it('leads through whitespace control to the text that remains', () => {
    assert.deepEqual(places('a\n  {%- if true -%}\n   b\n{%- endif %}', ['b']), ['a.sls:3:4']);
  });

  it('leads through an include', () => {
    const files = { 'b.sls': '\nfrom b' };

    assert.deepEqual(places('{# 1 #}\n{% include "b.sls" %}', ['from'], { files }), [
      'b.sls:2:1 < a.sls:2:12',
    ]);
  });

  it('leads into a macro and back to its call', () => {
    const files = { m: '{% macro m(x) %}\nname: {{ x }}{% endmacro %}' };

    assert.deepEqual(places('{% from "m" import m %}\n {{ m("web") }}', ['name', 'web'], { files }), [
      'm:2:1 < a.sls:2:5',
      'm:2:10 < a.sls:2:5',
    ]);
  });

  it('leads through a call block to the text of the caller', () => {
    const template = '{% macro m() %}<{{ caller() }}>{% endmacro %}\n{% call m() %}inner{% endcall %}';

    assert.deepEqual(places(template, ['<', 'inner']), [
      'a.sls:1:16 < a.sls:2:9',
      'a.sls:2:15 < a.sls:1:20 < a.sls:2:9',
    ]);
  });

  it('leads through inherited blocks and super', () => {
    const files = { base: '[{% block b %}old{% endblock %}]' };

    assert.deepEqual(
      places('{% extends "base" %}{% block b %}new {{ super() }}{% endblock %}', ['[', 'new', 'old'], {
        files,
      }),
      ['base:1:1', 'a.sls:1:34', 'base:1:15 < a.sls:1:41'],
    );
  });

  it('keeps the way through several files', () => {
    const files = { one: '{% include "two" %}', two: '{{ 1 }}' };

    assert.deepEqual(places('{% include "one" %}', ['1'], { files }), ['two:1:4 < one:1:12 < a.sls:1:12']);
  });

  it('counts lines the same with Windows line ends', () => {
    assert.deepEqual(places('a\r\nb\r\n{{ "c" }}', ['b', 'c']), ['a.sls:2:1', 'a.sls:3:4']);
  });

  it('answers for offsets at and beyond the end, and for an empty text', () => {
    assert.deepEqual(
      [rendered('ab').at(2).column, rendered('ab').at(99).column, rendered('').at(0).line],
      [2, 2, 1],
    );
  });

  it('gives a filtered block the place of its tag', () => {
    assert.deepEqual(places('x\n{% filter upper %}abc{% endfilter %}', ['ABC']), ['a.sls:2:1']);
  });

  const runs = { numRuns: Number(process.env['SLAB_FUZZ'] ?? 300), seed: 20261128 };

  it(`gives every marker of generated templates its file and line (seed ${runs.seed})`, () => {
    let markers = 0;
    fc.assert(
      fc.property(anyMarked, ({ main, files }) => {
        const result = rendered(main, { vars, files, options: { loadYaml: readYamlText } });
        for (const found of result.text.matchAll(/<(\w+):(\d+)>/g)) {
          const [marker, file = '', line = ''] = found;
          // Each of its characters, not the first alone.
          for (const offset of [found.index, found.index + marker.length - 1]) {
            const place = result.at(offset);
            assert.deepEqual(
              [place.file, place.line],
              [file === 'main' ? 'a.sls' : file, Number(line)],
              marker,
            );
          }
          markers++;
        }
      }),
      runs,
    );
    assert.ok(markers > runs.numRuns * 5, `only ${markers} markers`);
  }).timeout(600_000);
});

const vars = { n: 'x', l: ['p', 'q'] };
