import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Decrypt } from '../../lib/model/ports.ts';
import { saltOptions } from './salt-options.ts';
import { jsonOf } from './dict-of.ts';
import type { Files } from './project.ts';
import { argument, compile, place } from './project.ts';

/** A message as GnuPG writes it; `decrypt` below knows what it holds. */
const message = (text: string): string => `-----BEGIN PGP MESSAGE-----\n\n${text}\n-----END PGP MESSAGE-----`;
const block = (text: string): string => message(text).replaceAll('\n', '\n  ');

/** Turns every letter of the body round; `lost` cannot be read. */
const decrypt: Decrypt = (text) => {
  const body = text.split('\n').at(2)?.trim() ?? '';
  return body === 'lost' ? { problem: 'no secret key' } : { text: Array.from(body).toReversed().join('') };
};

const withPillar = (data: string, salt = {}, states: Files = { 'a.sls': '' }): ReturnType<typeof compile> =>
  compile({
    states,
    pillar: { 'top.sls': "base:\n  '*': [d]\n", 'd.sls': data },
    inventory: { salt: saltOptions(salt) },
    input: { decrypt },
  });

describe('the renderer gpg', () => {
  // salt/renderers/gpg.py: _decrypt_object walks values, _decrypt_ciphertexts drops newlines at the end
  it('decrypts every message in the values and hides what it found', () => {
    const result = withPillar(
      `#!yaml|gpg\na: |\n  ${block('2retnuh')}\nb: [{c: "user:${message('drowssap').replaceAll('\n', '\\n')}:x"}]\nd: 5\n`,
    );

    assert.deepEqual(result.diagnostics, []);
    assert.deepEqual(jsonOf(result.pillar), { a: 'hunter2', b: [{ c: 'user:password:x' }], d: 5 });
    assert.deepEqual(result.secrets, ['hunter2', 'password']);
  });

  it('decrypts after and before the template is rendered', () => {
    for (const line of ['#!jinja|yaml|gpg', '#!jinja|gpg|yaml', '#!gpg|jinja|yaml']) {
      const result = withPillar(
        `${line}\na: "${message('2retnuh').replaceAll('\n', '\\n')}"\nid: {{ grains.id }}\n`,
      );

      assert.deepEqual(result.diagnostics, [], line);
      assert.deepEqual(jsonOf(result.pillar), { a: 'hunter2', id: 'host1.example.com' }, line);
      assert.deepEqual(result.secrets, ['hunter2'], line);
    }
  });

  it('points into the file as it is written where a message has moved what follows', () => {
    for (const line of ['#!jinja|gpg|yaml', '#!gpg|jinja|yaml']) {
      const result = withPillar(`${line}\na: |\n  ${block('2retnuh')}\nid: {{ grains.nothing }}\n`);

      assert.deepEqual(result.diagnostics.map(place), [['SLAB2003', 'pillar/d.sls', 7, 8]], line);
    }
  });

  it('points at the message that cannot be decrypted, and says why', () => {
    const result = withPillar(`#!yaml|gpg\na: ok\nb: |\n  ${block('lost')}\n`);

    assert.deepEqual(
      result.diagnostics.map(({ severity, code, source, why }) => [severity, code, source?.line, why]),
      [['error', 'SLAB2022', 3, 'no secret key']],
    );
  });

  // salt/renderers/gpg.py: without gpg_decrypt_must_succeed the message stays
  it('leaves the message with a warning where it need not succeed', () => {
    const result = withPillar(`#!yaml|gpg\nb: |-\n  ${block('lost')}\n`, { gpg_decrypt_must_succeed: false });

    assert.deepEqual(
      result.diagnostics.map(({ severity, code }) => [severity, code]),
      [['warning', 'SLAB2022']],
    );
    assert.deepEqual(jsonOf(result.pillar), { b: message('lost') });
  });

  it('is an error where nothing can decrypt', () => {
    const result = compile({
      states: {
        'a.sls': `#!yaml|gpg\na: {test.nop: [{v: "${message('2retnuh').replaceAll('\n', '\\n')}"}]}\n`,
      },
    });

    assert.deepEqual(
      result.diagnostics.map(({ code, why }) => [code, why]),
      [['SLAB2022', 'nothing is decrypted without a project']],
    );
  });

  it('decrypts states too, and hides what it found', () => {
    const result = compile({
      states: {
        'a.sls': `#!yaml|gpg\na: {test.nop: [{v: "${message('2retnuh').replaceAll('\n', '\\n')}"}]}\n`,
      },
      input: { decrypt },
    });

    assert.equal(argument(result), 'hunter2');
    assert.deepEqual(result.secrets, ['hunter2']);
  });

  it('warns of a secret that is too short to be followed', () => {
    const result = withPillar(`#!yaml|gpg\na: |\n  ${block('nip')}\n`);

    assert.deepEqual(
      result.diagnostics.map(({ severity, code, source }) => [severity, code, source?.line]),
      [['warning', 'SLAB2021', 2]],
    );
    assert.deepEqual(result.secrets, []);
  });
});

describe('decrypt_pillar', () => {
  // salt/pillar: Pillar.decrypt_pillar
  it('decrypts the keys it names, wherever they come from', () => {
    const result = withPillar(
      `db:\n  password: "${message('2retnuh').replaceAll('\n', '\\n')}"\nall: ["${message('drowssap').replaceAll('\n', '\\n')}"]\n`,
      { decrypt_pillar: ['db:password', { all: 'gpg' }, 'absent:key'] },
    );

    assert.deepEqual(result.diagnostics, []);
    assert.deepEqual(jsonOf(result.pillar), { db: { password: 'hunter2' }, all: ['password'] });
    assert.deepEqual(result.secrets, ['hunter2', 'password']);
  });

  it('names the key that cannot be decrypted', () => {
    const result = withPillar(`a: "${message('lost').replaceAll('\n', '\\n')}"\n`, { decrypt_pillar: ['a'] });

    assert.deepEqual(
      result.diagnostics.map(({ code, summary, source }) => [code, summary, source?.file]),
      [['SLAB2022', 'the pillar key a cannot be decrypted', 'inventory.yaml']],
    );
  });
});
