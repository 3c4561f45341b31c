import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import type { HostCall } from '../../lib/jinja/api.ts';
import { createEngine } from '../../lib/jinja/engine.ts';
import {
  dictDelete,
  dictGet,
  dictHas,
  dictSet,
  hostFunction,
  hostObject,
  isFloat,
  isTruthy,
  pythonRepr,
  pythonStr,
  toFloat,
  valuesEqual,
} from '../../lib/jinja/host.ts';
import type { Value } from '../../lib/model/value.ts';
import { failure, render } from './render.ts';

describe('a host function', () => {
  it('gets positional, keyword and starred arguments, and the place of the call', () => {
    const calls: HostCall[] = [];
    const get = hostFunction('get', (call) => {
      calls.push(call);
      return 'x';
    });

    const text = render('{{ get(1, *[2.5], k=none, **{"z": (1, 2)}) }}', { vars: { get } });

    assert.equal(text, 'x');
    const [call] = calls;
    assert.ok(call !== undefined);
    assert.deepEqual(call.args, [1, { float: 2.5 }]);
    assert.deepEqual(
      Array.from(call.kwargs, ([name, value]) => [name, JSON.stringify(value)]),
      [
        ['k', 'null'],
        ['z', '[1,2]'],
      ],
    );
    assert.deepEqual([call.source.line, call.source.column], [1, 4]);
  });

  it('shares lists and dicts with the template', () => {
    const add = hostFunction('add', ({ args: [list] }) => {
      if (Array.isArray(list)) list.push(9);
      return null;
    });

    assert.equal(render('{% set l = [1] %}{% do add(l) %}{{ l }}', { vars: { add } }), '[1, 9]');
  });

  it('gets views and generators as lists, and refuses what only templates know', () => {
    const show = hostFunction('show', ({ args: [value] }) => JSON.stringify(value));

    assert.equal(
      render('{{ show({"a": 1}.items()) }}{{ show([1] | map("string")) }}', { vars: { show } }),
      '[["a",1]]["1"]',
    );
    assert.equal(failure('{{ show(namespace()) }}', { vars: { show } }).code, 'SLAB2004');
    assert.equal(failure('{{ show(nope) }}', { vars: { show } }).summary, "'nope' is undefined");
  });

  it('can be a filter and a test', () => {
    const options = {
      filters: new Map([
        [
          'twice',
          hostFunction(
            'twice',
            ({ args: [value] }) => `${pythonStr(value ?? null)}${pythonStr(value ?? null)}`,
          ),
        ],
      ]),
      tests: new Map([['big', hostFunction('big', ({ args: [value] }) => Number(value) > 5)]]),
    };

    assert.equal(
      render(
        '{{ "a" | twice }}{{ 9 is big }}{{ [1, 9] | select("big") | list }}{{ ["x"] | map("twice") | first }}',
        { options },
      ),
      'aaTrue[9]xx',
    );
  });
});

describe('a host object', () => {
  const salt = hostObject('salt', (key) =>
    key === 'pillar' || key === 'pillar.get' ? hostFunction('pillar.get', () => 5) : undefined,
  );

  it('answers for attributes and items', () => {
    assert.equal(
      render('{{ salt["pillar.get"]("x") }}{{ salt.pillar() }}{{ salt.nope is defined }}', {
        vars: { salt },
      }),
      '55False',
    );
  });

  it('says what it does not have', () => {
    assert.equal(
      failure('{{ salt["no.such"]("x") }}', { vars: { salt } }).summary,
      "'salt object' has no attribute 'no.such'",
    );
  });
});

describe('an engine', () => {
  it('compiles a text once', () => {
    const engine = createEngine({ loader: { load: () => undefined } });
    const source = { file: 'a', text: '{{ x }}' };

    const [first, second] = [engine.compile(source), engine.compile({ ...source })];

    assert.ok(first.template !== undefined && second.template !== undefined);
    assert.deepEqual(first.template.render(new Map([['x', 1]])).rendered?.text, '1');
    assert.deepEqual(second.template.render(new Map([['x', 2]])).rendered?.text, '2');
    assert.deepEqual(
      engine.compile({ file: 'a', text: 'new' }).template?.render(new Map()).rendered?.text,
      'new',
    );
  });

  it('shows globals everywhere and lets variables hide them', () => {
    const options = { globals: new Map([['g', 'global']]) };
    const files = { m: '{% macro m() %}{{ g }}{% endmacro %}' };

    assert.equal(render('{{ g }}{% from "m" import m %}{{ m() }}', { options, files }), 'globalglobal');
    assert.equal(render('{{ g }}', { options, vars: { g: 1 } }), '1');
  });

  it('can trim and strip blocks as Jinja can', () => {
    const options = { trimBlocks: true, lstripBlocks: true };

    assert.equal(
      render('a\n  {% if true %}\n  b\n  {% endif %}\n  {{ 1 }}\n  {%+ if true +%}\nc{% endif %}', {
        options,
      }),
      'a\n  b\n  1\n  \nc',
    );
  });

  it('asks the loader on behalf of the file that names another', () => {
    const asked: string[] = [];
    const engine = createEngine({
      loader: {
        load: (name, from) => {
          asked.push(`${from} -> ${name}`);
          return { file: `dir/${name}`, text: name === 'one' ? '{% include "two" %}' : 'end' };
        },
      },
    });

    engine.compile({ file: 'start', text: '{% include "one" %}' }).template?.render(new Map());

    assert.deepEqual(asked, ['start -> one', 'dir/one -> two']);
  });

  it('renders from within a host function', () => {
    const inner = hostFunction('inner', () => render('{% for i in range(3) %}{{ i }}{% endfor %}'));

    assert.equal(
      render('{{ inner() }}-{% for i in range(2) %}{{ i }}{% endfor %}', { vars: { inner } }),
      '012-01',
    );
  });
});

describe("Python's view of values", () => {
  it('takes 1, 1.0 and True for one key, and the text 1 for another', () => {
    const dict = new Map<Value, Value>([[1, 'a']]);

    dictSet(dict, true, 'b');
    dictSet(dict, '1', 'c');

    assert.deepEqual(
      [...dict],
      [
        [1, 'b'],
        ['1', 'c'],
      ],
    );
    assert.deepEqual([dictDelete(new Map([[1, 2]]), true), dictDelete(new Map(), 1)], [true, false]);
    assert.deepEqual([dictGet(dict, toFloat(1)), dictGet(dict, '1'), dictHas(dict, 2)], ['b', 'c', false]);
  });

  it('compares by value across types of numbers, and never with texts', () => {
    assert.deepEqual(
      [
        valuesEqual(1, toFloat(1)),
        valuesEqual(true, 1n),
        valuesEqual('1', 1),
        valuesEqual([1, [null]], [toFloat(1), [null]]),
      ],
      [true, true, false, true],
    );
  });

  it('prints as Python does', () => {
    assert.deepEqual(
      [pythonStr('a'), pythonRepr('a'), pythonStr([null, true, toFloat(1), new Map([['k', "it's"]])])],
      ['a', "'a'", `[None, True, 1.0, {'k': "it's"}]`],
    );
  });

  it('knows what is empty', () => {
    assert.deepEqual(
      [[], new Map(), '', 0, toFloat(0), null, [0], ' '].map((value) => isTruthy(value)),
      [false, false, false, false, false, false, true, true],
    );
    assert.deepEqual([isFloat(toFloat(1)), isFloat(1)], [true, false]);
  });
});
