import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  fingerprint,
  hashedHostField,
  indexKnownHosts,
  parseKnownHosts,
} from '../../lib/transport/known-hosts.ts';
import { ecdsa, ecdsaFingerprint, ed25519, ed25519Fingerprint, hashedByKeygen } from './keys.ts';

function linesFor(text: string, name: string): readonly number[] {
  return indexKnownHosts(parseKnownHosts('known_hosts', text).entries)
    .find(name)
    .map((entry) => entry.line);
}

describe('parseKnownHosts', () => {
  it('reads markers, hosts, type and key, and leaves comments and empty lines out', () => {
    const text = `# ours\n\nweb1,10.0.0.1 ssh-ed25519 ${ed25519} root@web1\n\t@revoked * ecdsa-sha2-nistp256 ${ecdsa}\r\n`;

    const { entries, problems } = parseKnownHosts('kh', text);

    assert.deepEqual(problems, []);
    assert.deepEqual(entries, [
      { file: 'kh', line: 3, marker: undefined, hosts: 'web1,10.0.0.1', type: 'ssh-ed25519', key: ed25519 },
      {
        file: 'kh',
        line: 4,
        marker: 'revoked',
        hosts: '*',
        type: 'ecdsa-sha2-nistp256',
        key: ecdsa.replace(/=+$/, ''),
      },
    ]);
  });

  it('names every line it cannot use, with the reason', () => {
    const text = [
      'web1',
      `web1 ssh-rsa ${ed25519}`,
      'web1 ssh-ed25519 AAAA',
      `@trusted web1 ssh-ed25519 ${ed25519}`,
      `|1|nohash ssh-ed25519 ${ed25519}`,
      'web1 1024 35 1234567890',
    ].join('\n');

    const { entries, problems } = parseKnownHosts('kh', text);

    assert.deepEqual(entries, []);
    assert.deepEqual(
      problems.map(({ line, reason }) => `${line} ${reason}`),
      [
        '1 it needs a host, a key type and a key',
        '2 its key is damaged or not of type ssh-rsa',
        '3 its key is damaged or not of type ssh-ed25519',
        '4 unknown marker @trusted',
        '5 its hashed host name is damaged',
        '6 its key is damaged or not of type 1024',
      ],
    );
  });

  it('never throws, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        indexKnownHosts(parseKnownHosts('kh', text).entries).find('web1');
      }),
    );
  });
});

describe('indexKnownHosts', () => {
  it('finds a name among several, in whatever case', () => {
    assert.deepEqual(linesFor(`Web1,10.0.0.1 ssh-ed25519 ${ed25519}`, 'WEB1'), [1]);
    assert.deepEqual(linesFor(`web1,10.0.0.1 ssh-ed25519 ${ed25519}`, '10.0.0.1'), [1]);
    assert.deepEqual(linesFor(`web1,10.0.0.1 ssh-ed25519 ${ed25519}`, 'web'), []);
  });

  it('takes a port as a part of the name', () => {
    assert.deepEqual(linesFor(`[web1]:2222 ssh-ed25519 ${ed25519}`, '[web1]:2222'), [1]);
    assert.deepEqual(linesFor(`[web1]:2222 ssh-ed25519 ${ed25519}`, 'web1'), []);
  });

  it('matches patterns as a whole, and dots as dots', () => {
    assert.deepEqual(linesFor(`*.example ssh-ed25519 ${ed25519}`, 'web1.example'), [1]);
    assert.deepEqual(linesFor(`*.example ssh-ed25519 ${ed25519}`, 'web1xexample'), []);
    assert.deepEqual(linesFor(`web? ssh-ed25519 ${ed25519}`, 'web12'), []);
    assert.deepEqual(linesFor(`[*]:2222 ssh-ed25519 ${ed25519}`, '[web1]:2222'), [1]);
  });

  it('lets a negated pattern win over all others', () => {
    assert.deepEqual(linesFor(`*.example,!db.example ssh-ed25519 ${ed25519}`, 'db.example'), []);
    assert.deepEqual(linesFor(`!db.example,*.example ssh-ed25519 ${ed25519}`, 'web.example'), [1]);
    assert.deepEqual(linesFor(`!db.example ssh-ed25519 ${ed25519}`, 'web.example'), []);
  });

  it('finds names that ssh-keygen -H hashed', () => {
    assert.deepEqual(linesFor(hashedByKeygen, 'web1.example'), [1]);
    assert.deepEqual(linesFor(hashedByKeygen, '[10.0.0.7]:2222'), [2]);
    assert.deepEqual(linesFor(hashedByKeygen, '10.0.0.7'), []);
  });

  it('gives entries in the order of the files, plain and hashed mixed', () => {
    const text = `${hashedByKeygen}\nweb1.example ssh-ed25519 ${ed25519}\nweb1.* ecdsa-sha2-nistp256 ${ecdsa}`;

    assert.deepEqual(linesFor(text, 'web1.example'), [1, 3, 4]);
  });

  it('finds again what hashedHostField hashed', () => {
    fc.assert(
      fc.property(fc.domain(), fc.uint8Array({ minLength: 20, maxLength: 20 }), (name, salt) => {
        assert.deepEqual(
          linesFor(`${hashedHostField(name, Buffer.from(salt))} ssh-ed25519 ${ed25519}`, name),
          [1],
        );
      }),
    );
  });
});

describe('fingerprint', () => {
  it('is what ssh-keygen -l shows', () => {
    assert.equal(fingerprint(ed25519), ed25519Fingerprint);
    assert.equal(fingerprint(Buffer.from(ecdsa, 'base64')), ecdsaFingerprint);
  });
});
