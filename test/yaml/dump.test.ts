import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Value } from '../../lib/model/value.ts';
import { dumpYaml } from '../../lib/yaml/dump.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

const SCRIPT = fileURLToPath(new URL('salt_dump.py', import.meta.url));
const RUNS = 500 * Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1'));

const text: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', ':', '#', '-', ',', '\n', "'", '"', '[', '{', '?', '\t', 'é', '😀', '\\', '\x85', '\u2028', '%'), maxLength: 8 }),
  fc.array(fc.constantFrom('word', 'longer-word', "it's", 'a:b', 'é', ' ', '\n', '"q"'), { maxLength: 40 }).map((words) => words.join(' ')),
  fc.constantFrom('yes', 'null', '~', '', '0644', '12:30', '1e3', '2026-11-23', '2026-11-23 10:11:12', '=', '<<', '---', '.inf', '- a', 'a: b', '0x_', 'x'.repeat(200)),
); // prettier-ignore

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 10n ** 16n, max: 10n ** 25n }),
  fc.double({ noNaN: true }).map((float) => ({ float })),
  fc.constantFrom(1e16, 123456789012345.6, 1e-5, 0.0001, -0, 1e22, 1.5).map((float) => ({ float })),
);

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 5, selector: ([key]) => key })
      .map((entries): Value => new Map(entries)),
  ),
})).value; // prettier-ignore

/** A value in JSON, which YAML contains but for the types JSON lacks. */
function toYamlText(input: Value): string {
  if (Array.isArray(input)) return `[${input.map(toYamlText).join(', ')}]`;
  if (input instanceof Map)
    return `{${[...input].map(([key, item]) => `? ${toYamlText(key)} : ${toYamlText(item)}`).join(', ')}}`;
  if (typeof input === 'string') return quote(input);
  if (input === null || typeof input !== 'object') return String(input);
  if (!Number.isFinite(input.float)) return input.float > 0 ? '.inf' : '-.inf';
  return `!!float "${Object.is(input.float, -0) ? '-0.0' : String(input.float)}"`;
}

function quote(input: string): string {
  const escaped = Array.from(input, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code >= 0x20 && code < 0x7f && char !== '"' && char !== '\\'
      ? char
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

function askPython(cases: readonly object[]): readonly string[] {
  const run = spawnSync('/usr/bin/python3', [SCRIPT], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 2 ** 29 });
  assert.equal(run.status, 0, `install the packages python3 and python3-yaml\n${run.stderr}`);
  return JSON.parse(run.stdout) as readonly string[];
} // prettier-ignore

describe('dumpYaml', () => {
  const sample: Value = new Map<Value, Value>([
    ['b', [1, new Map<Value, Value>([['x', null]]), []]],
    ['a', new Map<Value, Value>([['long', 'yes'], ['n', { float: 6 }]])],
  ]); // prettier-ignore

  it('writes block style', () => {
    assert.equal(dumpYaml(sample), "b:\n- 1\n- x: null\n- []\na:\n  long: 'yes'\n  n: 6.0\n");
  });

  it('writes flow style, keys sorted on demand', () => {
    assert.equal(dumpYaml(sample, { flow: true }), "{b: [1, {x: null}, []], a: {long: 'yes', n: 6.0}}\n");
    assert.equal(
      dumpYaml(sample, { flow: true, sortKeys: true }),
      "{a: {long: 'yes', n: 6.0}, b: [1, {x: null}, []]}\n",
    );
  });

  it('writes only the innermost collections in brackets on demand', () => {
    assert.equal(
      dumpYaml(sample, { flow: 'leaves' }),
      "b:\n- 1\n- {x: null}\n- []\na: {long: 'yes', n: 6.0}\n",
    );
  });

  it('writes what PyYAML writes', function () {
    this.timeout(60_000);
    const drawn = fc.sample(fc.tuple(value, fc.constantFrom(true, false, null), fc.boolean()), { numRuns: RUNS, seed: 20261123 });

    const expected = askPython(drawn.map(([input, flow, sort]) => ({ text: toYamlText(input), flow, sort })));

    drawn.forEach(([input, flow, sortKeys], index) => {
      const dumped = dumpYaml(input, { flow: flow ?? 'leaves', sortKeys });
      assert.equal(dumped.replace(/\n+$/, ''), expected[index], toYamlText(input));
    });
  }); // prettier-ignore

  it('writes what reads back as the same value', () => {
    fc.assert(
      // PyYAML writes these line breaks in a way that it reads back as others.
      fc.property(
        value.filter((input) => !/[\x85\u2028\u2029]/.test(dumpYaml(input))),
        fc.constantFrom<boolean | 'leaves'>(true, false, 'leaves'),
        (input, flow) => {
          const { value: node, diagnostics } = parseYaml(dumpYaml(input, { flow }), { file: 'x' });

          assert.deepEqual(diagnostics, []);
          assert.ok(node);
          assert.deepEqual(nodeToValue(node), input);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
