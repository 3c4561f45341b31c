import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checkHostKey, hostKeyAlgorithms, type KeyName } from '../../lib/transport/host-key.ts';
import { indexKnownHosts, parseKnownHosts } from '../../lib/transport/known-hosts.ts';
import { ecdsa, ed25519, ed25519Fingerprint, otherEd25519 } from './keys.ts';

const web1: KeyName = { shown: 'web1', address: '10.0.0.1', port: 22, trustFix: 'slab trust web1' };
const key = Buffer.from(ed25519, 'base64');

function check(text: string, name: KeyName = web1) {
  return checkHostKey(indexKnownHosts(parseKnownHosts('~/.ssh/known_hosts', text).entries), name, key);
}

describe('checkHostKey', () => {
  it('accepts a key that is listed for the host', () => {
    assert.equal(check(`10.0.0.1 ssh-ed25519 ${ed25519}`), undefined);
  });

  it('accepts one of several keys of the same type', () => {
    assert.equal(check(`10.0.0.1 ssh-ed25519 ${otherEd25519}\n10.0.0.1 ssh-ed25519 ${ed25519}`), undefined);
  });

  it('refuses a key nobody listed and says how to trust it', () => {
    const error = check('');

    assert.equal(error?.code, 'SLAB3303');
    assert.equal(error.message, `the host key of web1 is not known: ssh-ed25519 ${ed25519Fingerprint}`);
    assert.equal(error.fix, 'slab trust web1');
  });

  it('refuses a key listed for another host only', () => {
    assert.equal(check(`10.0.0.2 ssh-ed25519 ${ed25519}`)?.code, 'SLAB3303');
  });

  it('mentions a known key of another type, and still refuses', () => {
    const error = check(`\n10.0.0.1 ecdsa-sha2-nistp256 ${ecdsa}`);

    assert.equal(error?.code, 'SLAB3303');
    assert.match(error.message, /; another key is known \(ecdsa-sha2-nistp256, ~\/\.ssh\/known_hosts:2\)$/);
  });

  it('refuses a changed key, with the place of the known one and both fingerprints', () => {
    const error = check(`# first\n10.0.0.1 ssh-ed25519 ${otherEd25519}`);

    assert.equal(error?.code, 'SLAB3304');
    assert.match(error.message, /known_hosts:2 says SHA256:\S+$/);
    assert.ok(error.message.includes(ed25519Fingerprint));
    assert.match(error.fix ?? '', /delete ~\/\.ssh\/known_hosts:2 and run: slab trust web1$/);
  });

  it('refuses a revoked key even where it is also listed as known', () => {
    const error = check(`10.0.0.1 ssh-ed25519 ${ed25519}\n@revoked * ssh-ed25519 ${ed25519}`);

    assert.equal(error?.code, 'SLAB3305');
  });

  it('does not trust a key because it is a certificate authority', () => {
    assert.equal(check(`@cert-authority 10.0.0.1 ssh-ed25519 ${ed25519}`)?.code, 'SLAB3303');
  });

  it('looks for the port, and accepts the same key listed without it', () => {
    const moved = { ...web1, port: 2222 };

    assert.equal(check(`[10.0.0.1]:2222 ssh-ed25519 ${ed25519}`, moved), undefined);
    assert.equal(check(`10.0.0.1 ssh-ed25519 ${ed25519}`, moved), undefined);
    assert.equal(check(`10.0.0.1 ssh-ed25519 ${otherEd25519}`, moved)?.code, 'SLAB3303');
    assert.equal(check(`[10.0.0.1]:2222 ssh-ed25519 ${ed25519}`)?.code, 'SLAB3303');
  });

  it('refuses a key revoked without the port', () => {
    const moved = { ...web1, port: 2222 };

    assert.equal(
      check(`10.0.0.1 ssh-ed25519 ${ed25519}\n@revoked 10.0.0.1 ssh-ed25519 ${ed25519}`, moved)?.code,
      'SLAB3305',
    );
  });
});

describe('hostKeyAlgorithms', () => {
  const offered = (text: string) =>
    hostKeyAlgorithms(indexKnownHosts(parseKnownHosts('kh', text).entries), web1);

  it('offers the algorithms of known keys first', () => {
    assert.deepEqual(offered(`10.0.0.1 ecdsa-sha2-nistp256 ${ecdsa}`).slice(0, 2), [
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
    ]);
  });

  it('offers ed25519 first to a host it does not know, and never a SHA-1 signature', () => {
    assert.deepEqual(offered(''), [
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
      'rsa-sha2-512',
      'rsa-sha2-256',
    ]);
  });
});
