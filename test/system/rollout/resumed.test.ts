import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe('a roll-out that is resumed', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { name } = hosts;

  it('goes on only with the very content that was begun, and says when something of it has changed', async () => {
    const rollout = `stages:
  - {name: canary, target: ${name(0)}}
  - {name: rest, target: '*', gates: [ready]}
gates: {ready: {command: test -e /srv/ready, tries: 1, when: before}}
`;
    const project = hosts.project({
      files: {
        'states/site.sls': '/srv/version:\n  file.managed:\n    - contents: {{ pillar.version }}\n',
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/pillar/all.sls': 'version: good\n',
        'inventories/lab/rollout.yaml': rollout,
      },
    });
    const halted = await project.slab('deploy', '-y', '--progress', 'none');
    const stages = async (): Promise<readonly string[]> =>
      (await project.slab('deploy', '--explain', '--resume')).all.split('\n').slice(0, 2);
    const changed: Readonly<Record<string, string>> = {
      'states/other.conf': 'a file',
      'inventories/lab/pillar/all.sls': 'version: good\nmore: 1\n',
      'inventories/lab/inventory.yaml': `# a line more\n${hosts.lab.inventory()}`,
      'inventories/lab/rollout.yaml': `# a line more\n${rollout}`,
    };

    const same = await stages();
    const after: Record<string, readonly string[]> = {};
    for (const [path, text] of Object.entries(changed)) {
      const before = readFileSync(join(project.directory, path), { encoding: 'utf8', flag: 'a+' });
      project.write({ [path]: text });
      after[path] = await stages();
      if (before === '') rmSync(join(project.directory, path));
      else project.write({ [path]: before });
    }

    assert.equal(halted.code, 7, halted.all);
    assert.match(same[0] ?? '', /^slab deploy · lab · 1 host · 1 stage/);
    for (const [path, [said, head]] of Object.entries(after)) {
      assert.match(said ?? '', /^What run \w{8} rolled out has changed since: this begins anew\.$/, path);
      assert.match(head ?? '', /^slab deploy · lab · 2 hosts · 2 stages/, path);
    }
    assert.deepEqual(await stages(), same);
  });
});
