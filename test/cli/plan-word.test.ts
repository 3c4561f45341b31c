import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { isMissingPlan } from '../../lib/cli/plan-word.ts';
import { withProjectTree } from '../support/command-line.ts';

describe('a word that ends in .plan', () => {
  const files = {
    'mine.plan': '{}',
    'states/backup/plan.sls': '',
    'states/restore/plan/init.sls': '',
    'dev/tape/plan.sls': '',
  };
  const meant: readonly [string, boolean][] = [
    ['nope.plan', true],
    ['backup.plan', false],
    ['restore.plan', false],
    ['tape.plan', false],
    ['web', false],
  ];
  for (const [word, missing] of meant)
    it(`${missing ? 'means a file that is not there' : 'may mean something else'}: ${word}`, async () => {
      const found = await withProjectTree(files, (project) => Promise.resolve(isMissingPlan(word, project)));

      assert.equal(found, missing);
    });

  it('means a file that is there', async () => {
    const found = await withProjectTree(files, (project) =>
      Promise.resolve(isMissingPlan(join(project, 'mine.plan'), project)),
    );

    assert.equal(found, false);
  });
});
