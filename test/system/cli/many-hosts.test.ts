import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe('a hundred hosts', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 100, form: 'light' });

  it('are planned, changed and found in sync, each one named, in a screenful', async () => {
    const project = hosts.project({
      files: { 'states/site.sls': '/tmp/one:\n  file.managed:\n    - contents: {{ grains["id"] }}\n' },
    });
    const all = `${hosts.prefix}[1-100]`;

    const planned = await project.slab('plan', '--progress', 'none', '--detailed-exitcode');
    const json = await project.slab('plan', '--json', '--progress', 'none');
    const applied = await project.slab('apply', '-y', '--progress', 'none');
    const again = await project.slab('plan', '--detailed-exitcode', '--progress', 'none');

    assert.equal(planned.code, 2, planned.all);
    assert.equal(planned.stderr, '', 'no warning, no retry');
    assert.ok(planned.stdout.includes(all), planned.stdout);
    assert.match(planned.stdout, /Read 100 of 100 hosts/);
    assert.ok(planned.stdout.split('\n').length <= 25, planned.stdout);
    const told = JSON.parse(json.stdout) as { readonly hosts: object };
    assert.deepEqual(
      Object.keys(told.hosts).sort(),
      hosts
        .hosts()
        .map(({ name }) => name)
        .sort(),
    );
    assert.equal(applied.code, 0, applied.all);
    assert.equal(applied.stderr, '', 'no warning either');
    assert.match(applied.stdout, /100 of 100 hosts done/);
    assert.equal(again.code, 0, again.all);
    assert.ok(again.stdout.includes(`100 hosts in sync: ${all}`), again.stdout);
  });

  it('are checked without the network, by threads of which none fails', async () => {
    const project = hosts.project({ files: { 'states/site.sls': 'one:\n  test.nop: []\n' } });

    const checked = await project.slab('check');

    assert.equal(checked.code, 0, checked.all);
    assert.equal(checked.stderr, '');
    assert.match(checked.stdout, /^100 hosts compile, 100 states/);
  });

  it('of which one is off are planned without it, and it is named', async () => {
    const gone = hosts.name(41);
    await hosts.lab.power(gone, 'off');
    const project = hosts.project({
      files: { 'states/site.sls': '/tmp/two:\n  file.managed:\n    - contents: x\n' },
    });

    const planned = await project.slab('plan', '--progress', 'none', '--detailed-exitcode');
    const applied = await project.slab('apply', '-y', '--progress', 'none');
    await hosts.lab.power(gone, 'on');

    assert.equal(planned.code, 4, planned.all);
    assert.match(planned.stdout, /Read 99 of 100 hosts/);
    assert.match(planned.stdout, new RegExp(`NOT read[^]*${gone}\\b`));
    assert.equal(applied.code, 4, applied.all);
    assert.match(applied.stdout, /99 of 100 hosts done · 1 NOT read/);
  });

  it('are asked in one go with slab run, equal answers once', async () => {
    const project = hosts.project();

    const ran = await project.slab('run', '-t', `${hosts.prefix}1*`, '--', 'echo the same');

    assert.equal(ran.code, 0, ran.all);
    assert.equal(ran.stdout.match(/the same/g)?.length, 1, ran.stdout);
    assert.match(ran.stdout, /12 hosts|\[1,10-19,100\]/);
  });
});
