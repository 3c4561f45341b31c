import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import type { Json } from '../../lib/model/json.ts';
import type { ParseInput } from '../../lib/model/resource.ts';
import { defineKind } from '../../lib/resources/define-kind.ts';
import { declareChunk, findOwners } from '../../lib/resources/index.ts';
import { sh } from '../../lib/shell/sh.ts';
import { chunkOf, type ChunkSpec } from '../support/chunk.ts';
import { fileSourceOf } from '../support/file-source.ts';

const seen: ParseInput[] = [];

/** A kind with one function that keeps what it is given. */
const lamp = defineKind<Json, Json>({
  name: 'lamp',
  summary: 'Lamps.',
  functions: {
    lit: {
      summary: 'A lamp is lit.',
      examples: ['kitchen:\n  lamp.lit:\n    - watts: 10\n'],
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['watts'],
        properties: {
          watts: { type: 'integer', minimum: 1 },
          colour: { enum: ['red', 'warm'] },
          label: { type: 'string' },
          dim: { type: 'boolean' },
          umask: { type: 'string' },
          spots: { type: 'array', items: { type: 'object', properties: { x: { type: 'number' } } } },
        },
      },
    },
  },
  parse: (input) => {
    seen.push(input);
    if (input.args['label'] === 'bad')
      return { complaints: [{ at: ['label'], summary: 'a bad label', fix: 'another' }] };
    return { declared: { name: input.name, part: input.args['label'] ?? null } };
  },
  identify: (declared) => {
    const { name, part } = declared as { name: string; part: string | null };
    return [part === null ? `lamp:${name}` : `lamp:${name}#${part}`];
  },
  probe: () => sh`true`,
  observe: (_, declared) => declared.map(() => null),
  diff: () => ({ changes: [], predicted: {} }),
  steps: () => [],
});

const context = { grains: new Map(), files: fileSourceOf({}), kinds: new Map([[lamp.name, lamp]]) };

function declare(spec: Partial<ChunkSpec>): ReturnType<typeof declareChunk> {
  return declareChunk(
    chunkOf({ module: 'lamp', fun: 'lit', name: 'kitchen', args: { watts: 1 }, ...spec }),
    context,
  );
}

function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(
    ({ code, summary, source, fix }) =>
      `${source?.line ?? 0}:${source?.column ?? 0} ${code} ${summary} | ${fix ?? ''}`,
  );
}

