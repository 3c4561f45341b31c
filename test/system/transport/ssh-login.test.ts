import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { Host } from '../../../lib/model/inventory.ts';
import { secret } from '../../../lib/shell/secret.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { lockedKeys, type ConnectorSettings } from '../../../lib/transport/connect.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('logging in to sshd', function () {
  this.timeout(20_000);
  let place: Place;
  let sshd: Sshd;
  let good: string;
  let locked: string;
  let agentKey: string;
  let wrong: string;

  before(async () => {
    place = makePlace();
    good = place.key('good');
    locked = place.key('locked', { passphrase: 'open sesame' });
    agentKey = place.key('agent-key', { type: 'ecdsa' });
    wrong = place.key('wrong');
    const rsa = place.key('rsa', { type: 'rsa' });
    sshd = await startSshd(place, 'web1', { authorized: [good, locked, agentKey, rsa] });
    trust(place, sshd);
  });
  after(() => place.clear());

  async function whoami(fields: Partial<Host>, settings: Partial<ConnectorSettings> = {}): Promise<string> {
    const { connector } = connectorIn(place, settings);
    try {
      const session = await connector.connect(hostNamed('web1', { port: sshd.port, ...fields }), noAbort);
      return firstOutput(await session.exchange([{ name: 'id', script: sh`id -un` }]));
    } finally {
      await connector.close();
    }
  }

  it('runs programs and scripts beside them, with what sections keep', async () => {
    const { connector, notices } = connectorIn(place);
    const session = await connector.connect(
      hostNamed('web1', { port: sshd.port, identityFile: good }),
      noAbort,
    );

    const results = await session.exchange([
      { name: 'one', script: sh`printf out; printf err >&2; exit 3` },
      { name: 'define', script: sh`kept=yes`, inline: true },
    ]);
    const [aside, again] = await Promise.all([
      session.aside(sh`echo "$kept"; exit 4`),
      session.exchange([{ name: 'two', script: sh`echo "$kept"` }]),
    ]);
    await connector.close();

    assert.deepEqual(
      results.map(({ name, code, stdout, stderr }) => [name, code, Buffer.from(stdout).toString(), stderr]),
      [
        ['one', 3, 'out', 'err'],
        ['define', 0, '', ''],
      ],
    );
    assert.deepEqual([aside.code, Buffer.from(aside.stdout).toString()], [4, '\n']);
    assert.equal(firstOutput(again), 'yes\n');
    assert.deepEqual(notices, []);
    await assert.rejects(session.exchange([{ name: 'late', script: sh`true` }]), {
      code: 'SLAB3308',
      message: 'the session with web1 was closed',
    });
  });

  it('sends and receives megabytes', async () => {
    const { connector } = connectorIn(place);
    const session = await connector.connect(
      hostNamed('web1', { port: sshd.port, identityFile: good }),
      noAbort,
    );
    const content = `${'x'.repeat(99)}\n`.repeat(60_000);

    const [result] = await session.exchange([
      {
        name: 'cat',
        script: sh`cat <<'END'
${{ text: content } as never}END`,
      },
    ]);
    await connector.close();

    assert.equal(result?.stdout.length, 6_000_000);
  });

  it('takes RSA keys, signing with SHA-2', async () => {
    assert.equal(await whoami({ identityFile: place.path('rsa') }), 'root\n');
  });

  it('finds the usual keys in ~/.ssh', async () => {
    copyFileSync(good, place.path('.ssh/id_ed25519'));

    assert.equal(await whoami({}), 'root\n');

    rmSync(place.path('.ssh/id_ed25519'));
  });

  it('opens a key with its passphrase, asked once for many hosts', async () => {
    let asked = 0;
    const passphrase = () => {
      asked++;
      return secret('open sesame');
    };
    const { connector } = connectorIn(place, { credentials: { passphrase } });
    const host = hostNamed('web1', { port: sshd.port, identityFile: locked });

    await Promise.all([connector.connect(host, noAbort), connector.connect(host, noAbort)]);
    await connector.close();

    assert.equal(asked, 1);
  });

  it('refuses a key whose passphrase nobody gave, before it connects', async () => {
    await assert.rejects(whoami({ identityFile: locked, port: 1 }), {
      code: 'SLAB3306',
      message: `the private key ${locked} for web1 cannot be read: it has a passphrase, and the agent does not hold it`,
      fix: `ssh-add ${locked}`,
    });
  });

  it('refuses a wrong passphrase, a missing key and a file that is no key', async () => {
    const credentials = { passphrase: () => secret('open barley') };
    const noKey = place.path('no-key');
    writeFileSync(noKey, 'hello\n');

    await assert.rejects(
      whoami({ identityFile: locked }, { credentials }),
      /cannot be read: the passphrase is wrong$/,
    );
    await assert.rejects(whoami({ identityFile: place.path('nowhere') }), /nowhere for web1 does not exist$/);
    await assert.rejects(whoami({ identityFile: noKey }), { code: 'SLAB3306' });
  });

  it('says which keys it tried when all were rejected', async () => {
    await assert.rejects(whoami({ identityFile: wrong }), {
      code: 'SLAB3302',
      message: `cannot log in to web1 as root: it rejected key ${wrong}`,
    });
  });

  it('says that there was nothing to offer, and which keys it left out', async () => {
    copyFileSync(locked, place.path('.ssh/id_ed25519'));

    await assert.rejects(whoami({}), {
      code: 'SLAB3302',
      message: `cannot log in to web1 as root: there was nothing to offer; left out: ${place.path('.ssh/id_ed25519')} (it has a passphrase, and the agent does not hold it)`,
    });

    rmSync(place.path('.ssh/id_ed25519'));
  });

  it('never sends the none probe, nor a second try where one is enough', async () => {
    const before = sshd.log().length;

    await whoami({ identityFile: good });

    const log = sshd.log().slice(before);
    assert.doesNotMatch(log, /method none/);
    assert.equal(log.match(/userauth-request for user/g)?.length, 2); // The question and the signature.
  });

  describe('with an agent', () => {
    let environment: NodeJS.ProcessEnv;

    before(async () => {
      const socket = place.path('agent.sock');
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
      place.children.push(agent);
      await new Promise((resolve) => agent.stdout.once('data', resolve));
      environment = { PATH: process.env['PATH'], SSH_AUTH_SOCK: socket };
      for (const key of [wrong, agentKey]) execFileSync('ssh-add', ['-q', key], { env: environment });
    });

    it('logs in with a key that only the agent holds', async () => {
      assert.equal(await whoami({}, { environment }), 'root\n');
    });

    it('uses the one key the inventory names, and no other of the agent', async () => {
      const before = sshd.log().length;

      assert.equal(await whoami({ identityFile: `${agentKey}.pub` }, { environment }), 'root\n');

      assert.doesNotMatch(sshd.log().slice(before), /Failed publickey/);
    });

    it('needs no passphrase for a key that the agent holds', async () => {
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', agentKey]);

      assert.equal(await whoami({ identityFile: agentKey }, { environment }), 'root\n');
    });

    it('names the keys that a person has to be asked for', async () => {
      const settings = { notice: () => undefined, homeDirectory: place.folder, environment };
      const hosts = [locked, good, agentKey, locked, place.path('none')].map((identityFile) =>
        hostNamed('web1', { identityFile }),
      );

      assert.deepEqual(await lockedKeys([...hosts, hostNamed('web2')], settings), [locked]);
    });

    it('offers nothing of the agent where the inventory names another key', async () => {
      await assert.rejects(
        whoami({ identityFile: place.key('other', { passphrase: 'x' }) }, { environment }),
        {
          code: 'SLAB3306',
        },
      );
    });

    it('gives notice of an agent that does not answer, and goes on without it', async () => {
      const { connector, notices } = connectorIn(place, {
        environment: { ...environment, SSH_AUTH_SOCK: place.path('nobody.sock') },
      });
      copyFileSync(good, place.path('.ssh/id_ed25519'));

      await connector.connect(hostNamed('web1', { port: sshd.port }), noAbort);
      await connector.close();

      rmSync(place.path('.ssh/id_ed25519'));
      assert.deepEqual(
        notices.map(({ code, message }) => `${code} ${message}`),
        [`SLAB3321 the ssh-agent at ${place.path('nobody.sock')} gives no keys: Failed to connect to agent`],
      );
    });
  });
});
