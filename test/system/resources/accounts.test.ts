import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withLab } from '../../support/lab.ts';

describe('accounts and init scripts of a host without systemd', () => {
  const lab = withLab({ count: 1, form: 'light' });
  const { bring, run } = bringer(lab, () => lab.hosts()[0]?.name ?? '');
  const done = { problems: [], left: [] };
  const outcome = ({ problems, left }: ReturnType<typeof bring>) => ({ problems, left });

  it('creates a group and a user with everything, and changes both', () => {
    assert.deepEqual(outcome(bring(['group.present', 'crew', { gid: 2000 }])), done);
    const created = bring([
      'user.present',
      'alice',
      {
        ...{
          uid: 2001,
          gid: 'crew',
          groups: ['adm'],
          optional_groups: ['nosuch', 'mail'],
          shell: '/bin/bash',
        },
        ...{ fullname: 'Alice A', password: '$6$abc$def', expire: 30000, mindays: 3 },
      },
    ]);
    assert.deepEqual(outcome(created), done, created.output);
    assert.equal(run('id -nG alice').trim(), 'crew adm mail');
    assert.equal(
      run('getent shadow alice')
        .trim()
        .replace(/:\d{5}:/, ':N:'),
      'alice:$6$abc$def:N:3:99999:7::30000:',
    );

    const changed = bring([
      'user.present',
      'alice',
      { home: '/srv/home/al', groups: ['mail'], roomnumber: '7' },
    ]);
    assert.deepEqual(outcome(changed), done, changed.output);
    assert.equal(run('getent passwd alice').trim(), 'alice:x:2001:2000:Alice A,7:/srv/home/al:/bin/bash');
    assert.equal(run('stat -c "%U %a" /srv/home/al').trim(), 'alice 700');

    assert.match(bring(['user.present', 'alice', { uid: 2005 }]).problems.join(), /allow_uid_change/);
    assert.deepEqual(outcome(bring(['user.present', 'alice', { uid: 2005, allow_uid_change: true }])), done);
    assert.deepEqual(outcome(bring(['group.present', 'crew', { gid: 2010, members: ['alice'] }])), done);
    assert.equal(run('getent group crew').trim(), 'crew:x:2010:alice');
  });

  it('takes over a user that an earlier package made in the meantime', () => {
    const foreseen = [{ object: 'pkg:www', action: 'create' }] as const;
    const wish = [
      'user.present',
      'www',
      { groups: ['adm'], remove_groups: false, shell: '/bin/sh' },
    ] as const;

    const brought = bring(wish, { foreseen, between: 'useradd www; usermod -aG mail www' });

    assert.deepEqual(
      brought.changes.map(({ certainty }) => certainty),
      ['provisional', 'exact'],
    );
    assert.deepEqual(outcome(brought), done, brought.output);
    assert.equal(run('id -nG www').trim(), 'www adm mail');
  });

  it('removes users and groups, never root', () => {
    assert.match(bring(['user.absent', 'root']).problems.join(), /it is root/);
    assert.match(bring(['group.absent', 'crew']).problems.join(), /primary group of alice/);
    const removed = bring(['user.absent', 'alice', { purge: true }]);
    assert.deepEqual(
      removed.changes.map(({ risk }) => risk),
      ['destroy'],
    );
    assert.deepEqual(outcome(removed), done, removed.output);
    assert.equal(run('test -e /srv/home/al || echo gone').trim(), 'gone');
    assert.deepEqual(outcome(bring(['group.absent', 'crew'])), done);
  });

  it('runs commands as another user, out of sight', () => {
    const brought = bring([
      'cmd.run',
      'id -un; pwd; cat; ps -eo args | grep -c "[n]ot-in-sight" || :',
      { runas: 'www', cwd: '/srv' },
    ]);

    assert.deepEqual(brought.codes, [0]);
    assert.equal(brought.output, 'www\n/srv\n0\n');
  });

  it('starts, restarts, stops, enables and disables by init scripts', () => {
    assert.deepEqual(outcome(bring(['pkg.installed', 'lab-daemon'])), done);
    const running = bring(['service.running', 'lab-daemon', { enable: true }]);
    assert.deepEqual(outcome(running), done, running.output);
    const first = run('cat /run/lab-daemon.pid');

    const restarted = bring(['service.running', 'lab-daemon'], { refresh: true });
    assert.deepEqual(restarted.codes, [0], restarted.output);
    assert.notEqual(run('cat /run/lab-daemon.pid'), first);

    const dead = bring(['service.dead', 'lab-daemon', { enable: false }]);
    assert.deepEqual(outcome(dead), done, dead.output);
    assert.match(bring(['service.running', 'lab-deamon']).problems.join(), /did you mean "lab-daemon"/);
  });
});
