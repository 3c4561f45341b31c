import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { reportPlan } from '../../lib/plan/report.ts';
import {
  broken,
  chunk,
  contents,
  hostPlan,
  mkfs,
  mount,
  nginxService,
  planOf,
  setting,
  threeHosts,
} from '../support/plans.ts';

const itemsOf = (...chunks: Parameters<typeof hostPlan>[1]) =>
  reportPlan(planOf([hostPlan('a', chunks)])).groups[0]?.items ?? [];

describe('reportPlan', () => {
  it('says what a group does beyond an earlier one', () => {
    const [, web03] = reportPlan(threeHosts).groups;

    assert.equal(web03?.like?.label, 'A');
    assert.deepEqual(
      web03.like.more.map((item) => `${item.symbol} ${item.object}`),
      ['~ file:/etc/ssh/sshd_config.d/10-slab.conf', '+ pkg:linux-image-amd64', '? mount:/srv/data'],
    );
  });

  it('draws each sort of change with its sign', () => {
    const run = chunk('cmd.run', 'make', 'x.sls:1', {
      changes: [{ ...setting('cmd:make', 'run', null, null), action: 'run' }],
    });
    const gone = chunk('file.absent', '/x', 'x.sls:2', { changes: [contents('file:/x', 'a\n', null)] });

    assert.deepEqual(
      itemsOf(run, gone, nginxService, mount, mkfs, broken).map((item) => item.symbol),
      ['>', '-', 'r', '?', '!', 'x'],
    );
  });

  it('gives each object of a state an item of its own, and reasons only to the first', () => {
    const packages = chunk('pkg.installed', 'tools', 'x.sls:1', {
      changes: [setting('pkg:git', 'version', '1', '2'), setting('pkg:vim', 'version', '1', '2')],
      notes: ['both are small'],
    });

    assert.deepEqual(
      itemsOf(packages).map(({ object, notes }) => ({ object, notes })),
      [
        { object: 'pkg:git', notes: ['both are small'] },
        { object: 'pkg:vim', notes: [] },
      ],
    );
  });

  it('names a state without changes by its module and name', () => {
    assert.equal(itemsOf(broken)[0]?.object, 'service:nginxx');
  });
});
