import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { labLayout } from '../../../lib/lab/layout.ts';
import { runCommandLine, withProjectTree, type CommandEnd } from '../../support/command-line.ts';
import { withLab } from '../../support/lab.ts';
import { freePort } from '../transport/sshd.ts';

/** What is said about each of them, and how to mend it. */
const SAID: Readonly<Record<string, readonly [sentence: RegExp, fix: RegExp]>> = {
  stranger: [/SLAB3303 the host key of stranger is not known: ssh-ed25519 SHA256/, /slab trust stranger/],
  changed: [/SLAB3304 the host key of changed changed: it shows .* says SHA256/, /run: slab trust changed/],
  revoked: [/SLAB3305 revoked shows a revoked host key/, /do not log in/],
  outsider: [/SLAB3302 cannot log in to outsider as root: it rejected key .*stranger/, /authorized_keys/],
  keyless: [/SLAB3306 the private key .*gone for keyless does not exist/, /identity_file in the inventory/],
  garbled: [/SLAB3306 .*garbled for garbled cannot be read: Unsupported key format/, /ssh-keygen/],
  asking: [/SLAB3310 sudo on asking needs a password and none was given/, /--ask-sudo/],
  // Asked without a password, sudo does not tell who may not use it at all.
  forbidden: [/SLAB3310 sudo on forbidden needs a password and none was given/, /NOPASSWD/],
  down: [/SLAB3301 down \(127\.0\.0\.1 port \d+\) refuses connections/, /sshd runs on down/],
  silent: [/SLAB3307 silent accepted the connection and then stayed silent for 2 s/, /is an SSH server/],
  hanging: [/SLAB3307 hanging accepted the connection and then stayed silent for 2 s/, /is an SSH server/],
};

describe('hosts that cannot be reached, beside one that can', function () {
  this.timeout(60_000);
  const lab = withLab({ count: 2, form: 'light' });
  const folder = mkdtempSync(join(tmpdir(), 'slab-bad-hosts-'));
  const servers: Server[] = [];
  let inventory = '';

  before(async () => {
    const [good, other] = lab.hosts();
    assert(good && other);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'stranger')]);
    const wrong = execFileSync('cut', ['-d', ' ', '-f1,2', join(folder, 'stranger.pub')], {
      encoding: 'utf8',
    }).trim();
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return JSON.stringify(join(folder, name));
    };
    const named = other.port === 22 ? other.address : `[${other.address}]:${other.port}`;
    const known = {
      none: file('none', ''),
      changed: file('changed', `${named} ${wrong}\n`),
      revoked: file('revoked', `@revoked ${named} ${other.hostKey}\n`),
    };
    const add = await lab.ssh(
      other.name,
      'useradd -m plain && cp -r /root/.ssh /home/plain/ && chown -R plain: /home/plain/.ssh',
    );
    assert.equal(add.code, 0, add.stderr);
    const serve = (banner: string): Promise<number> =>
      new Promise((resolve) => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.write(banner);
        }).listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
        servers.push(server);
      });
    const at = ({ address, port }: { address: string; port: number }) => `address: ${address}, port: ${port}`;
    const here = (port: number) => `address: 127.0.0.1, port: ${port}`;
    inventory = [
      'defaults:',
      '  user: root',
      `  identity_file: ${JSON.stringify(join(lab.directory, 'id_ed25519'))}`,
      `  known_hosts: [${JSON.stringify(labLayout(lab.directory, lab.prefix).knownHosts)}]`,
      'hosts:',
      `  good: {${at(good)}}`,
      `  stranger: {${at(other)}, known_hosts: [${known.none}]}`,
      `  changed: {${at(other)}, known_hosts: [${known.changed}]}`,
      `  revoked: {${at(other)}, known_hosts: [${known.revoked}]}`,
      `  outsider: {${at(other)}, identity_file: ${JSON.stringify(join(folder, 'stranger'))}}`,
      `  keyless: {${at(other)}, identity_file: ${JSON.stringify(join(folder, 'gone'))}}`,
      `  garbled: {${at(other)}, identity_file: ${file('garbled', 'no key\n')}}`,
      `  asking: {${at(other)}, user: asker, become: sudo}`,
      `  forbidden: {${at(other)}, user: plain, become: sudo}`,
      `  down: {${here(await freePort())}}`,
      `  silent: {${here(await serve(''))}}`,
      `  hanging: {${here(await serve('SSH-2.0-Hang\r\n'))}}`,
      '',
    ].join('\n');
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (command: readonly string[], sls = '/srv/here:\n  file.managed:\n    - contents: hello\n') =>
    withProjectTree(
      {
        'inventories/prod/inventory.yaml': inventory,
        'states/top.sls': "base:\n  '*': [site]\n",
        'states/site.sls': sls,
      },
      (project) => runCommandLine(project, [...command, '--no-input', '--connect-timeout', '2']),
    );

  function assertAllNamed(end: CommandEnd): void {
    for (const [host, [sentence, fix]] of Object.entries(SAID)) {
      const line = end.stderr.split('\n').find((each) => each.includes(` FAIL ${host} not read: `)) ?? '';
      const [reason = '', way = ''] = line.split(' (fix: ');
      assert.match(reason, sentence);
      assert.match(way, fix);
      assert.match(end.stdout, new RegExp(`^  x .*\\b${host}\\b`, 'm'));
    }
    assert.doesNotMatch(end.stdout + end.stderr, /\n\s+at .*:\d+:\d+/, 'a stack trace');
  }

  it('are each named by a plan with the reason and the way out, and the good one is planned', async () => {
    const end = await run(['plan']);

    assertAllNamed(end);
    assert.match(end.stdout, /Read 1 of 12 hosts/);
    assert.match(end.stdout, /^.*good.*$/m);
    assert.match(end.stdout, /\/srv\/here/);
    assert.equal(end.code, 4);
  });

  it('do not keep an apply from the good one, and are named again', async () => {
    const [good] = lab.hosts();
    const end = await run(['apply', '-y']);

    assertAllNamed(end);
    assert.equal(end.code, 4);
    assert.equal((await lab.ssh(good?.name ?? '', 'cat /srv/here')).stdout, 'hello\n');
  });

  it('lose nothing when the states are wrong for one host only: nothing is changed anywhere', async () => {
    const [good] = lab.hosts();
    const end = await run(['apply', '-y'], '/srv/never:\n  file.managed:\n    - contnets: x\n');

    assert.match(end.stderr, /error\[SLAB2104\]: file.managed has no argument "contnets"/);
    assert.match(end.stderr, /on 1 host: good/);
    assert.equal(end.code, 3);
    assert.equal((await lab.ssh(good?.name ?? '', 'test -e /srv/never')).code, 1);
  });
});
