import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Host } from '../../../lib/model/inventory.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { createConnector, type ConnectorSettings } from '../../../lib/transport/connect.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { bareHost, freePort, hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('the way to a host', function () {
  this.timeout(20_000);
  let place: Place;
  let bastion: Sshd;
  let inner: Sshd;
  let strange: Sshd;
  let key: string;
  let config: string;

  before(async () => {
    place = makePlace();
    key = place.key('me');
    bastion = await startSshd(place, 'bastion', { authorized: [key] });
    inner = await startSshd(place, 'inner', { authorized: [key] });
    strange = await startSshd(place, 'strange', { authorized: [key] });
    trust(place, bastion, inner);
    config = place.path('config');
  });
  afterEach(() => writeFileSync(config, ''));
  after(() => place.clear());

  async function reach(fields: Partial<Host>, settings: Partial<ConnectorSettings> = {}): Promise<string> {
    const { connector } = connectorIn(place, { sshConfig: { use: true, file: config }, ...settings });
    try {
      const session = await connector.connect(
        hostNamed('web1', { port: inner.port, identityFile: key, ...fields }),
        noAbort,
      );
      return firstOutput(await session.exchange([{ name: 'way', script: sh`echo "$SSH_CONNECTION"` }]));
    } finally {
      await connector.close();
    }
  }

  describe('through jump hosts', () => {
    it('passes one and two of them', async () => {
      const hop = `root@127.0.0.1:${bastion.port}`;
      const before = bastion.log().length;

      assert.match(await reach({ proxyJump: hop }), new RegExp(` ${inner.port}$`, 'm'));
      assert.match(
        await reach({ proxyJump: `${hop},root@127.0.0.1:${bastion.port}` }),
        new RegExp(` ${inner.port}$`, 'm'),
      );

      assert.equal(
        bastion
          .log()
          .slice(before)
          .match(/Accepted publickey/g)?.length,
        3,
      );
    });

    it('logs in to a jump host once for all hosts behind it', async () => {
      const { connector } = connectorIn(place, { parallelHandshakes: 1 });
      const before = bastion.log().length;

      const sessions = await Promise.all(
        ['web1', 'web2', 'web3', 'web4'].map((name) =>
          connector.connect(
            hostNamed(name, {
              port: inner.port,
              identityFile: key,
              proxyJump: `root@127.0.0.1:${bastion.port}`,
            }),
            noAbort,
          ),
        ),
      );
      await Promise.all(sessions.map((session) => session.exchange([{ name: 'true', script: sh`true` }])));
      await connector.close();

      assert.equal(
        bastion
          .log()
          .slice(before)
          .match(/Accepted publickey/g)?.length,
        1,
      );
    });

    it('reaches a jump host as the inventory says, if it is one of its hosts', async () => {
      const known = hostNamed('gate', { port: bastion.port, identityFile: key });

      const way = await reach(
        { proxyJump: 'gate' },
        { findHost: (name) => (name === 'gate' ? known : undefined) },
      );

      assert.match(way, new RegExp(` ${inner.port}$`, 'm'));
    });

    it('holds the key of each hop against its own name, and names the hop', async () => {
      await assert.rejects(
        reach({ proxyJump: `root@127.0.0.1:${strange.port}` }),
        (error: Error & { code?: string; fix?: string }) => {
          assert.equal(error.code, 'SLAB3315');
          assert.match(
            error.message,
            /^web1 cannot be reached through jump host 127\.0\.0\.1: the host key of 127\.0\.0\.1 is not known/,
          );
          assert.equal(
            error.fix,
            `log in once by hand and compare the fingerprint: ssh root@127.0.0.1:${strange.port}`,
          );
          return true;
        },
      );
      await assert.rejects(reach({ port: strange.port, proxyJump: `root@127.0.0.1:${bastion.port}` }), {
        code: 'SLAB3303',
        fix: 'slab trust web1',
      });
    });

    it('says what the jump host says of a host it cannot reach', async () => {
      await assert.rejects(reach({ port: await freePort(), proxyJump: `root@127.0.0.1:${bastion.port}` }), {
        code: 'SLAB3315',
        message: 'web1 cannot be reached through jump host 127.0.0.1: it says: Connection refused',
      });
    });

    it('refuses jump hosts that lead in a circle', async () => {
      writeFileSync(config, 'Host a\n ProxyJump b\nHost b\n ProxyJump a\n');

      await assert.rejects(reach({ proxyJump: 'a' }), {
        code: 'SLAB3315',
        message: 'web1 cannot be reached through jump host a: jump hosts lead in a circle: a → b → a',
      });
    });

    it('refuses a list it cannot read', async () => {
      await assert.rejects(reach({ proxyJump: 'a,,b' }), { code: 'SLAB3315' });
    });

    it('opens a new connection to a jump host that was lost', async () => {
      const { connector } = connectorIn(place);
      const host = hostNamed('web1', {
        port: inner.port,
        identityFile: key,
        proxyJump: `root@127.0.0.1:${bastion.port}`,
      });
      const first = await connector.connect(host, noAbort);
      const child = childOf(bastion.process.pid ?? 0);
      process.kill(child, 'SIGKILL');
      await assert.rejects(first.exchange([{ name: 'lost', script: sh`sleep 5` }]), { code: 'SLAB3308' });

      const second = await connector.connect(host, noAbort);

      assert.equal(firstOutput(await second.exchange([{ name: 'id', script: sh`id -un` }])), 'root\n');
      await connector.close();
    });
  });

  describe('as ssh_config says', () => {
    it('takes address, port, user, key and jump host from it', async () => {
      writeFileSync(
        config,
        `Host gate\n HostName 127.0.0.1\n Port ${bastion.port}\n User root\n IdentityFile ${key}\n` +
          `Host web1\n HostName 127.0.0.1\n Port ${inner.port}\n User root\n IdentityFile ${place.path('none')}\n IdentityFile ${key}\n ProxyJump gate\n`,
      );
      const before = bastion.log().length;
      const { connector } = connectorIn(place, { sshConfig: { use: true, file: config } });

      const session = await connector.connect(bareHost('web1'), noAbort);
      const way = firstOutput(await session.exchange([{ name: 'way', script: sh`echo "$SSH_CONNECTION"` }]));
      await connector.close();

      assert.match(way, new RegExp(` ${inner.port}$`, 'm'));
      assert.equal(
        bastion
          .log()
          .slice(before)
          .match(/Accepted publickey/g)?.length,
        1,
      );
    });

    it('lets the inventory win', async () => {
      writeFileSync(config, 'Host *\n User nobody\n Port 1\n IdentityFile /nowhere\n');

      assert.match(await reach({}), new RegExp(` ${inner.port}$`, 'm'));
    });

    it('goes through ProxyCommand', async () => {
      writeFileSync(config, `Host *\n ProxyCommand busybox nc %h ${inner.port}\n`);

      assert.match(
        await reach({ port: 2 }, { knownHostsFiles: [knownAs('[127.0.0.1]:2')] }),
        new RegExp(` ${inner.port}$`, 'm'),
      );
    });

    it('says that a ProxyCommand gave no connection', async () => {
      writeFileSync(config, 'Host *\n ProxyCommand false\n');

      await assert.rejects(reach({}), { code: 'SLAB3308' });
    });

    it('looks for the host key under HostKeyAlias, in the files it names', async () => {
      writeFileSync(config, `Host *\n HostKeyAlias blade7\n UserKnownHostsFile ${knownAs('blade7')}\n`);
      const connector = createConnector({
        notice: () => undefined,
        homeDirectory: place.folder,
        environment: { PATH: process.env['PATH'] },
        sshConfig: { use: true, file: config },
      });

      const session = await connector.connect(
        hostNamed('web1', { port: inner.port, identityFile: key }),
        noAbort,
      );
      await session.close();

      writeFileSync(place.path('known-as'), inner.knownHosts);
      const again = createConnector({
        notice: () => undefined,
        homeDirectory: place.folder,
        environment: { PATH: process.env['PATH'] },
        sshConfig: { use: true, file: config },
      });
      await assert.rejects(
        again.connect(hostNamed('web1', { port: inner.port, identityFile: key }), noAbort),
        {
          code: 'SLAB3303',
        },
      );
    });

    it('reports a configuration that ssh cannot read', async () => {
      writeFileSync(config, 'Host *\n Prot 22\n');

      await assert.rejects(reach({}), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'SLAB3316');
        assert.match(error.message, /^ssh_config cannot be read for 127\.0\.0\.1: .*prot/i);
        return true;
      });
    });

    it('asks ssh only where the files say something, and once per host', async () => {
      const folder = place.path('counting');
      const count = place.path('count');
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/ssh`, `#!/bin/sh\necho x >> ${count}\nexec /usr/bin/ssh "$@"\n`);
      chmodSync(`${folder}/ssh`, 0o755);
      const environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
      writeFileSync(count, '');

      writeFileSync(config, 'Host *\n SendEnv LANG\n HashKnownHosts yes\n');
      await reach({}, { environment });
      assert.equal(readFileSync(count, 'utf8'), '');

      writeFileSync(config, 'Host elsewhere\n User anna\n');
      await reach({}, { environment });
      assert.equal(readFileSync(count, 'utf8'), 'x\n');
    });

    it('gives notice where there is no ssh to ask', async () => {
      writeFileSync(config, 'Host elsewhere\n User anna\n');
      const { connector, notices } = connectorIn(place, {
        sshConfig: { use: true, file: config },
        environment: { PATH: '/nowhere' },
      });

      const host = hostNamed('web1', { port: inner.port, identityFile: key });
      await connector.connect(host, noAbort);
      await connector
        .connect({ ...host, name: 'web2', address: 'localhost' }, noAbort)
        .catch(() => undefined);
      await connector.close();

      assert.deepEqual(
        notices.map(({ code, level }) => `${level} ${code}`),
        ['warning SLAB3316'],
      );
    });
  });

  /** A known_hosts file that knows the inner host under this name only. */
  function knownAs(name: string): string {
    const file = place.path('known-as');
    writeFileSync(file, inner.knownHosts.replace(/^\S+/, name));
    return file;
  }
});

/** The newest child of a process. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return Number(children.at(-1));
}
