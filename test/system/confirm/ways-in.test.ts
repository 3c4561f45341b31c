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
  const hosts = withSlab({ count: 2 });
  const { name, on } = hosts;
  const apply = (site: string, ...words: string[]) => {
    const project = hosts.project({ files: { 'states/site.sls': site } });
    return project.slab('apply', '-y', '--confirm-within', '8', '-t', name(), ...words);
  };
  const stored = () => on(name(), `cat ${drop} 2>/dev/null || echo none; mount | grep -c slab/trial || :`);
  const armed = () => on(name(), 'systemctl list-timers --all --no-legend "slab-*" | wc -l');

  it('are stored once a new login has confirmed them, and what requires them comes after', async () => {
    const applied = await apply(sshdWith('MaxAuthTries 5'));

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /on trial: .*10-site\.conf.* within 8 s/s);
    assert.match(applied.all, /confirmed over a new login/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
    assert.equal(await armed(), '0\n');
    assert.equal(
      await on(name(), 'cat /root/after; sshd -T | grep -i maxauthtries'),
      'after\nmaxauthtries 5\n',
    );
    assert.match((await apply(sshdWith('MaxAuthTries 5'))).stdout, /Nothing to|in sync/);
  });

  it('are taken back by the host when they lock slab out, and the report says so', async () => {
    await on(name(), 'rm -f /root/after');

    const applied = await apply(sshdWith('AllowUsers nobody'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: cannot log in to \S+ as root/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
    assert.equal(await on(name(), 'ls /root/after 2>/dev/null || echo blocked'), 'blocked\n');
  });

  it('are never tried when sshd itself refuses them', async () => {
    const applied = await apply(sshdWith('NoSuchKeyword yes'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /NoSuchKeyword/);
    assert.equal(await stored(), 'MaxAuthTries 5\n0\n');
  });
});
