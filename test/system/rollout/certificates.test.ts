import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { answerOf } from '../../support/lab.ts';
import { slabProgram, withFolder, withSlab } from '../../support/slab.ts';

describe("certificates of an authority of one's own, in NODE_EXTRA_CA_CERTS", function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const folder = withFolder('slab-certificates-');
  let server: Server;
  before(async () => {
    const [key, certificate] = [join(folder(), 'key.pem'), join(folder(), 'certificate.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_request, response) =>
      response.end('well'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));
  const slab = (directory: string, certificates: string, ...words: readonly string[]) =>
    answerOf('env', [...['-C', directory, `NODE_EXTRA_CA_CERTS=${certificates}`, slabProgram, ...words]]);

  it('count for the gates of a roll-out', async () => {
    const { port } = server.address() as AddressInfo;
    const project = hosts.project({
      files: {
        'states/site.sls': '/etc/version: {file.managed: [contents: x]}\n',
        'inventories/lab/rollout.yaml': `stages: [{name: all, gates: [web]}]
gates: {web: {http: 'https://localhost:${port}/', tries: 1}}
`,
      },
    });
    const deploy = ['deploy', '-y', '--progress', 'lines'];

    const unknown = await slab(project.directory, '', ...deploy);
    const known = await slab(project.directory, join(folder(), 'certificate.pem'), ...deploy);

    assert.equal(unknown.code, 7, unknown.stdout + unknown.stderr);
    assert.match(unknown.stdout + unknown.stderr, /gate web is RED: .*self-signed certificate/);
    assert.equal(known.code, 0, known.stdout + known.stderr);
  });

  it('are handed on to programs that other commands start', async () => {
    const project = hosts.project({
      files: { 'inventories/here/inventory.yaml': 'hosts: {this: {transport: local}}\n' },
    });

    const { stdout, stderr } = await slab(
      project.directory,
      ...['/nowhere/a b.pem', 'run', '-i', 'here', '--', 'env | grep CA_CERTS'],
    );

    assert.match(stdout, /\bNODE_EXTRA_CA_CERTS=\/nowhere\/a b\.pem$/m, stderr);
    assert.doesNotMatch(stdout, /SLAB_KEPT/);
  });
});
