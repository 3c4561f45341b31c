import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { Become } from '../../../lib/model/inventory.ts';
import type { Session } from '../../../lib/model/ports.ts';
import { secret } from '../../../lib/shell/secret.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { inventPeople, password } from './people.ts';
import { hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

const sudo: Become = { method: 'sudo', askPassword: false };
const sudoAsking: Become = { method: 'sudo', askPassword: true };
const none: Become = { method: 'none', askPassword: false };

describe('becoming root', function () {
  this.timeout(20_000);
  let place: Place;
  let sshd: Sshd;
  let key: string;
  const open: Session[] = [];

  before(async () => {
    place = makePlace();
    key = place.key('me');
    const within = inventPeople(place);
    sshd = await startSshd(place, 'web1', {
      authorized: [key],
      within,
      config: 'PasswordAuthentication yes',
    });
    chmodSync(place.path('web1-authorized'), 0o644);
    trust(place, sshd);
  });
  after(async () => {
    await Promise.all(open.map((session) => session.close()));
    await place.clear();
  });

  async function login(user: string, become: Become, typed?: string, loginPassword?: string) {
    const { connector, notices } = connectorIn(place, {
      credentials: {
        ...(typed === undefined ? {} : { sudoPassword: () => secret(typed) }),
        ...(loginPassword === undefined ? {} : { password: () => secret(loginPassword) }),
      },
    });
    const host = hostNamed('web1', { port: sshd.port, user, become });
    const session = await connector.connect(
      loginPassword === undefined ? { ...host, identityFile: key } : host,
      noAbort,
    );
    open.push(session);
    return { session, notices };
  }
  async function idAs(user: string, become: Become, typed?: string): Promise<string> {
    const { session } = await login(user, become, typed);
    return firstOutput(await session.exchange([{ name: 'id', script: sh`id -un` }]));
  }

  it('uses sudo without a password where it may', async () => {
    assert.equal(await idAs('berta', sudo), 'root\n');
  });

  it('types the password where sudo asks', async () => {
    assert.equal(await idAs('anna', sudoAsking, password), 'root\n');
  });

  it('goes on where sudo does not ask although a password was given', async () => {
    assert.equal(await idAs('berta', sudoAsking, password), 'root\n');
  });

  it('becomes root beside an exchange too', async () => {
    const { session } = await login('anna', sudoAsking, password);

    const { stdout } = await session.aside(sh`id -un`);

    assert.equal(Buffer.from(stdout).toString(), 'root\n');
  });

  it('keeps the password out of process lists and environments', async () => {
    const { session } = await login('anna', sudoAsking, password);

    const script = sh`grep -lF ${password.slice(0, 7)} /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | wc -l`;
    const results = await session.exchange([{ name: 'look', script }]);

    // The script's own words are found in nobody's arguments either: it came on standard input.
    assert.equal(firstOutput(results).trim(), '1'); // grep itself
  });

  it('refuses a wrong password when it connects, after one try', async () => {
    const before = sshd.log().length;

    await assert.rejects(login('anna', sudoAsking, 'wrong'), {
      code: 'SLAB3311',
      message: 'sudo on web1 rejected the password',
    });

    assert.match(sshd.log().slice(before), /Accepted publickey for anna/);
  });

  it('says that sudo needs a password', async () => {
    await assert.rejects(idAs('anna', sudo), {
      code: 'SLAB3310',
      message: 'sudo on web1 needs a password and none was given',
    });
    await assert.rejects(idAs('anna', sudoAsking), { code: 'SLAB3310' });
  });

  it('says that a login is not in sudoers', async () => {
    await assert.rejects(idAs('carla', sudoAsking, password), {
      code: 'SLAB3312',
      message: 'the login on web1 is not allowed to use sudo: carla is not in the sudoers file.',
    });
  });

  it('says that sudo wants a terminal', async () => {
    await assert.rejects(idAs('dora', sudo), {
      code: 'SLAB3313',
      message: 'sudo on web1 wants a terminal: sudo: sorry, you must have a tty to run sudo',
    });
  });

  it('gives notice of a login that is not root', async () => {
    const { session, notices } = await login('carla', none);

    assert.equal(firstOutput(await session.exchange([{ name: 'id', script: sh`id -un` }])), 'carla\n');

    assert.deepEqual(
      notices.map(({ code, host, message }) => `${code} ${host} ${message}`),
      [
        'SLAB3319 web1 web1 is reached as user 61002, not as root; set "become: {method: sudo}" for it in the inventory',
      ],
    );
  });

  it('says that a login has no shell, in the words of the host', async () => {
    await assert.rejects(idAs('fred', none), {
      code: 'SLAB3302',
      message:
        'web1 took the login, but no shell runs there: exit code 1; it said: This account is currently not available.',
    });
  });

  it('logs in by password where one was given', async () => {
    const { session } = await login('anna', sudoAsking, password, password);

    assert.equal(firstOutput(await session.exchange([{ name: 'id', script: sh`id -un` }])), 'root\n');
    await assert.rejects(login('anna', sudoAsking, password, 'wrong'), {
      code: 'SLAB3302',
      message:
        'cannot log in to web1 as anna: it rejected password; it would not take password (keyboard-interactive)',
    });
  });

  for (const user of ['berta', 'erna'])
    it(`ends before the next section when the connection breaks, with the sudo of ${user}`, async () => {
      const { session } = await login(user, sudo);
      const [fifo, second] = [place.path(`fifo-${user}`), place.path(`second-${user}`)];
      execFileSync('mkfifo', [fifo]);
      const pids = firstOutput(await session.exchange([{ name: 'pids', script: sh`echo $$ "$slab_from"` }]));
      const [shell, sshd] = pids.split(' ').map(Number);
      const began = new Promise<void>((resolve) => {
        const program = [
          { name: 'wait', script: sh`cat ${fifo}` },
          { name: 'second', script: sh`touch ${second}` },
        ];
        session.exchange(program, { started: () => resolve() }).catch(() => undefined);
      });
      await began;

      await session.close();
      await gone(sshd);
      writeFileSync(fifo, 'go\n');
      await gone(shell);

      assert.equal(existsSync(second), false);
    });
});

describe('becoming root on this machine', function () {
  this.timeout(20_000);
  let place: Place;
  before(() => (place = makePlace()));
  after(() => place.clear());

  it('goes through sudo where the inventory says so', async () => {
    const { connector } = connectorIn(place);
    const session = await connector.connect(hostNamed('here', { transport: 'local', become: sudo }), noAbort);

    const results = await session.exchange([{ name: 'by', script: sh`echo "$SUDO_USER"` }]);
    await connector.close();

    assert.equal(firstOutput(results), 'root\n');
  });

  it('says that there is no sudo', async () => {
    const folder = place.path('bin');
    mkdirSync(folder);
    for (const program of ['sh', 'env']) symlinkSync(`/usr/bin/${program}`, `${folder}/${program}`);
    const { connector } = connectorIn(place, { environment: { PATH: folder } });
    const session = await connector.connect(hostNamed('here', { transport: 'local', become: sudo }), noAbort);

    await assert.rejects(session.exchange([{ name: 'id', script: sh`id` }]), {
      code: 'SLAB3314',
      message: 'here has no sudo command',
    });
    await connector.close();
  });
});

/** When a process is no more. */
async function gone(pid: number | undefined): Promise<void> {
  while (existsSync(`/proc/${pid ?? 0}`)) await new Promise((resolve) => setTimeout(resolve, 10));
}
