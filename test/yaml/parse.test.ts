import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import type { Node } from '../../lib/model/node.ts';
import type { Value } from '../../lib/model/value.ts';
import { nodeToJson, nodeToValue } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

function read(text: string): Node {
  const { value, diagnostics } = parseYaml(text, { file: 'x.sls' });
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
}

const json = (text: string): Json => nodeToJson(read(text));
const value = (text: string): Value => nodeToValue(read(text));

const SCALARS: readonly (readonly [string, Value])[] = [
  ['0644', 644],
  ['0', 0],
  ['00', 0],
  ['-0644', -420],
  ['0x1F', 31],
  ['0b101', 5],
  ['0o17', '0o17'],
  ['08', '08'],
  ['1_000', 1000],
  ['12:30', 750],
  ['1:00:00', 3600],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['1e3', '1e3'],
  ['1.0e+3', { float: 1000 }],
  ['1.0', { float: 1 }],
  ['.inf', { float: Infinity }],
  ['190:20:30.15', { float: 685230.15 }],
  ['yes', true],
  ['Off', false],
  ['TRUE', true],
  ['y', 'y'],
  ['tRUE', 'tRUE'],
  ['~', null],
  ['null', null],
  ['NULL', null],
  ['nULL', 'nULL'],
  ['2026-11-23', '2026-11-23'],
  ['10.0.0.1', '10.0.0.1'],
  ['"0644"', '0644'],
  ["'yes'", 'yes'],
  ['!!str 0644', '0644'],
  ['!!int "12"', 12],
  ['!!float 1', { float: 1 }],
  ['!!bool YES', true],
  ['!!null x', null],
  ['!!binary aGk=', 'hi'],
  ['! "12"', 12],
];

describe('parseYaml', () => {
  it('reads an empty document as null', () => {
    assert.equal(json(''), null);
    assert.equal(json('# nothing here\n'), null);
    assert.equal(json('---\n...\n'), null);
  });

  for (const [text, expected] of SCALARS)
    it(`reads ${text} as Salt does`, () => {
      assert.deepEqual(value(text), expected);
    });

  it('keeps the order and the types of keys', () => {
    const dict = value('b: 1\n2: two\na: x\n"2": text\n');

    assert.deepEqual(
      dict,
      new Map<Value, Value>([
        ['b', 1],
        [2, 'two'],
        ['a', 'x'],
        ['2', 'text'],
      ]),
    );
  });

  it('reads a list at the indentation of its key', () => {
    assert.deepEqual(json('a:\n- 1\n- b: 2\n  c: 3\nd:\n'), { a: [1, { b: 2, c: 3 }], d: null });
  });

  it('folds plain and quoted scalars over lines', () => {
    assert.deepEqual(json("a: one\n  two\n\n  three\nb: \"x \\\n  y\n  z\"\nc: 'it''s\n\n  so'"), {
      a: 'one two\nthree',
      b: 'x y z',
      c: "it's\nso",
    });
  });

  it('knows every escape of double quotes', () => {
    assert.equal(
      json('"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\"\\\\\\/\\N\\_\\L\\P\\x41\\u00e9\\U0001f600"'),
      '\0\x07\b\t\n\v\f\r\x1b "\\/\x85\xa0\u2028\u2029Aé😀',
    );
  });

  it('keeps literal blocks and folds folded ones, by their chomping and indentation', () => {
    const text =
      'a: |\n  x\n   y\n\nb: |-\n  x\nc: |+\n  x\n\nd: >\n  x\n  y\n\n  z\n   w\ne: |2\n    x\nf: >-\n\n  x\n';

    assert.deepEqual(json(text), {
      a: 'x\n y\n',
      b: 'x',
      c: 'x\n\n',
      d: 'x y\nz\n w\n',
      e: '  x\n',
      f: '\nx',
    });
  });

  it('reads flow collections, pairs in lists and trailing commas included', () => {
    assert.deepEqual(json('{a: [1, {b: c}, d: e,], "f": , g, }'), {
      a: [1, { b: 'c' }, { d: 'e' }],
      f: null,
      g: null,
    });
  });

  it('reads explicit keys, directives, document marks and a byte order mark', () => {
    assert.deepEqual(json('\ufeff%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\n? a\n: !e!str 1\n? b\n...\n'), {
      a: '1',
      b: null,
    });
  });

  it('repeats anchored values as the same node', () => {
    const node = read('a: &x [1]\nb: *x\n');

    assert.ok(node.type === 'map');
    assert.equal(node.entries[0]?.value, node.entries[1]?.value);
  });

  it('merges mappings in front of the own entries, which win', () => {
    const dict = value('base: &b {x: 1, y: 2}\nall:\n  y: 3\n  <<: *b\n  z: 4\n');

    assert.ok(dict instanceof Map);
    assert.deepEqual(
      [...((dict.get('all') as Map<Value, Value> | undefined) ?? [])],
      [
        ['x', 1],
        ['y', 3],
        ['z', 4],
      ],
    );
  });

  it('keeps text out of a template at the places that wrote it, extended to its last character', () => {
    const at = (offset: number) => ({ file: 't.jinja', line: 9, column: 100 + offset });

    const { value: node } = parseYaml('a: bcd\n', { file: 'x.sls', at });

    assert.ok(node?.type === 'map');
    assert.deepEqual(node.entries[0]?.value.source, {
      file: 't.jinja',
      line: 9,
      column: 103,
      endColumn: 106,
    });
  });

  it('asks for places only when they are read, and never behind the end of the text', () => {
    const asked: number[] = [];
    const at = (offset: number) => {
      asked.push(offset);
      return { file: 't', line: 1, column: offset + 1 };
    };

    const { value: node } = parseYaml('a: 1\nb:', { file: 'x.sls', at });

    assert.deepEqual(asked, []);
    assert.ok(node?.type === 'map');
    assert.equal(node.entries[1]?.value.source.column, 7);
    assert.deepEqual(asked, [6]);
  });

  it('stays where the first character is when the last one came from elsewhere', () => {
    const at = (offset: number) => ({ file: offset < 4 ? 'a' : 'b', line: 1, column: 1 });

    const { value: node } = parseYaml('a: bcd\n', { file: 'x.sls', at });

    assert.ok(node?.type === 'map');
    assert.deepEqual(node.entries[0]?.value.source, { file: 'a', line: 1, column: 1 });
  });

  it("turns keys and numbers into JSON as Python's json.dumps does", () => {
    assert.deepEqual(json('true: 1.5\nnull: .nan\n2.0: 12345678901234567890\n-.inf: -.inf\n.nan: x\n'), {
      true: 1.5,
      null: 'NaN',
      '2.0': '12345678901234567890',
      '-Infinity': '-Infinity',
      NaN: 'x',
    });
  });
});
