import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseRollout } from '../../lib/inventory/parse-rollout.ts';
import { rolloutSchema } from '../../lib/inventory/rollout.schema.ts';
import type { Json, JsonObject } from '../../lib/model/json.ts';

const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(rolloutSchema);

const anything = fc.constantFrom<Json>(
  ...[null, true, 0, -1, 7, 70_000, 'text', '', '0%', '101%', '5 m', 'all', [], [1], {}, { a: 'b' }],
);

/** Mostly right values, sometimes anything at all. */
const or = (right: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: anything });
const from = (...values: readonly Json[]) => or(fc.constantFrom(...values));
const some = (members: Readonly<Record<string, fc.Arbitrary<Json>>>, required: readonly string[] = []) =>
  or(fc.record(members, { requiredKeys: [...required] }));

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const duration = from('30s', '10m', 5, '100ms');
const size = from(3, '20%', '100%', 'all');
const command = some({ command: from('x {host}'), on: from('host', 'lb1') }, ['command', 'on']);

/** Names are given later: they have to differ. */
const stage = some({
  ...{ environment: from('lab'), target: from('web*'), needs: from([], null), order: from(['a', 'b'], null) },
  pick: or(fc.oneof(from(1), some({ count: from(2), prefer: from('label:a=b') }))),
  batch: or(fc.oneof(size, some({ size, max: from(3), spread_by: from('rack'), pause: duration }))),
  ...{
    budget: from(0, '5%'),
    gates: from(['converged'], null),
    soak: duration,
    drain: command,
    undrain: command,
  },
});

const gate = or(
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom<Json>({ converged: true }, { units: ['a'] }, { tcp: 80 }, { units: 'a', tcp: 1 }, {}),
        some({ http: from('http://{address}/'), expect: from(204) }, ['http']),
        some({ command: from('true'), on: from('host', 'controller') }, ['command']),
        some(
          {
            s3: from('https://x/b'),
            region: from('x'),
            credentials: some({ file: from('k'), env: from('K') }),
          },
          ['s3', 'credentials'],
        ),
      ),
      some({ when: from('after', ['soak', 'before']), tries: from(3), every: duration }),
    )
    .map(([check, more]) => (isObject(check) && isObject(more) ? { ...check, ...more } : check)),
);

const rollout: fc.Arbitrary<Json> = fc
  .record(
    {
      stages: or(fc.array(stage, { minLength: 1, maxLength: 3 }) as fc.Arbitrary<Json>),
      gates: or(fc.dictionary(fc.constantFrom('a', 'b'), gate, { maxKeys: 2 }) as fc.Arbitrary<Json>),
      budget: from(0, '10%'),
    },
    { requiredKeys: ['stages'] },
  )
  .map(({ stages, ...rest }) => ({
    ...rest,
    stages: Array.isArray(stages)
      ? (stages as readonly Json[]).map((each, at) => (isObject(each) ? { name: `s${at}`, ...each } : each))
      : stages,
  }));

describe('the JSON Schema of roll-outs', () => {
  it('accepts what the reader accepts and refuses what it refuses', () => {
    let right = 0;
    fc.assert(
      fc.property(rollout, (document) => {
        const { diagnostics } = parseRollout({ file: 'x', text: JSON.stringify(document) });
        // What names refer to is not the schema's business.
        const isRight = diagnostics.every(({ summary }) => /^there is no (?:stage|gate) /.test(summary));
        if (isRight) right++;

        assert.equal(
          validate(document),
          isRight,
          `${diagnostics.map(({ summary }) => summary).join('; ')} | ${JSON.stringify(validate.errors)}`,
        );
      }),
      { numRuns: 2000, seed: 20261129 },
    );
    assert.ok(right > 200, `only ${right} documents were right`);
  });

  it('knows every key of the reader, and no other', () => {
    const unknown: readonly Json[] = [
      { stage: [] },
      { stages: [{ name: 'a', gate: [] }] },
      { stages: [{ name: 'a', batch: { pauze: 1 } }] },
      { stages: [{ name: 'a' }], gates: { a: { tcp: 1, port: 2 } } },
      { stages: [{ name: 'a' }], gates: { a: { tcp: 1, expect: 200 } } },
    ];
    for (const document of unknown) {
      assert.equal(validate(document), false);
      assert.equal(parseRollout({ file: 'x', text: JSON.stringify(document) }).value, undefined);
    }
  });
});
