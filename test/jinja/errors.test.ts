import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { TemplateFailure } from '../../lib/jinja/api.ts';
import { failure } from './render.ts';
import type { Setting } from './render.ts';

function said(text: string, setting: Setting = {}): string {
  const { code, source, summary, why, fix } = failure(text, setting);
  const via = (source?.via ?? []).map((link) => ` < ${link.file}:${link.line}:${link.column}`).join('');
  const place =
    source === undefined
      ? 'nowhere'
      : `${source.file}:${source.line}:${source.column}-${source.endColumn ?? ''}${via}`;
  return [code, place, summary, why, fix].filter((part) => part !== undefined).join(' | ');
}

describe('a diagnostic of a template', () => {
  const table: readonly (readonly [string, string, Setting?])[] = [
    ['{{ a\n  b }}', 'SLAB2002 | a.sls:2:3-4 | expected the end of the tag | found "b"'],
    ['{% if x %}', 'SLAB2002 | a.sls:1:1-11 | the tag "if" is never closed | end it with `{% endif %}`'],
    ['{% for x in y %}{% endif %}', 'SLAB2002 | a.sls:1:17-28 | the tag "endif" has no beginning | the innermost open tag is "for" from line 1'],
    ['{% endif %}', 'SLAB2002 | a.sls:1:1-12 | the tag "endif" has no beginning | no tag is open here'],
    ['{% fore x in y %}{% endfor %}', 'SLAB2002 | a.sls:1:1-8 | there is no tag "fore" | did you mean "for"?'],
    ['{{ "abc }}', 'SLAB2002 | a.sls:1:4-5 | a string is never closed | end it with "'],
    ['{{ x', 'SLAB2002 | a.sls:1:1-3 | an expression is never closed | end it with `}}`'],
    ['{# x', 'SLAB2002 | a.sls:1:1-3 | a comment is never closed | end it with `#}`'],
    ['{% raw %}', 'SLAB2002 | a.sls:1:1-10 | a raw block is never closed | end it with `{% endraw %}`'],
    ['{{ (1] }}', 'SLAB2002 | a.sls:1:6-7 | unexpected "]" | ")" is still to come'],
    ['{{ a $ b }}', 'SLAB2002 | a.sls:1:6-7 | unexpected character "$"'],
    ['{{ 1 + }}', 'SLAB2002 | a.sls:1:7-8 | expected an expression | the tag ends here'],
    ['{{ a is odd is even }}', 'SLAB2002 | a.sls:1:13-15 | tests cannot be chained | found "is" | join them with `and`'],
    ['{% macro m(a, a) %}{% endmacro %}', 'SLAB2002 | a.sls:1:15-16 | the parameter "a" is named twice'],
    ['{% macro m(caller) %}{{ caller() }}{% endmacro %}', 'SLAB2002 | a.sls:1:12-18 | the parameter "caller" must be left out or have a default'],
    ['{% for a, loop in [] %}{% endfor %}', 'SLAB2002 | a.sls:1:11-15 | "loop" is the loop itself and cannot be assigned to here | take another name'],
    ['{% block b required %} x{% endblock %}', 'SLAB2002 | a.sls:1:23-25 | a required block may hold only comments and white space'],
    ['{% from "m" import a, %}', 'SLAB2002 | a.sls:1:22-23 | expected a name to import | the tag ends here'],
    ['{% import "m" as m %}\n{% call m.f() %}{{ 1 // 0 }}{% endcall %}', 'SLAB2004 | a.sls:2:20-26 < m:1:19 < a.sls:2:9 | ZeroDivisionError: integer division or modulo by zero', { files: { m: '{% macro f() %}{{ caller() }}{% endmacro %}' } }],
    ['{% break %}', 'SLAB2002 | a.sls:1:1-12 | "break" stands outside a loop'],
    ['{% set none = 1 %}', 'SLAB2002 | a.sls:1:8-12 | a constant cannot be assigned to | found "none"'],
    ['{{ "\\xZZ" }}', 'SLAB2002 | a.sls:1:4-10 | the escape \\x in this string is malformed'],
    [`{{ ${'('.repeat(400)}1${')'.repeat(400)} }}`, 'SLAB2002 | a.sls:1:79-80 | this expression is nested too deeply | found "("'],
    ['{{ "a" | uper }}', 'SLAB2005 | a.sls:1:10-14 | No filter named \'uper\'. | did you mean "upper"?'],
    ['{{ "a" is strin }}', 'SLAB2005 | a.sls:1:11-16 | No test named \'strin\'. | did you mean "string"?'],
    ['{% if true %}{{ "a" | uper }}{% endif %}', 'SLAB2004 | a.sls:1:23-27 | No filter named \'uper\'. | did you mean "upper"?'],
    ['ok\n{{ pilar }}', 'SLAB2003 | a.sls:2:4-9 | \'pilar\' is undefined | did you mean "pillar"?', { vars: { pillar: new Map() } }],
    ['{% set user = 1 %}{{ usr }}', 'SLAB2003 | a.sls:1:22-25 | \'usr\' is undefined | did you mean "user"?'],
    ['{{ d.colour }}', 'SLAB2003 | a.sls:1:4-12 | \'dict object\' has no attribute \'colour\' | did you mean "color"?', { vars: { d: new Map([['color', 1]]) } }],
    ['{{ d.x.y | default(1) }}', "SLAB2003 | a.sls:1:4-7 | 'dict object' has no attribute 'x'", { vars: { d: new Map() } }],
    ['{{ [1][5] }}', 'SLAB2003 | a.sls:1:4-10 | list object has no element 5'],
    ['{% if x %}{% endif %}', "SLAB2003 | a.sls:1:7-8 | 'x' is undefined"],
    ['{{ 1 + "a" }}', "SLAB2004 | a.sls:1:4-11 | TypeError: unsupported operand type(s) for +: 'int' and 'str'"],
    ['{{ "a" + 1 }}', 'SLAB2004 | a.sls:1:4-11 | TypeError: can only concatenate str (not "int") to str'],
    ['{{ 1 < "a" }}', "SLAB2004 | a.sls:1:4-11 | TypeError: '<' not supported between instances of 'int' and 'str'"],
    ['{{ 1 // 0 }}', 'SLAB2004 | a.sls:1:4-10 | ZeroDivisionError: integer division or modulo by zero'],
    ['{{ {}.pop("x") }}', "SLAB2004 | a.sls:1:4-15 | KeyError: 'x'"],
    ['{{ "x"() }}', "SLAB2004 | a.sls:1:4-9 | TypeError: 'str' object is not callable"],
    ['{% for a, b in [[1]] %}{% endfor %}', 'SLAB2004 | a.sls:1:8-12 | ValueError: not enough values to unpack (expected 2, got 1)'],
    ['{% for a in 5 %}{% endfor %}', "SLAB2004 | a.sls:1:13-14 | TypeError: 'int' object is not iterable"],
    ['{% for a in [1] %}{{ loop(a) }}{% endfor %}', "SLAB2004 | a.sls:1:22-29 | TypeError: The loop must have the 'recursive' marker to be called recursively. | write `{% for … in … recursive %}`"],
    ['{% set a.b = 1 %}', 'SLAB2004 | a.sls:1:8-11 | cannot assign attribute on non-namespace object | make it with `{% set a = namespace() %}`'],
    ['{% set a = {} %}{% set a.b = 1 %}', 'SLAB2004 | a.sls:1:24-27 | cannot assign attribute on non-namespace object | make it with `{% set a = namespace() %}`'],
    ['{{ raise("stop here") }}', 'SLAB2004 | a.sls:1:4-22 | stop here'],
    ['{% include "nowhere" %}', 'SLAB2004 | a.sls:1:12-21 | the template "nowhere" does not exist | did you mean "there"?', { files: { there: '' } }],
    ['{% from "m" import mak %}{{ mak() }}', 'SLAB2003 | a.sls:1:20-23 | the template "m" does not export the name \'mak\' | did you mean "make"?', { files: { m: '{% macro make() %}{% endmacro %}' } }],
    ['\n{% include "b" %}', 'SLAB2003 | b:2:4-8 < a.sls:2:12 | \'nope\' is undefined', { files: { b: '\n{{ nope }}' } }],
    ['{% include "b" %}', 'SLAB2002 | b:1:1-3 < a.sls:1:12 | an expression is never closed | end it with `}}`', { files: { b: '{{ x' } }],
    ['{% from "m" import f %}\n{{ f(1) }}', "SLAB2004 | m:1:21-28 < a.sls:2:4 | TypeError: unsupported operand type(s) for +: 'int' and 'str'", { files: { m: '{% macro f(x) %}\n{{ x + "a" }}{% endmacro %}'.replace('\n', ' ') } }],
  ]; // prettier-ignore

  for (const [text, expected, setting] of table)
    it(`names the place and the reason: ${text.slice(0, 50).replaceAll('\n', '⏎')}`, () => {
      assert.equal(said(text, setting), expected);
    });

  it('passes a complaint of the host on, with the place of the call', () => {
    const fail = {
      name: 'fail',
      call: () => {
        throw new TemplateFailure({ severity: 'error', code: 'SLAB2005', summary: 'no such function' });
      },
    };

    assert.equal(said('\n{{ fail(1) }}', { vars: { fail } }), 'SLAB2005 | a.sls:2:4-11 | no such function');
  });

  it('leaves the place of a complaint that has one, and says what led there', () => {
    const source = { file: 'x', line: 7, column: 8 };
    const fail = {
      name: 'fail',
      call: () => {
        throw new TemplateFailure({ severity: 'error', code: 'SLAB2005', summary: 's', source });
      },
    };

    assert.deepEqual(failure('{{ fail() }}', { vars: { fail } }).source, {
      ...source,
      via: [{ file: 'a.sls', line: 1, column: 4, endColumn: 10 }],
    });
  });
});

