import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const FILES = {
  'states/site.sls': `
/etc/said:
  file.managed:
    - contents: {{ grains.os }} {{ salt['file.read']('/etc/greeting') | trim }} {{ salt['file.file_exists']('/etc/key') }}
{% if salt['file.read']('/etc/key') %}
/etc/has-key: file.touch
{% endif %}
`,
  'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
  'inventories/lab/pillar/all.sls': 'key: the-key-of-this-host\n',
};

describe('slab snapshot', function () {
  this.timeout(90_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { on, name } = hosts;

  it('keeps what hosts say in the project, without secrets, and differs only where a host does', async () => {
    for (const index of [0, 1])
      await on(name(index), 'echo hello >/etc/greeting; echo the-key-of-this-host >/etc/key');
    const project = hosts.project({ files: FILES, inventory: "secrets: ['key']" });
    const folder = join(project.directory, 'inventories/lab/snapshots');
    const read = (): readonly string[] =>
      [name(0), name(1)].map((host) => readFileSync(join(folder, `${host}.json`), 'utf8'));

    const first = await project.slab('snapshot', '--progress', 'none');
    const before = read();
    await on(name(1), 'echo goodbye >/etc/greeting');
    const second = await project.slab('snapshot', '--progress', 'none');
    const after = read();

    assert.equal(first.code, 0, first.all);
    assert.match(first.stdout, /^Snapshots of 2 hosts taken, the first of [^,]+\n$/);
    assert.match(first.stderr, /1 of 3 answers hold secrets and are not recorded/);
    assert.equal(second.stdout, `Snapshots of 2 hosts taken, they differ for ${name(1)}\n`);
    assert.deepEqual(readdirSync(folder).sort(), ['.taken.json', `${name(0)}.json`, `${name(1)}.json`]);
    assert.equal(after[0], before[0]);
    assert.equal(after[1], (before[1] ?? '').replace('hello', 'goodbye'));
    assert.doesNotMatch(before.join(), /the-key/);

    // Nobody answers there: whatever compiles now was on record.
    const away = readFileSync(join(project.directory, 'inventories/lab/inventory.yaml'), 'utf8');
    project.write({
      'inventories/lab/inventory.yaml': away.replaceAll(/address: [^,}]+/g, 'address: 192.0.2.1'),
      'states/site.sls': FILES['states/site.sls'].replace(/{% if[^]*/, ''),
    });
    const { code, stdout, all } = await project.slab('show', 'low', name(1), '--offline');
    assert.equal(code, 0, all);
    assert.match(stdout, /Debian goodbye/);
  });
});
