import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { repository, withSlab } from '../../support/slab.ts';

/** What logging in writes by itself: sshd, PAM, logind and the journal. */
const LOGIN = /^\.?\/?(run|var\/log|var\/lib\/systemd\/timesync|proc|sys|dev|tmp\/systemd)\b/;

describe('a plan', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1 });
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
    assert.equal(await on(name(), 'ls -d /run/slab 2>/dev/null; true'), '');
  });

  it('says the same of a host on which nothing can be written', async () => {
    const project = example();
    await on(name(), installReadOnlyLogin);
    const free = await project.slab('plan', '--json');
    project.write({
      'inventories/lab/inventory.yaml': hosts.lab.inventory().replace('user: root', 'user: deploy'),
    });

    const refused = await project.slab('run', '--', 'touch /etc/probe /run/probe /tmp/probe /var/lib/probe');
    const planned = await project.slab('plan', '--json');

    const changes = (text: string) => (JSON.parse(text) as { changes: object }).changes;
    assert.equal(refused.stdout.match(/Read-only file system/g)?.length, 4, refused.all);
    assert.equal(planned.code, 0, planned.all);
    assert.deepEqual(changes(planned.stdout), changes(free.stdout));
  });
});

/** Whoever logs in as deploy from now on is root in a copy of the mounts in which all are read-only. */
const installReadOnlyLogin = `
cat >/usr/local/bin/read-only <<'END'
#!/bin/sh
exec sudo -n unshare --mount --propagation private sh -c '
mount --rbind / /mnt
awk "\\$2 ~ /^\\/mnt/ && \\$2 !~ /^.mnt.(proc|sys)/ {print \\$2}" /proc/mounts | while read -r point; do
  mount -o remount,bind,ro "$point" || exit 1
done
exec chroot /mnt sh -c "$1"' sh "$SSH_ORIGINAL_COMMAND"
END
chmod 755 /usr/local/bin/read-only
printf 'Match User deploy\n  ForceCommand /usr/local/bin/read-only\n' >>/etc/ssh/sshd_config
systemctl reload ssh || systemctl restart ssh
`;
