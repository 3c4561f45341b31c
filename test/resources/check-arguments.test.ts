import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Json, JsonObject } from '../../lib/model/json.ts';
import { checkArguments } from '../../lib/resources/check-arguments.ts';
import { kinds } from '../../lib/resources/index.ts';

const words = ['a', 'b', 'mode', '__proto__'];
const scalar = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.integer({ min: -3, max: 9 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom('', 'a', 'abc', '0644', '😀'),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words), tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

const types = fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'null');
const limits = fc.record(
  {
    minimum: fc.integer({ min: -3, max: 9 }),
    maximum: fc.integer({ min: -3, max: 9 }),
    minLength: fc.nat(3),
    maxLength: fc.nat(3),
    minItems: fc.nat(2),
    maxItems: fc.nat(2),
    minProperties: fc.nat(2),
    pattern: fc.constantFrom('^a', '^[0-7]{3,4}$', '.'),
    enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
  },
  { requiredKeys: [] },
);
const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ any: JsonObject }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1 })) }),
    fc.tuple(types, limits).map(([type, more]) => ({ type, ...more })),
    fc.record({ items: tie('any') }),
    fc.record({ anyOf: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'mode'), tie('any'), { noNullPrototype: true }),
      required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 1 }),
      additionalProperties: fc.oneof(fc.boolean(), tie('any')),
    }),
  ),
})).any;

const ajv = new Ajv({ strict: false, addUsedSchema: false });

describe('checkArguments', () => {
  it('agrees with ajv about any schema and any value', () => {
    fc.assert(
      fc.property(schema, fc.array(json, { minLength: 5, maxLength: 5 }), (one, values) => {
        const validate = ajv.compile(one);
        for (const value of values)
          assert.equal(
            checkArguments(one, value).length === 0,
            validate(value),
            JSON.stringify([one, value]),
          );
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with ajv about the schema of every state function', () => {
    for (const kind of kinds.values())
      for (const { schema: one } of Object.values(kind.functions)) {
        const validate = ajv.compile(one);
        const names = Object.keys((one['properties'] ?? {}) as JsonObject);
        const args = fc.dictionary(fc.constantFrom(...names, 'unknown'), json, {
          maxKeys: 4,
          noNullPrototype: true,
        });
        fc.assert(
          fc.property(args, (value) =>
            assert.equal(checkArguments(one, value).length === 0, validate(value)),
          ),
          { numRuns: 100 },
        );
      }
  });

  it('throws for a keyword it does not know, and ajv reads every schema as one', () => {
    assert.throws(() => checkArguments({ dependencies: {} }, {}), /schema keyword dependencies/);
  });

  it('goes into the one alternative that is of the right type', () => {
    const one = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

    assert.deepEqual(checkArguments(one, ['a', 1]), [
      { kind: 'value', at: [1], expected: 'text', known: [] },
    ]);
    assert.deepEqual(checkArguments(one, 1), [
      { kind: 'value', at: [], expected: 'text or a list', known: [] },
    ]);
  });

  it('says what is expected in the words of the title', () => {
    const [fault] = checkArguments({ title: 'a mode such as 0644', type: 'string' }, []);

    assert.equal(fault?.expected, 'a mode such as 0644');
  });
});
