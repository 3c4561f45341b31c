import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RootFolder } from '../../lib/model/salt-options.ts';
import { readSaltRoots } from '../../lib/project/salt-roots.ts';
import { memoryTree } from '../sls/memory-tree.ts';
import { withProjectTree } from '../support/command-line.ts';

const FILES = { 'states/a.sls': 'a', 'dev/b.sls': 'b', 'shared/c.sls': 'c' };
const GIVEN = memoryTree('given', { 'g.sls': 'g' });

const roots = (
  all: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly RootFolder[]> =>
  new Map(
    Object.entries(all).map(([saltenv, paths]) => [
      saltenv,
      paths.map((path, index) => ({ path, source: { file: 'inventory.yaml', line: 1, column: index + 1 } })),
    ]),
  );

/** The files of every tree, by saltenv. */
const list = (project: string, all: Readonly<Record<string, readonly string[]>>, wins = false) => {
  const { value, diagnostics } = readSaltRoots(project, roots(all), { trees: [GIVEN], wins });
  return {
    diagnostics,
    value,
    files: Object.fromEntries(
      [...(value ?? [])].map(([name, trees]) => [name, trees.map((tree) => tree.list())]),
    ),
  };
};

describe('readSaltRoots', () => {
  it('leaves base to what is given where the inventory is silent about it', () =>
    withProjectTree(FILES, (project) => {
      const { files } = list(project, { dev: ['dev', 'shared'] });

      assert.deepEqual(files, { base: [['g.sls']], dev: [['b.sls'], ['c.sls']] });
      return Promise.resolve();
    }));

  it('takes base of the inventory, unless the command line says what it is', () =>
    withProjectTree(FILES, (project) => {
      assert.deepEqual(list(project, { base: ['states'] }).files, { base: [['a.sls']] });
      assert.deepEqual(list(project, { base: ['states'] }, true).files, { base: [['g.sls']] });
      return Promise.resolve();
    }));

  it('names files from the project, and those outside of it by their whole path', () =>
    withProjectTree(FILES, (project) => {
      const inside = list(project, { dev: ['dev'] }).value?.get('dev')?.[0];
      const outside = list(join(project, 'states'), { dev: ['../dev'] }).value?.get('dev')?.[0];

      assert.equal(inside?.root, 'dev');
      assert.equal(outside?.root, join(project, 'dev'));
      return Promise.resolve();
    }));

  it('complains of every folder that does not exist, at its place', () =>
    withProjectTree(FILES, (project) => {
      const { value, diagnostics } = list(project, { dev: ['dev', 'none'], qa: ['states/a.sls'] });

      assert.equal(value, undefined);
      assert.deepEqual(
        diagnostics.map(({ code, summary, source }) => [code, summary, source?.column]),
        [
          ['SLAB6002', 'there is no folder none for the saltenv dev', 2],
          ['SLAB6002', 'there is no folder states/a.sls for the saltenv qa', 1],
        ],
      );
      return Promise.resolve();
    }));
});
