import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** Waits on the host until something is applied and not decided. */
const TRIED =
  'until [ "$(for each in /run/slab/trial/*; do [ ! -e $each/rc ] || [ -e $each/decided ] || echo yes; done)" = yes ]; do sleep 0.05; done';

/** The account that slab logs in as, with these arguments. */
const deploy = (...words: string[]) =>
  `deploy:\n  user.present:\n${words.map((each) => `    - ${each}\n`).join('')}`;

describe('the account that slab logs in as', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 1 });
  const { name, on, lab } = hosts;
  const projectFor = (site: string) => {
    const inventory = lab.inventory().replace('user: root', 'user: deploy\n  become: sudo');
    return hosts.project({ files: { 'states/site.sls': site, 'inventories/lab/inventory.yaml': inventory } });
  };
  const apply = (site: string) => projectFor(site).slab('apply', '-y', '--confirm-within', '20');
  const account = () =>
    on(
      name(),
      'getent passwd deploy; id deploy; getent shadow deploy | cut -d: -f 2-; ls -d /etc/slab/undo /etc/systemd/system/slab-undo.service 2>/dev/null || :',
    );

  it('is as before when its new shell lets nobody in, and the report says so', async () => {
    const was = await account();

    const applied = await apply(deploy('shell: /usr/sbin/nologin'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /on trial, as slab logs in as deploy/);
    assert.match(applied.all, /the host has taken it back: /);
    assert.equal(await account(), was);
  });

  it('is as before when it would have ended', async () => {
    const was = await account();

    const applied = await apply(deploy('expire: 1'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: /);
    assert.equal(await account(), was);
  });

  it('keeps its home and number, and the plan says why', async () => {
    const planned = await projectFor(deploy('home: /srv/elsewhere')).slab('plan');

    assert.match(planned.all.replace(/\s+/g, ' '), /its home cannot be changed while it has processes/);
  });

  it('is as before when it is no member any more of the group that makes it root', async () => {
    await on(
      name(),
      "groupadd makers; gpasswd -a deploy makers; sed -i 's/^deploy /%makers /' $(grep -rl '^deploy ' /etc/sudoers /etc/sudoers.d)",
    );
    const was = await account();
    assert.match(was, /\(makers\)/);

    const applied = await apply('makers:\n  group.present:\n    - delusers: [deploy]\n');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: /);
    assert.equal(await account(), was);
  });

  it('is as wanted once a new login has confirmed it, and what others changed meanwhile stays', async () => {
    await on(name(), `useradd other; systemd-run --quiet sh -c '${TRIED}; usermod -s /bin/dash other'`);

    const applied = await apply(deploy('shell: /bin/sh', 'fullname: Deployer'));

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.match(await account(), /^deploy:x:\S+:Deployer:\/home\/deploy:\/bin\/sh\n/);
    assert.match(await on(name(), 'getent passwd other'), /:\/bin\/dash\n$/);
  });

  it('keeps what others did to accounts while its own change was taken back', async () => {
    await on(name(), `systemd-run --quiet sh -c '${TRIED}; usermod -s /bin/bash other'`);
    const was = await account();

    const applied = await apply(deploy('shell: /usr/sbin/nologin'));

    assert.equal(applied.code, 5, applied.all);
    assert.equal(await account(), was);
    assert.match(await on(name(), 'getent passwd other'), /:\/bin\/bash\n$/);
  });

  it('is as before after a power cut in the middle, with nothing of the trial left', async () => {
    const was = await account();
    const project = projectFor(deploy('shell: /usr/sbin/nologin'));
    const run = project.start('apply', '-y', '--confirm-within', '60');
    await on(name(), `${TRIED}; sync`);
    assert.match(await account(), /nologin[^]*\/etc\/slab\/undo\n/);
    run.kill('SIGKILL');

    await lab.power(name(), 'cycle');
    await run.ended;

    assert.equal(await account(), was);
    assert.match(await on(name(), 'journalctl -b -u slab-undo.service -o cat'), /-1$/m);
  });
});
