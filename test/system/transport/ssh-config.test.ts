import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Host } from '../../../lib/model/inventory.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { createConnector, type ConnectorSettings } from '../../../lib/transport/connect.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { bareHost, hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('the way that ssh_config describes', function () {
  this.timeout(20_000);
  let place: Place;
  let bastion: Sshd;
  let inner: Sshd;
  let key: string;
  let config: string;

  before(async () => {
    place = makePlace();
    key = place.key('me');
    bastion = await startSshd(place, 'bastion', { authorized: [key] });
    inner = await startSshd(place, 'inner', { authorized: [key] });
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
    writeFileSync(config, 'Host *\n ProxyCommand sh -c "echo no way >&2; exit 3"\n');

    await assert.rejects(reach({}), {
      code: 'SLAB3308',
      message:
        'the connection to web1 was lost during the key exchange: its ProxyCommand ended with exit code 3: no way',
    });
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
    await assert.rejects(again.connect(hostNamed('web1', { port: inner.port, identityFile: key }), noAbort), {
      code: 'SLAB3303',
    });
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
    await connector.connect({ ...host, name: 'web2', address: 'localhost' }, noAbort).catch(() => undefined);
    await connector.close();

    assert.deepEqual(
      notices.map(({ code, level }) => `${level} ${code}`),
      ['warning SLAB3316'],
    );
  });

  /** A known_hosts file that knows the inner host under this name only. */
  function knownAs(name: string): string {
    const file = place.path('known-as');
    writeFileSync(file, inner.knownHosts.replace(/^\S+/, name));
    return file;
  }
});
