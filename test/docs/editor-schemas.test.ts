import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../lib/model/json.ts';
import { kinds, slsSchema } from '../../lib/resources/index.ts';
import { pillarSchema, topSchema } from '../../lib/sls/editor-schemas.ts';
import { rolloutSchema } from '../../lib/inventory/rollout.schema.ts';
import { inventorySchema } from '../../lib/inventory/schema.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';
import { runCommandLine } from '../support/command-line.ts';

const repository = join(import.meta.dirname, '../..');
// Refs stay calls: inlined, all state functions would be one function too large for the stack.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, inlineRefs: false });
const compiled = {
  sls: ajv.compile(slsSchema(kinds.values())),
  top: ajv.compile(topSchema),
  pillar: ajv.compile(pillarSchema),
  inventory: ajv.compile(inventorySchema),
  rollout: ajv.compile(rolloutSchema),
};

/** Which schema an editor takes for a path. */
function schemaFor(path: string): keyof typeof compiled | undefined {
  if (path.endsWith('inventory.yaml')) return 'inventory';
  if (path.endsWith('rollout.yaml')) return 'rollout';
  if (!path.endsWith('.sls')) return undefined;
  if (basename(path) === 'top.sls') return 'top';
  return path.includes('pillar/') ? 'pillar' : 'sls';
}

/** The document of a file that has no template in it and is valid YAML. */
function plainDocument(text: string): Json | undefined {
  if (/\{[{%#]|^#!/.test(text)) return undefined;
  const { value } = parseYaml(text, { file: 'x' });
  return value === undefined ? undefined : nodeToJson(value);
}

/** What the schema for a path has against a text. */
function faultsOf(path: string, text: string): readonly string[] {
  const name = schemaFor(path);
  const document = plainDocument(text);
  if (name === undefined || document === undefined) return [];
  const validate = compiled[name];
  return validate(document)
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ''}`);
}

interface GalleryCase {
  readonly case: string;
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly exit: number;
  readonly stderr: string;
}

const gallery = readdirSync(join(repository, 'test/errors')).flatMap(
  (file) =>
    parse(readFileSync(join(repository, 'test/errors', file), 'utf8'), {
      customTags: ['binary'],
    }) as readonly GalleryCase[],
);

/** Mistakes that can be seen in one plain file, without knowing values or other files. */
const VISIBLE = /error\[SLAB(2101|2102|2104)\]/;

describe('the schemas for editors', () => {
  for (const path of ['states', 'inventories'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(sls|yaml)$/.test(name))
      .map((name) => `${folder}/${name}`),
  ))
    it(`accept ${path}`, () => {
      assert.deepEqual(faultsOf(path, readFileSync(join(repository, path), 'utf8')), []);
    });

  it('accept the examples of every state function', () => {
    for (const kind of kinds.values())
      for (const [fun, { examples }] of Object.entries(kind.functions))
        for (const example of examples)
          assert.deepEqual(faultsOf('states/site.sls', example), [], `${kind.name}.${fun}`);
  });

  it('accept every file of the gallery in which nothing is wrong', () => {
    for (const { case: name, files = {}, exit } of gallery.filter((each) => each.exit === 0)) {
      assert.equal(exit, 0);
      if (/--lax|warning/.test(name)) continue;
      for (const [path, text] of Object.entries(files))
        if (typeof text === 'string') assert.deepEqual(faultsOf(path, text), [], `${name}: ${path}`);
    }
  });

  for (const { case: name, files = {}, stderr } of gallery) {
    const wrong = Object.entries(files).filter(
      ([path, text]) =>
        schemaFor(path) === 'sls' &&
        typeof text === 'string' &&
        stderr.includes(`--> ${path}:`) &&
        plainDocument(text) !== undefined,
    );
    if (!VISIBLE.test(stderr) || wrong.length === 0) continue;
    it(`refuse ${name}`, () => {
      assert.ok(wrong.some(([path, text]) => typeof text === 'string' && faultsOf(path, text).length > 0));
    });
  }

  const forms: readonly [string, string, boolean][] = [
    ['the short form', 'motd: test.nop\n', true],
    ['a module with its function in the list', 'x:\n  file: [managed, {contents: a}]\n', true],
    ['arguments as a mapping', '/x:\n  file.managed: {contents: a, require: [test: y]}\n', true],
    [
      'requisites and conditions',
      '/x:\n  file.absent:\n    - require_in: [y]\n    - unless: [a, true]\n',
      true,
    ],
    ['an extend', 'extend:\n  /x:\n    file.managed:\n      - mode: "0600"\n', true],
    ['includes of all sorts', 'include: [a, .b, {base: c}]\n', true],
    ['nothing', '', true],
    ['a colon with nothing behind it', 'x:\n  test.nop:\n', false],
    ['a requisite that is no list', 'x:\n  test.nop:\n    - require: y\n', false],
    ['a function with a typing mistake', 'x: test.npo\n', false],
    ['a list at the top', '- a\n', false],
  ];
  for (const [what, text, right] of forms)
    it(`${right ? 'accept' : 'refuse'} ${what}`, () => {
      assert.equal(faultsOf('states/x.sls', text).length === 0, right);
    });

  it('refuse an SLS in a top file that is no list, and an include with unknown settings', () => {
    assert.notDeepEqual(faultsOf('states/top.sls', "base:\n  '*': web\n"), []);
    assert.notDeepEqual(faultsOf('x/pillar/a.sls', 'include: [{b: {kee: c}}]\n'), []);
  });

  it('are what slab schema prints', async () => {
    const printed = await Promise.all(
      ['sls', 'top', 'pillar', 'inventory'].map(async (name) => {
        const { stdout } = await runCommandLine(repository, ['schema', name]);
        return (JSON.parse(stdout) as JsonObject)['title'];
      }),
    );

    assert.deepEqual(printed, ['SLS file', 'top file', 'pillar SLS', 'slab inventory']);
  });
});
