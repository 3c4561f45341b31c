import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withSlab } from '../../support/slab.ts';

describe('public keys that let users in', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1 });
  const { name, on, lab } = hosts;
  const { bring, run } = bringer(hosts, name);
  let place = '';
  before(() => {
    place = mkdtempSync(join(tmpdir(), 'slab-keys-'));
    for (const key of ['ada', 'bob'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(place, key)]);
  });
  after(() => rmSync(place, { recursive: true, force: true }));
  const key = (of: string) => readFileSync(join(place, `${of}.pub`), 'utf8').trim();
  /** Whether a key of ours lets deploy in, and nothing else is tried. */
  const letsIn = (of: string): boolean => {
    const usual = lab.sshArguments(name());
    const at = usual.indexOf('-i');
    const words = at < 0 ? usual : [...usual.slice(0, at), ...usual.slice(at + 2)];
    const only = ['-i', join(place, of), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-l', 'deploy'];
    return spawnSync('ssh', [...only, ...words, 'true'], { encoding: 'utf8' }).status === 0;
  };

  it('lets a key in, keeps the others, and shuts it out again', () => {
    run("sed -i '1i # kept' /home/deploy/.ssh/authorized_keys");
    const before = letsIn('ada');
    const added = bring(['ssh_auth.present', key('ada'), { user: 'deploy' }]);
    const then = letsIn('ada');
    const removed = bring(['ssh_auth.absent', key('ada'), { user: 'deploy' }]);

    assert.deepEqual([before, then, letsIn('ada')], [false, true, false], added.output + removed.output);
    assert.deepEqual([added.left, removed.left], [[], []]);
    assert.match(run('cat /home/deploy/.ssh/authorized_keys'), /^# kept\nssh-ed25519 \S+ slab-lab\n$/);
    assert.equal(
      run('stat -c "%a %U" /home/deploy/.ssh/authorized_keys'),
      '600 deploy\n',
      'it stays the file of its user',
    );
  });

  it('makes the file of a user who has none, as that user', () => {
    run('useradd -m eve; mkdir /home/eve/elsewhere; chown eve: /home/eve/elsewhere');
    const made = bring(['ssh_auth.present', key('ada'), { user: 'eve', options: ['no-pty'] }]);
    run('mv /home/eve/.ssh /home/eve/old; ln -s /root/.ssh /home/eve/.ssh');
    const linked = bring(['ssh_auth.present', key('bob'), { user: 'eve' }]);

    assert.deepEqual(made.codes, [0], made.output);
    assert.equal(
      run('stat -c "%a %U %G" /home/eve/old /home/eve/old/authorized_keys'),
      '700 eve eve\n600 eve eve\n',
    );
    assert.match(run('cat /home/eve/old/authorized_keys'), /^no-pty ssh-ed25519 \S+ ada\n$/);
    assert.notDeepEqual(linked.codes, [0], 'a link of theirs leads root nowhere');
    assert.doesNotMatch(run('cat /root/.ssh/authorized_keys'), / bob$/m);
  });

  it('changes nothing that is no longer as the plan saw it', () => {
    bring(['ssh_auth.present', key('ada'), { user: 'deploy' }]);
    const between = "sed -i 's/ ada$/ lovelace/' /home/deploy/.ssh/authorized_keys";

    const brought = bring(['ssh_auth.absent', key('ada'), { user: 'deploy' }], { between });

    assert.deepEqual(brought.codes, [118], brought.output);
    assert.equal(letsIn('ada'), true);
  });

  it('gives back the key of its own login when no new login works without it', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `keys:\n  ssh_auth.manage:\n    - user: root\n    - ssh_keys: ['${key('ada')}']\n`,
      },
    });
    const before = run('cat /root/.ssh/authorized_keys');

    const applied = await project.slab('apply', '-y', '--confirm-within', '20');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: cannot log in to \S+ as root/);
    assert.equal(await on(name(), 'cat /root/.ssh/authorized_keys'), before);
  });

  it('keeps what a new login has confirmed', async () => {
    const own = run("sed '/ bob$/d' /root/.ssh/authorized_keys").trim();
    run(`echo '${own}' >/root/.ssh/authorized_keys`);
    run(`echo '${key('ada')}' >>/root/.ssh/authorized_keys`);
    const project = hosts.project({
      files: {
        'states/site.sls': `keys:\n  ssh_auth.manage:\n    - user: root\n    - ssh_keys: ['${own}']\n`,
      },
    });

    const applied = await project.slab('apply', '-y', '--confirm-within', '20');

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.equal(await on(name(), 'cat /root/.ssh/authorized_keys'), `${own}\n`);
  });
});
