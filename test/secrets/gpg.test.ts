import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createGpgDecrypt } from '../../lib/secrets/gpg.ts';

describe('createGpgDecrypt', function () {
  this.timeout(60_000);
  let home = '';
  const gpg = (args: readonly string[], input?: string | Buffer): string => {
    const { status, stdout, stderr } = spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      input,
    });
    assert.equal(status, 0, stderr.toString());
    return stdout.toString();
  };
  const encrypt = (text: string | Buffer): string =>
    gpg(['--armor', '--trust-model', 'always', '--encrypt', '--recipient', 'slab@example.com'], text);

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'slab-gpg-'));
    gpg(['--passphrase', '', '--quick-generate-key', 'slab@example.com', 'rsa2048', 'encr,sign', 'never']);
  });
  after(() => {
    if (home === '') return;
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']);
    rmSync(home, { recursive: true, force: true });
  });

  it('decrypts what was encrypted for its key, to the byte', () => {
    const decrypt = createGpgDecrypt({ homeDirectory: home });

    assert.deepEqual(decrypt(encrypt('hunter2 é\n\n')), { text: 'hunter2 é\n\n' });
  });

  it('says what gpg says of a message it cannot read', () => {
    const other = mkdtempSync(join(tmpdir(), 'slab-gpg-'));
    const answer = createGpgDecrypt({ homeDirectory: other })(encrypt('x'));
    spawnSync('gpgconf', ['--homedir', other, '--kill', 'gpg-agent']);
    rmSync(other, { recursive: true, force: true });

    assert.ok('problem' in answer);
    assert.match(answer.problem, /^gpg says: .*No secret key/);
  });

  it('refuses bytes that are no text', () => {
    const answer = createGpgDecrypt({ homeDirectory: home })(encrypt(Buffer.from([0xff, 0xfe])));

    assert.ok('problem' in answer);
    assert.equal(answer.problem, 'what was encrypted is not UTF-8 text');
  });

  it('says that there is no gpg where there is none', () => {
    const answer = createGpgDecrypt({ program: 'no-such-gpg' })('x');

    assert.ok('problem' in answer);
    assert.equal(answer.problem, 'there is no program no-such-gpg');
  });
});
