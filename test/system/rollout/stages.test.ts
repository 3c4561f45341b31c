import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const SITE = '/etc/version:\n  file.managed:\n    - contents: good\n';

describe('the stages of a roll-out', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 3, form: 'light' });
  const { on, name } = hosts;
  const versions = (): Promise<readonly string[]> =>
    Promise.all(
      [0, 1, 2].map(async (index) => (await on(name(index), 'cat /etc/version 2>/dev/null; true')).trim()),
    );
  const begin = async (stages: string) => {
    await Promise.all([0, 1, 2].map((index) => on(name(index), 'rm -f /etc/version')));
    return hosts.project({
      files: { 'states/site.sls': SITE, 'inventories/lab/rollout.yaml': `stages:\n${stages}` },
    });
  };

  it('begins with a later stage only where the same states have passed the earlier ones', async () => {
    const project = await begin(`  - {name: canary, target: ${name(0)}}
  - {name: rest, target: '*'}
`);

    const early = await project.slab('deploy', '-y', '--from', 'rest');
    await project.slab('deploy', '-y', '--progress', 'none');
    const later = await project.slab('deploy', '-y', '--from', 'rest', '--progress', 'none');
    project.write({ 'states/site.sls': `${SITE}\n# changed\n` });
    const changed = await project.slab('deploy', '-y', '--from', 'rest');

    assert.deepEqual([early.code, later.code, changed.code], [6, 0, 6], later.all);
    assert.match(
      early.stderr,
      /error\[SLAB6009\]: what would be rolled out now has not passed canary, which the stage rest needs \(inventories\/lab\/rollout\.yaml:3:5\): nothing has passed it in this checkout/,
    );
    const [run = ''] = /run ([0-9a-f]{8})/.exec(changed.stderr)?.slice(1) ?? [];
    assert.match(changed.stderr, new RegExp(`other content passed it in run ${run} of 20`));
    const { stdout } = await project.slab('history');
    assert.match(stdout, new RegExp(run));
  });

  it('rolls out single stages, each only with what the same content has passed', async () => {
    const project = await begin(`  - {name: lab, target: ${name(0)}}
  - {name: vms, target: ${name(1)}, needs: []}
  - {name: physical, target: ${name(2)}, needs: [lab, vms]}
`);
    const deploy = (...words: readonly string[]) =>
      project.slab('deploy', '-y', '--progress', 'none', ...words);

    const vms = await deploy('--stage', 'vms');
    const early = await deploy('--stage', 'physical');
    const explained = await project.slab('deploy', '--explain', '--stage', 'physical');
    const versionsThen = await versions();
    const lab = await deploy('--stage', 'lab');
    const physical = await deploy('--stage', 'physical');
    const unknown = await deploy('--stage', 'physicl');
    const both = await deploy('--stage', 'vms', '--from', 'lab');

    const codes = [vms, early, explained, lab, physical, unknown, both].map(({ code }) => code);
    assert.deepEqual(codes, [0, 6, 6, 0, 0, 3, 3], physical.all);
    assert.match(vms.stdout, /1 {2}vms · 1 host · 1 batch · 0 may fail · needs nothing\n/);
    assert.match(
      early.stderr,
      /has not passed lab, which the stage physical needs \(\S+:4:\d+\): nothing has passed it in this checkout; this content has passed vms in run [0-9a-f]{8}\n/,
    );
    assert.match(
      explained.stdout,
      /· needs lab \(NOT passed by this content\), vms \(passed in run [0-9a-f]{8}\)\n/,
    );
    assert.deepEqual(versionsThen, ['', 'good', '']);
    assert.deepEqual(await versions(), ['good', 'good', 'good']);
    assert.match(unknown.stderr, /there is no stage physicl\n {2}fix: did you mean "physical"\?/);
    assert.match(both.stderr, /'--from <stage>' cannot be used with option '--stage <stage...>'/);
  });
});
