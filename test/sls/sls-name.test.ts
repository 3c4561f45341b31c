import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lookThrough, pathOfUri } from '../../lib/sls/roots.ts';
import { absoluteName, slsNames } from '../../lib/sls/sls-name.ts';
import { memoryTree } from './memory-tree.ts';

describe('absoluteName', () => {
  const cases: [string, string, string, string | undefined][] = [
    ['x.y', 'a.b', 'a/b.sls', 'x.y'],
    ['.c', 'a.b', 'a/b.sls', 'a.c'],
    ['.c', 'a', 'a/init.sls', 'a.c'],
    ['..c', 'a.b', 'a/b/init.sls', 'a.c'],
    ['..c', 'a.b', 'a/b.sls', 'c'],
    ['...c', 'a.b', 'a/b.sls', undefined],
    ['.c', 'a', 'a.sls', 'c'],
    ['.', 'a.b', 'a/b.sls', 'a.'],
  ];
  for (const [written, sls, path, expected] of cases)
    it(`reads ${written} in ${path} as ${expected ?? 'beyond the top'}`, () => {
      assert.equal(absoluteName(written, sls, path), expected);
    });
});

describe('slsNames', () => {
  const roots = lookThrough([
    memoryTree('one', { 'a/init.sls': 'first', 'a/b.sls': '', 'top.sls': '' }),
    memoryTree('two', { 'a/init.sls': 'second', 'c.sls': '', 'notes.txt': '' }),
  ]);
  const names = slsNames(roots);

  it('lists the names of all trees, sorted, each once', () => {
    assert.deepEqual(names.all, ['a.b', 'a', 'c', 'top']);
  });

  it('takes a file from the first tree that has it', () => {
    assert.equal(names.find('a')?.file, 'one/a/init.sls');
    assert.equal(roots.text('a/init.sls')?.text, 'first');
  });

  it('finds the package behind a name that ends in a dot', () => {
    assert.equal(names.find('a.')?.file, 'one/a/init.sls');
    assert.equal(names.find('b.'), undefined);
  });

  it('expands a glob, which does not match the package itself', () => {
    assert.deepEqual(names.expand('a.*'), ['a.b']);
  });

  it('leaves a name that matches nothing to be reported', () => {
    assert.deepEqual(names.expand('x.*'), ['x.*']);
  });
});

describe('pathOfUri', () => {
  const cases: [string, string | undefined][] = [
    ['salt://a/b.conf', 'a/b.conf'],
    ['salt://a/b.conf?saltenv=dev', 'a/b.conf'],
    ['a//./b', 'a/b'],
    ['salt://a/../b', 'b'],
    ['salt://../b', undefined],
    ['/etc/passwd', undefined],
  ];
  for (const [uri, expected] of cases)
    it(`reads ${uri} as ${expected ?? 'outside the tree'}`, () => {
      assert.equal(pathOfUri(uri), expected);
    });
});
