import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { repository, withSlab } from '../../support/slab.ts';

describe('the example tree', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 2 });
  const { name, on } = hosts;

  const example = () => {
    const project = hosts.project();
    for (const folder of ['states', 'inventories/lab/pillar'])
      cpSync(join(repository, folder), join(project.directory, folder), { recursive: true });
    return project;
  };

  it('compiles without the network', async () => {
    const checked = await example().slab('check');

    assert.equal(checked.code, 0, checked.all);
    assert.match(checked.stdout, /^2 hosts compile, 16 states/);
  });

  it('is brought about, and then nothing is left to do', async () => {
    const project = example();
    await project.slab('apply', '-y');
    await on(
      name(0),
      'apt-get -qq purge -y lab-daemon; userdel operator; groupdel ops; rm -r /etc/motd /srv/data',
    );

    const before = await project.slab('plan', '--detailed-exitcode');
    const applied = await project.slab('apply', '-y');
    const after = await project.slab('plan', '--detailed-exitcode');

    assert.equal(before.code, 2, before.all);
    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.stdout, /2 of 2 hosts done · 6 changes/);
    assert.equal(after.code, 0, after.all);
    const facts = await on(
      name(0),
      "systemctl is-active lab-daemon; systemctl is-enabled lab-daemon; stat -c '%U:%G %a' /srv/data /etc/lab-daemon/lab-daemon.conf",
    );
    assert.equal(facts, 'active\nenabled\noperator:ops 2775\nroot:root 640\n');
  });

  it('shows drift as exactly what was changed by hand, and puts it back', async () => {
    const project = example();
    await project.slab('apply', '-y');
    await on(name(1), 'echo "workers 64" >>/etc/lab-daemon/lab-daemon.conf; chmod 600 /etc/motd');

    const drifted = await project.slab('plan', '--detailed-exitcode');
    const applied = await project.slab('apply', '-y');
    const after = await project.slab('plan', '--detailed-exitcode');

    assert.equal(drifted.code, 2, drifted.all);
    const items = drifted.stdout.match(/^ {2}\S .*?(?=\s{2,}|$)/gm) ?? [];
    assert.deepEqual(items, [
      '  r  1 host',
      '  ~ file /etc/motd',
      '  ~ file /etc/lab-daemon/lab-daemon.conf',
      '  r service lab-daemon restarts',
      '  > cmd web-smoke-test',
    ]);
    assert.match(drifted.stdout, /mode 0600 → 0644/);
    assert.deepEqual(drifted.stdout.match(/^ +\d+ +[-+] .*$/gm), ['         5  - workers 64']);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(after.code, 0, after.all);
  });
});
