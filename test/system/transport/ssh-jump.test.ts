import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Host } from '../../../lib/model/inventory.ts';
import { sh } from '../../../lib/shell/sh.ts';
import type { ConnectorSettings } from '../../../lib/transport/connect.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { freePort, hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('the way through jump hosts', function () {
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

/** The newest child of a process. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return Number(children.at(-1));
}
