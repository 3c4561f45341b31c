import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import {
  runCommandLine,
  withProjectTree,
  type ProjectFiles,
  type ProjectLinks,
} from '../support/command-line.ts';

/** A mistake, and every word that is said about it. */
interface Mistake {
  readonly case: string;
  /** What differs from the project that is right. */
  readonly files?: ProjectFiles;
  readonly links?: ProjectLinks;
  /** The words after `slab`; without them `check`. */
  readonly command?: readonly string[];
  readonly exit: number;
  readonly stderr: string;
}

const GALLERY = join(import.meta.dirname, '..', 'errors');

const RIGHT: ProjectFiles = {
  'inventories/prod/inventory.yaml':
    'hosts:\n  web1: {address: 192.0.2.1}\n  web2: {address: 192.0.2.2}\n  db1: {address: 192.0.2.3}\n',
  'states/top.sls': "base:\n  '*':\n    - site\n",
  'states/site.sls': 'motd:\n  test.nop: []\n',
};

for (const file of readdirSync(GALLERY)
  .filter((name) => name.endsWith('.yaml'))
  .sort()) {
  describe(`mistakes in ${file.replace('.yaml', '').replace('-', ' ')}`, () => {
    const mistakes = parse(readFileSync(join(GALLERY, file), 'utf8'), {
      customTags: ['binary'],
    }) as readonly Mistake[];
    for (const mistake of mistakes) {
      it(`says what is wrong: ${mistake.case}`, async () => {
        const files = { ...RIGHT, ...mistake.files };

        const end = await withProjectTree(
          files,
          (project) => runCommandLine(project, mistake.command ?? ['check']),
          mistake.links,
        );

        assert.equal(end.stderr, mistake.stderr);
        assert.equal(end.code, mistake.exit);
      });
    }
  });
}

describe('a project without mistakes', () => {
  it('is found right, so that each mistake of the gallery is the only one', async () => {
    const end = await withProjectTree(RIGHT, (project) => runCommandLine(project, ['check']));

    assert.equal(end.stderr, '');
    assert.equal(end.code, 0);
  });
});