describe('declareChunk', () => {
  it('names the module that a mistyped one looks like', () => {
    const { diagnostics } = declare({ module: 'lmap' });

    assert.deepEqual(told(diagnostics), [
      '9:3 SLAB2101 there is no state module "lmap" | did you mean "lamp"?',
    ]);
  });

  it('names the function that a mistyped one looks like, or all there are', () => {
    assert.deepEqual(told(declare({ fun: 'lite' }).diagnostics), [
      '9:3 SLAB2102 the state module "lamp" has no function "lite" | did you mean "lit"?',
    ]);
    assert.deepEqual(told(declare({ fun: 'constructor' }).diagnostics), [
      '9:3 SLAB2102 the state module "lamp" has no function "constructor" | it has lit',
    ]);
  });

  it('takes global arguments out, except those the function lists itself', () => {
    const args = { watts: 5, require: ['x'], unless: 'true', order: 1, umask: '022', listen_in: [] };

    const { value, diagnostics } = declare({ args });

    assert.deepEqual(diagnostics, []);
    assert.deepEqual(value?.objects, ['lamp:kitchen']);
    assert.deepEqual(seen.at(-1)?.args, { watts: 5, umask: '022' });
    assert.equal(seen.at(-1)?.name, 'kitchen');
  });

  it('tells everything that is wrong at once, each where it is written', () => {
    const args = { wats: 5, colour: 'blue', label: 10, dim: 'True', requre: [], spots: [{ x: 'y' }] };

    assert.deepEqual(told(declare({ args }).diagnostics), [
      '9:3 SLAB2105 lamp.lit needs the argument "watts" | add "watts": a whole number at least 1, as in:\nkitchen:\n  lamp.lit:\n    - watts: 10',
      '10:5 SLAB2104 lamp.lit has no argument "wats" | did you mean "watts"?',
      '11:9 SLAB2105 "colour" must be "red" or "warm", not "blue" | ',
      '12:9 SLAB2105 "label" must be text, not 10 | put it in quotes: "10"',
      '13:9 SLAB2105 "dim" must be true or false, not "True" | write it without quotes: True',
      '14:5 SLAB2104 lamp.lit has no argument "requre" | did you mean "require"?',
      '1511:15 SLAB2105 "spots[0].x" must be a number, not "y" | ',
    ]);
  });

  it('warns of arguments it does not know when it is lax, and leaves them out', () => {
    const args = { watts: 5, lable: 'x', zzz: 1, spots: [{ x: 1 }], dim: 'True' };
    const chunk = chunkOf({ module: 'lamp', fun: 'lit', name: 'kitchen', args });
    const valid = chunkOf({ module: 'lamp', fun: 'lit', name: 'kitchen', args: { watts: 5, lable: 'x' } });

    const broken = declareChunk(chunk, { ...context, lax: true });
    const right = declareChunk(valid, { ...context, lax: true });

    assert.deepEqual(
      broken.diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`),
      [
        'warning: lamp.lit has no argument "lable"',
        'warning: lamp.lit has no argument "zzz"',
        'error: "dim" must be true or false, not "True"',
      ],
    );
    assert.deepEqual(told(right.diagnostics), [
      '11:5 SLAB2104 lamp.lit has no argument "lable" | did you mean "label"?',
    ]);
    assert.deepEqual(right.value?.objects, ['lamp:kitchen']);
    assert.deepEqual(seen.at(-1)?.args, { watts: 5 });
  });

  it('puts a complaint of the kind at its argument', () => {
    assert.deepEqual(told(declare({ args: { watts: 1, label: 'bad' } }).diagnostics), [
      '11:9 SLAB2105 a bad label | another',
    ]);
  });

  it('checks the rest of a state with an argument that it does not know', () => {
    assert.deepEqual(told(declare({ args: { watts: 1, colr: 'red', label: 'bad', zzz: 1 } }).diagnostics), [
      '11:5 SLAB2104 lamp.lit has no argument "colr" | did you mean "colour"?',
      '12:9 SLAB2105 a bad label | another',
      '13:5 SLAB2104 lamp.lit has no argument "zzz" | remove it; it has watts, colour, label, dim, umask, spots',
    ]);
  });

  it('reads a mistyped argument as the one that was meant, so that its value is checked too', () => {
    const told2104 = '11:5 SLAB2104 lamp.lit has no argument "lable" | did you mean "label"?';

    assert.deepEqual(told(declare({ args: { watts: 1, lable: 'bad' } }).diagnostics), [
      told2104,
      '11:9 SLAB2105 a bad label | another',
    ]);
    assert.deepEqual(told(declare({ args: { watts: 1, lable: 'bad', label: 'good' } }).diagnostics), [
      told2104,
    ]);
    assert.deepEqual(told(declare({ args: { watts: 1, lable: 5 } }).diagnostics), [told2104]);
  });

  it('says of a mistyped name nothing but that', () => {
    const { diagnostics } = declare({ args: { watts: 1, nmae: 'hall' } });

    assert.deepEqual(told(diagnostics), [
      '11:5 SLAB2104 lamp.lit has no argument "nmae" | did you mean "name"?',
    ]);
    assert.equal(seen.at(-1)?.name, 'hall');
  });

  it('refuses slots, which would be written as they are', () => {
    const [diagnostic] = declare({ args: { watts: 1, label: '__slot__:salt:cmd.run(date)' } }).diagnostics;

    assert.equal(diagnostic?.summary, '"label" is a slot; slab knows every value before anything runs');
  });
});

describe('findOwners', () => {
  const owned = (id: string, args: Readonly<Record<string, Json>> = {}) => {
    const chunk = chunkOf({ module: 'lamp', fun: 'lit', name: 'kitchen', id, args: { watts: 1, ...args } });
    const { value } = declareChunk(chunk, context);
    assert.ok(value);
    return { chunk, declared: value };
  };
  const summaries = (...all: ReturnType<typeof owned>[]): readonly string[] =>
    findOwners(all).map(({ severity, summary }) => `${severity}: ${summary}`);

  it('names both states that manage one object', () => {
    const [diagnostic] = findOwners([owned('a'), owned('b')]);

    assert.equal(diagnostic?.summary, 'two states manage lamp:kitchen: "a" and "b"');
    assert.equal(diagnostic.source?.line, 9);
    assert.equal(diagnostic.related?.[0]?.message, 'lamp.lit manages it here');
  });

  it('lets owners of different parts live together', () => {
    assert.deepEqual(summaries(owned('a', { label: 'x' }), owned('b', { label: 'y' })), []);
  });

  it('sees two owners of one part, and an owner of the whole beside one of a part', () => {
    assert.equal(summaries(owned('a', { label: 'x' }), owned('b', { label: 'x' })).length, 1);
    assert.equal(summaries(owned('a', { label: 'x' }), owned('b')).length, 1);
    assert.equal(summaries(owned('a'), owned('b', { label: 'x' })).length, 1);
  });

  it('only warns where a condition may keep the two apart', () => {
    assert.deepEqual(summaries(owned('a'), owned('b', { onlyif: 'true' })), [
      'warning: two states manage lamp:kitchen: "a" and "b"',
    ]);
  });
});