describe('the limits of a rendering', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}', 'SLAB2006'],
    ['{% set l = [1] %}{% for a in l %}{% do l.append(1) %}{% endfor %}', 'SLAB2006'],
    ['{{ "x" * 10 ** 9 }}', 'SLAB2004'],
    ['{{ [1] * 10 ** 9 }}', 'SLAB2006'],
    ['{{ range(10 ** 9) | list }}', 'SLAB2004'],
    ['{{ 10 ** (10 ** 10) }}', 'SLAB2004'],
    ['{{ "%999999999d" % 1 }}', 'SLAB2004'],
    ['{{ "{:999999999}".format(1) }}', 'SLAB2004'],
    ['{{ "a".ljust(10 ** 9) }}', 'SLAB2004'],
    ['{% set ns = namespace(t="x") %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}', 'SLAB2004'],
    ['{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}', 'SLAB2006'],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'SLAB2004'],
    ['{% include "self" %}', 'SLAB2004'],
    ['{% set l = [] %}{% do l.append(l) %}{{ l | json }}', 'SLAB2004'],
    ['{% for i in range(99999) %}{{ "%s" % ("x" * 999) }}{% endfor %}', 'SLAB2004'],
  ]; // prettier-ignore

  for (const [text, code] of table)
    it(`stops ${text.slice(0, 60)}`, () => {
      assert.equal(failure(text, { files: { self: '{% include "self" %}' } }).code, code);
    });

  it('counts the steps of each rendering by itself', () => {
    const options = { stepLimit: 50 };

    assert.equal(failure('{% for i in range(60) %}{% endfor %}', { options }).code, 'SLAB2006');
  });
});
