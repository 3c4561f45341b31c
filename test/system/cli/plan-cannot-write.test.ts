import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { repository, withSlab } from '../../support/slab.ts';

/** What logging in writes by itself: sshd, PAM, logind and the journal. */
const LOGIN = /^\.?\/?(run|var\/log|var\/lib\/systemd\/timesync|proc|sys|dev|tmp\/systemd)\b/;

describe('a plan', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, on } = hosts;

  const example = () => {
    const project = hosts.project();
    for (const folder of ['states', 'inventories/lab/pillar'])
      cpSync(join(repository, folder), join(project.directory, folder), { recursive: true });
    return project;
  };
  const listing = async () =>
    (await on(name(), "find / -xdev -printf '%P %y %m %U:%G %s %T@ %C@\\n' | sort"))
      .split('\n')
      .filter((line) => !LOGIN.test(line));

  it('leaves every file of a host as it was', async () => {
    const project = example();
    await project.slab('plan');
    const before = await listing();

    const planned = await project.slab('plan', '--detailed-exitcode');
    const after = await listing();

    assert.equal(planned.code, 2, planned.all);
    assert.ok(before.length > 5000);
    assert.deepEqual(
      after.filter((line) => !before.includes(line)),
      [],
    );
    assert.equal(after.length, before.length);
  });

  it('says the same of a host that cannot be written to', async () => {
    const project = example();
    const free = await project.slab('plan', '--json');
    // Seen by every login from now on: sshd lives in the same namespace.
    await on(
      name(),
      'for m in / /tmp /var/tmp /run; do mountpoint -q $m && mount -o remount,ro $m; done; ! touch /etc/probe',
    );

    const planned = await project.slab('plan', '--json');

    const changes = (text: string) => (JSON.parse(text) as { changes: object }).changes;
    assert.equal(planned.code, 0, planned.all);
    assert.deepEqual(changes(planned.stdout), changes(free.stdout));
  });
});
