import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Node } from '../../lib/model/node.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

const RUNS = 300 * Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1'));

const word = fc
  .stringMatching(/^[a-z][a-z0-9_./-]{0,11}$/)
  .filter((text) => !/^(null|yes|no|on|off|true|false)$/.test(text));

/** A scalar as it is written, and what it says. */
const written = fc.oneof(
  word.map((text) => ({ text, value: text })),
  word.map((text) => ({ text: `"${text} \\n"`, value: `${text} \n` as unknown })),
  word.map((text) => ({ text: `'${text} it''s'`, value: `${text} it's` as unknown })),
  fc.integer({ min: -1e9, max: 1e9 }).map((number) => ({ text: String(number), value: number })),
  fc.boolean().map((value) => ({ text: value ? 'yes' : 'no', value: value })),
);

interface Tree {
  readonly lines: readonly string[];
  readonly value: unknown;
}

/** Documents in block style with the value they stand for. */
const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; list: Tree; map: Tree; flow: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('flow'), tie('list'), tie('map')),
  leaf: written.map(({ text, value }) => ({ lines: [text], value })),
  flow: fc
    .array(written, { minLength: 1, maxLength: 4 })
    .map((all) => ({ lines: [`[${all.map(({ text }) => text).join(', ')}]`], value: all.map(({ value }) => value) })),
  list: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((items) => ({
    lines: items.flatMap(({ lines }) => lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))),
    value: items.map(({ value }) => value),
  })),
  map: fc.uniqueArray(fc.tuple(word, tie('tree')), { minLength: 1, maxLength: 5, selector: ([key]) => key }).map((entries) => ({
    lines: entries.flatMap(([key, { lines, value }]) =>
      typeof value === 'object' ? [`${key}:`, ...lines.map((line) => `    ${line}`)] : [`${key}:   ${lines[0] ?? ''}  # c`],
    ),
    value: { entries: entries.map(([key, { value }]) => [key, value]) },
  })),
})); // prettier-ignore

function plain(node: Node): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'list') return node.items.map(plain);
  return { entries: node.entries.map(({ key, value }) => [plain(key), plain(value)]) };
}

function scalars(node: Node): readonly Node[] {
  if (node.type === 'scalar') return [node];
  if (node.type === 'list') return node.items.flatMap(scalars);
  return node.entries.flatMap(({ key, value }) => [...scalars(key), ...scalars(value)]);
}

describe('parseYaml, whatever the document', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(tree, ({ lines, value }) => {
        const checked = parseYaml(lines.join('\n'), { file: 'x' });

        assert.deepEqual(checked.diagnostics, []);
        assert.ok(checked.value);
        assert.deepEqual(plain(checked.value), value);
      }),
      { numRuns: RUNS },
    );
  });

  it('places every scalar exactly on its text', () => {
    fc.assert(
      fc.property(tree, ({ lines }) => {
        const { value: node } = parseYaml(lines.join('\n'), { file: 'x' });
        assert.ok(node);

        for (const scalar of scalars(node)) {
          const { line, column, endColumn } = scalar.source;
          const text = lines[line - 1]?.slice(column - 1, (endColumn ?? 0) - 1) ?? '';
          const alone = parseYaml(text, { file: 'x' }).value;
          assert.ok(alone);
          assert.deepEqual(plain(alone), plain(scalar));
          assert.equal(text, text.trim());
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('answers within the text, with a value or an error, and never throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(...Array.from('ab:-?[]{},#&*!|>\'"%@` \n\t\\0<~=.')),
        maxLength: 40,
      }),
    );
    fc.assert(
      fc.property(text, (input) => {
        const { value, diagnostics } = parseYaml(input, { file: 'x' });

        assert.notEqual(value === undefined, diagnostics.length === 0);
        for (const { source, summary } of diagnostics) {
          assert.ok(source !== undefined && source.line >= 1 && source.column >= 1 && summary !== '');
          assert.ok(source.line <= input.split(/\r\n?|\n/).length);
        }
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('takes time in proportion to the length, whatever is repeated', function () {
    this.timeout(20_000);
    const pieces = ['[', '{', '- ', 'a: ', '? ', '"', "'", '&a ', '*a ', '!t ', '| ', '#', ' ', '\n', 'a\n', '\t', 'a b ', ',', '- a\n', '0', '1:', '1_', "''", '\\'];
    for (const piece of pieces) {
      const text = piece.repeat(200_000 / piece.length);
      const { value, diagnostics } = parseYaml(text, { file: 'x' });
      assert.notEqual(value === undefined, diagnostics.length === 0);
      parseYaml(`a: "${text}`, { file: 'x' });
    }
  }); // prettier-ignore
});
