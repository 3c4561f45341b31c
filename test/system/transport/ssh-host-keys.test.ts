import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { addKnownHosts } from '../../../lib/transport/connect.ts';
import { connectorIn, noAbort } from './connectors.ts';
import { hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('host keys', function () {
  this.timeout(20_000);
  let place: Place;
  let sshd: Sshd;
  let key: string;
  let files = 0;

  before(async () => {
    place = makePlace();
    key = place.key('me');
    sshd = await startSshd(place, 'web1', { authorized: [key], hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  });
  after(() => place.clear());

  async function connectKnowing(text: string): Promise<void> {
    const file = place.path(`known${files++}`);
    writeFileSync(file, text);
    const { connector } = connectorIn(place, { knownHostsFiles: [file] });
    try {
      await connector.connect(hostNamed('web1', { port: sshd.port, identityFile: key }), noAbort);
    } finally {
      await connector.close();
    }
  }
  const line = (type: string) => sshd.knownHosts.split('\n').find((each) => each.includes(type)) ?? '';

  it('lets in a host by whichever of its keys is known', async () => {
    await connectKnowing(line('ssh-ed25519'));
    await connectKnowing(line('ecdsa-'));
    await connectKnowing(line('ssh-rsa'));
  });

  it('refuses an unknown host before anything is offered to it', async () => {
    const before = sshd.log().length;

    await assert.rejects(connectKnowing(''), { code: 'SLAB3303', fix: 'slab trust web1' });

    assert.doesNotMatch(sshd.log().slice(before), /userauth-request/);
  });

  it('refuses a changed and a revoked key', async () => {
    const other = readFileSync(`${place.key('other')}.pub`, 'utf8');

    await assert.rejects(connectKnowing(`[127.0.0.1]:${sshd.port} ${other}`), { code: 'SLAB3304' });
    await assert.rejects(connectKnowing(`@revoked * ${line('ssh-ed25519').replace(/^\S+ /, '')}\n`), {
      code: 'SLAB3305',
    });
  });

  it('reads the files of the inventory before the others', async () => {
    const own = place.path('own-known-hosts');
    writeFileSync(own, sshd.knownHosts);
    const { connector } = connectorIn(place, { knownHostsFiles: [place.path('none')] });

    await connector.connect(
      hostNamed('web1', { port: sshd.port, identityFile: key, knownHosts: [own] }),
      noAbort,
    );

    await connector.close();
  });

  it('scans every key a host has, without logging in, and ssh then accepts them', async () => {
    const file = place.path('new/.ssh/known_hosts');
    const { connector } = connectorIn(place, { knownHostsFiles: [file] });
    const before = sshd.log().length;

    const scan = await connector.scanHostKeys(hostNamed('web1', { port: sshd.port }), noAbort);
    await connector.close();

    assert.deepEqual(
      scan.keys.map(({ type, standing }) => [type, standing]),
      [
        ['ssh-ed25519', 'new'],
        ['ecdsa-sha2-nistp256', 'new'],
        ['ssh-rsa', 'new'],
      ],
    );
    const keygen = execFileSync('ssh-keygen', ['-lf', place.path('web1-host-ed25519.pub')], {
      encoding: 'utf8',
    });
    assert.equal(scan.keys[0]?.fingerprint, keygen.split(' ')[1]);
    assert.doesNotMatch(sshd.log().slice(before), /userauth-request/);

    const keys = scan.keys.map(({ type, key: text }) => ({
      address: scan.address,
      port: scan.port,
      type,
      key: text,
    }));
    assert.equal(await addKnownHosts(file, keys, { hash: true }), 3);
    assert.equal(await addKnownHosts(file, keys, { hash: true }), 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(place.path('new/.ssh')).mode & 0o777, 0o700);
    const name = `[127.0.0.1]:${sshd.port}`;
    const found = execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
    assert.equal(found.match(/^\|1\|/gm)?.length, 3);
    const said = execFileSync(
      'ssh',
      ['-F', 'none', '-o', `UserKnownHostsFile=${file}`, '-o', 'StrictHostKeyChecking=yes', '-i', key].concat(
        ['-p', String(sshd.port), 'root@127.0.0.1', 'echo in'],
      ),
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    assert.equal(said, 'in\n');
  });

  it('tells known keys from new ones and changed ones in a scan', async () => {
    const file = place.path('partly');
    const other = readFileSync(`${place.key('another', { type: 'ecdsa' })}.pub`, 'utf8');
    writeFileSync(file, `${line('ssh-ed25519')}\n[127.0.0.1]:${sshd.port} ${other}`);
    const { connector } = connectorIn(place, { knownHostsFiles: [file] });

    const { keys } = await connector.scanHostKeys(hostNamed('web1', { port: sshd.port }), noAbort);
    await connector.close();

    assert.deepEqual(
      keys.map(({ type, standing }) => [type, standing]),
      [
        ['ssh-ed25519', 'known'],
        ['ecdsa-sha2-nistp256', 'changed'],
        ['ssh-rsa', 'new'],
      ],
    );
  });

  it('keeps what a known_hosts file held, and its mode, when keys are added', async () => {
    const file = place.path('kept');
    writeFileSync(file, '# mine, without a last newline', { mode: 0o644 });

    await addKnownHosts(
      file,
      [{ address: 'Web1', port: 22, type: 'ssh-ed25519', key: line('ssh-ed25519').split(' ')[2] ?? '' }],
      {
        hash: false,
      },
    );

    assert.equal(
      readFileSync(file, 'utf8'),
      `# mine, without a last newline\nweb1 ${line('ssh-ed25519').replace(/^\S+ /, '')}\n`,
    );
    assert.equal(statSync(file).mode & 0o777, 0o644);
  });

  it('gives notice of lines it cannot read', async () => {
    const file = place.path('odd');
    writeFileSync(file, `web9\n@cert-authority *.example ${line('ssh-ed25519').replace(/^\S+ /, '')}\n`);
    trust(place, sshd);
    const { connector, notices } = connectorIn(place, {
      knownHostsFiles: [file, place.path('.ssh/known_hosts')],
    });

    await connector.connect(hostNamed('web1', { port: sshd.port, identityFile: key }), noAbort);
    await connector.close();

    assert.deepEqual(
      notices.map(({ message }) => message),
      [
        `${file}:1 is left out: it needs a host, a key type and a key`,
        `${file}:2 trusts a certificate authority; slab reads no host certificates, only keys`,
      ],
    );
  });
});
