import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { commit, git } from '../../support/repository.ts';
import { withSlab } from '../../support/slab.ts';

const SITE = `
/etc/site.conf:
  file.managed:
    - contents: |
        greeting {{ pillar.greeting }}
        at {{ pillar.place }}
/etc/limit.conf:
  file.managed:
    - contents: limit 5
`;

/** An inventory of one lab host or several, as `kind`. */
const inventoryOf = (lab: string, names: readonly string[], kind: 'vm' | 'physical'): string =>
  lab
    .split('\n')
    .filter(
      (line) => !/^ {2}\S+: \{address/.test(line) || names.some((name) => line.startsWith(`  ${name}:`)),
    )
    .map((line) => line.replace('kind: vm', `kind: ${kind}`))
    .join('\n');

describe('the way from one host to the fleet', function () {
  this.timeout(90_000);
  const hosts = withSlab({ count: 4, form: 'light' });
  const { on, name } = hosts;
  const all = [0, 1, 2, 3];
  const greetings = async (): Promise<readonly string[]> =>
    Promise.all(
      all.map(async (index) =>
        (await on(name(index), 'sed -n s/^greeting.//p /etc/site.conf 2>/dev/null; true')).trim(),
      ),
    );

  it('halts a bad change at the canary, goes on when it is mended, and lets a reviewed plan do nothing else', async () => {
    const lab = hosts.lab.inventory();
    const pillar = (environment: string, place: string) => ({
      [`inventories/${environment}/pillar/top.sls`]: "base: {'*': [all, shared]}\n",
      [`inventories/${environment}/pillar/all.sls`]: `place: ${place}\n`,
      [`inventories/${environment}/pillar/shared.sls`]: 'greeting: good\n',
    });
    // One host; two hosts; hosts labelled physical: the same states.
    const project = hosts.project({
      files: {
        'states/site.sls': SITE,
        ...pillar('lab', 'the lab'),
        ...pillar('vms', 'virtual machines'),
        ...pillar('metal', 'the fleet'),
        '.gitignore': '.slab/\n*.slabplan\n',
        'inventories/lab/inventory.yaml': inventoryOf(lab, [name(0)], 'vm'),
        'inventories/vms/inventory.yaml': inventoryOf(lab, [name(1)], 'vm'),
        'inventories/metal/inventory.yaml': inventoryOf(lab, [name(2), name(3)], 'physical'),
        'inventories/metal/rollout.yaml': `stages:
  - {name: lab, environment: lab, batch: all, gates: [converged]}
  - {name: vms, environment: vms, batch: all, gates: [converged]}
  - {name: canary, target: ${name(2)} and kind:physical, gates: [converged, greets]}
  - {name: fleet, target: 'kind:physical', batch: all, gates: [converged, greets]}
gates:
  greets: {command: '! grep -q bad /etc/site.conf || { echo it greets badly; exit 1; }'}
`,
      },
    });
    const { directory } = project;
    const deploy = (...words: readonly string[]) =>
      project.slab('deploy', '-i', 'metal', '-y', '--progress', 'none', ...words);
    git(directory, 'init', '-q');
    commit(directory, 'first');

    // Everything is well; then a change that only the fleet's pillar makes bad.
    const first = await deploy();
    assert.equal(first.code, 0, first.all);
    assert.deepEqual(await greetings(), ['good', 'good', 'good', 'good']);
    project.write({
      'states/site.sls': `${SITE}# second\n`,
      'inventories/metal/pillar/shared.sls': 'greeting: bad\n',
    });
    const halted = await deploy();
    assert.equal(halted.code, 7, halted.all);
    assert.match(halted.stdout, /in stage canary: gate greets: .*it greets badly/);
    assert.match(halted.stdout, new RegExp(`Not begun: ${name(3)}`));
    assert.deepEqual(await greetings(), ['good', 'good', 'bad', 'good']);

    // Mended and resumed: what was passed by these states is not begun again.
    project.write({ 'inventories/metal/pillar/shared.sls': 'greeting: better\n' });
    const resumed = await deploy('--resume');
    assert.equal(resumed.code, 0, resumed.all);
    assert.deepEqual(await greetings(), ['good', 'good', 'better', 'better']);
    commit(directory, 'second');

    // A pull request: what is declared, what would change, the merge.
    git(directory, 'switch', '-q', '-c', 'change');
    writeFileSync(join(directory, 'inventories/metal/pillar/shared.sls'), 'greeting: best\n');
    commit(directory, 'greet best');
    const compared = await project.slab('diff', '-i', 'metal', '--base', 'main', '--format', 'md');
    const planned = await project.slab('plan', '-i', 'metal', '-o', 'pr.slabplan', '--progress', 'none');
    const comment = await project.slab('show', './pr.slabplan', '--format', 'md');
    assert.deepEqual([compared.code, planned.code, comment.code], [0, 0, 0], planned.all);
    assert.match(compared.stdout, /### slab diff · metal · 2 of 2 hosts change/);
    assert.match(comment.stdout, /### slab plan · metal · 2 of 2 hosts change/);
    git(directory, 'switch', '-q', 'main');
    git(directory, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');

    // Somebody edits another file of one host by hand meanwhile: putting that back is not what was reviewed.
    await on(name(3), 'echo limit 9 >/etc/limit.conf');
    const words = ['apply', '-i', 'metal', '--expect', 'pr.slabplan', '-y', '--progress', 'none'];
    const applied = await project.slab(...words);
    assert.equal(applied.code, 6, applied.all);
    assert.match(applied.all, new RegExp(`refused: ${name(3)} `));
    assert.doesNotMatch(applied.all, new RegExp(`refused: ${name(2)} `));
    assert.deepEqual(await greetings(), ['good', 'good', 'best', 'better']);
    assert.equal(await on(name(3), 'cat /etc/limit.conf'), 'limit 9\n');
  });
});
