import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import { jsonOf } from './dict-of.ts';
import { caseGrains, testHost, testInventory } from './host.ts';
import { saltOptions } from './salt-options.ts';
import { memoryTree } from './memory-tree.ts';
import type { SaltChunk } from './salt-chunk.ts';
import { saltChunk, withRequisiteSets } from './salt-chunk.ts';

/** One file of cases: trees, and what Salt 3006 made of them. */
interface CaseFile {
  readonly states?: Readonly<Record<string, string>>;
  /** In place of `states`: the trees of several saltenvs; chunks are then compared with their saltenv. */
  readonly saltenvs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pillar?: Readonly<Record<string, string>>;
  /** The mapping `salt` of the inventory. */
  readonly salt?: Json;
  readonly nodegroups?: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  /** Without it the top file decides. */
  readonly sls?: readonly string[];
  /** Sorted as Salt's scheduler gets it. */
  readonly low?: readonly SaltChunk[];
  /** Indexes into `low`, in the order in which Salt runs it. */
  readonly run?: readonly number[];
  readonly top?: readonly string[];
  readonly pillar?: Json;
  /** Salt refuses it; the codes slab gives. */
  readonly refused?: readonly string[];
  /** Salt accepts it and fails later; the codes slab gives at once. */
  readonly reported?: readonly string[];
  /** Where slab means to differ, and why; the case is then not compared. */
  readonly deviation?: string;
}

const folder = new URL('./cases/', import.meta.url);

for (const file of readdirSync(folder).toSorted()) {
  const {
    states = {},
    saltenvs = { base: states },
    pillar = {},
    salt = {},
    nodegroups = {},
    cases,
  } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseFile; // written with this shape; a case of another shape fails below

  describe(`createCompiler, beside Salt: ${file.replace('.json', '')}`, () => {
    for (const item of cases)
      it(`compiles ${item.name} as Salt does`, () => {
        const host = testHost();
        const inventory = testInventory([host], {
          nodegroups: new Map(Object.entries(nodegroups)),
          salt: saltOptions(salt),
        });
        const ofSaltenvs = Object.entries(saltenvs).map(
          ([saltenv, files]) => [saltenv, [memoryTree(saltenv, files)]] as const,
        );
        const trees = { states: new Map(ofSaltenvs), pillar: [memoryTree('pillar', pillar)] };
        const compiler = createCompiler({ ...trees, inventory });

        const result = compiler.compile(host, caseGrains(), item.sls === undefined ? {} : { sls: item.sls });

        const errors = result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
        assert.deepEqual(
          errors.map((diagnostic) => diagnostic.code),
          item.refused ?? item.reported ?? [],
          errors.map((error) => JSON.stringify(error)).join('\n'),
        );
        for (const error of errors)
          if (!['SLAB2011', 'SLAB2010'].includes(error.code))
            assert.ok(error.source !== undefined, error.summary);
        if (item.refused !== undefined) return;
        const chunks = (result.low?.chunks ?? []).map((chunk) =>
          file.startsWith('top-env-') ? { ...saltChunk(chunk), __env__: chunk.env } : saltChunk(chunk),
        );
        const expected = item.low ?? [];
        assert.deepEqual(
          chunks.map(withRequisiteSets),
          (item.run ?? []).map((index) => withRequisiteSets(expected[index] ?? {})),
        );
        if (item.top !== undefined) assert.deepEqual(result.top, item.top);
        if (item.pillar !== undefined) assert.deepEqual(jsonOf(result.pillar), item.pillar);
      });
  });
}
