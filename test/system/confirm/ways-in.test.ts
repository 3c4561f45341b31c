import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const drop = '/etc/ssh/sshd_config.d/10-site.conf';

/** A drop-in of sshd's configuration with these lines, and a state that needs it. */
const sshdWith = (lines: string) => `
${drop}:
  file.managed:
    - contents: |
        ${lines.replaceAll('\n', '\n        ')}
/root/after:
  file.managed:
    - contents: after
    - require:
      - file: ${drop}
`;

describe('files that decide who gets in', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 3 });
  const { name, on } = hosts;
  const apply = (site: string, ...words: string[]) => {
    const project = hosts.project({ files: { 'states/site.sls': site } });
    return project.slab('apply', '-y', '--confirm-within', '20', '-t', name(), ...words);
  };
  const stored = () => on(name(), `cat ${drop} 2>/dev/null || echo none; mount | grep -c slab/trial || :`);
  const armed = () => on(name(), 'systemctl list-timers --all --no-legend "slab-*" | wc -l');

  it('are stored once a new login has confirmed them, and what requires them comes after', async () => {
    const applied = await apply(sshdWith('MaxAuthTries 5'));

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /on trial: .*10-site\.conf.* within 20 s/s);
    assert.match(applied.all, /confirmed over a new login/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
    assert.equal(await armed(), '0\n');
    assert.equal(
      await on(name(), 'cat /root/after; sshd -T | grep -i maxauthtries'),
      'after\nmaxauthtries 5\n',
    );
    assert.match((await apply(sshdWith('MaxAuthTries 5'))).stdout, /\b1 host in sync: /);
  });

  it('are taken back by the host when they lock slab out, and the report says so', async () => {
    await on(name(), 'rm -f /root/after');

    const applied = await apply(sshdWith('AllowUsers nobody'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: cannot log in to \S+ as root/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
    assert.equal(await on(name(), 'ls /root/after 2>/dev/null || echo blocked'), 'blocked\n');
  });

  it('are taken back at once when sshd does not start with them, however often, and it runs as before', async () => {
    for (const last of [1, 2, 3, 4]) {
      const applied = await apply(sshdWith(`ListenAddress 192.0.2.${last}`));

      assert.equal(applied.code, 5, applied.all);
      assert.match(
        applied.all,
        /the host has taken it back: write \S+10-site\.conf: ssh\.service does not start: .*bind/i,
      );
    }
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
    assert.equal(await on(name(), 'systemctl is-active ssh.service'), 'active\n');
  });

  it('are tried on one host first, and on no other when that one takes them back', async () => {
    const look = (index: number) => on(name(index), `ls ${drop} /run/slab/trial 2>&1 || :`);
    const before = await Promise.all([0, 1, 2].map(look));

    const project = hosts.project({ files: { 'states/site.sls': sshdWith('AllowUsers nobody') } });
    const applied = await project.slab('apply', '-y', '--confirm-within', '20');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /0 of 3 hosts done · 1 failed · 2 stopped/);
    const first = /what is tried was not confirmed on (\S+?),/.exec(applied.all)?.[1];
    const after = await Promise.all([0, 1, 2].map(look));
    const differing = [0, 1, 2].filter((index) => after[index] !== before[index]).map(name);
    assert.deepEqual(differing, [first], 'only the first has the folder of a trial');
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
  });

  it('are not tried again by retry, and the plan says so', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `${drop}:\n  file.managed:\n    - contents: MaxAuthTries 3\n    - retry: {attempts: 2}\n`,
      },
    });

    const planned = await project.slab('plan', '-t', name(), '--confirm-within', '45');

    assert.match(planned.all, /the host takes it back after 45 s unless/);
    assert.match(planned.all, /retry has no effect: what is on trial is tried once/);
  });

  it('are on trial as long as a saved plan says, at least 20 seconds', async () => {
    const project = hosts.project({ files: { 'states/site.sls': sshdWith('MaxAuthTries 5') } });
    await project.slab('plan', '-t', name(), '--confirm-within', '45', '-o', 'a.slabplan');

    const other = await project.slab('apply', 'a.slabplan', '-y', '--confirm-within', '30');
    const short = await project.slab('plan', '--confirm-within', '19');

    assert.match(other.all, /--confirm-within cannot be said as well/);
    assert.match(short.all, /It must be 20 to 3600 seconds/);
    assert.equal((await project.slab('apply', 'a.slabplan', '-y')).code, 0);
  });

  it('are never tried when sshd itself refuses them', async () => {
    const applied = await apply(sshdWith('NoSuchKeyword yes'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /NoSuchKeyword/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
  });
});
