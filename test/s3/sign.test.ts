import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { sha256Hex, signRequest, type S3Request } from '../../lib/s3/sign.ts';

const EMPTY = sha256Hex('');

/** The signature alone. */
const signatureOf = (headers: Readonly<Record<string, string>>): string =>
  /Signature=(\w+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';

describe('signing for S3', () => {
  // As printed in "Authenticating Requests: Using the Authorization Header" of the S3 API reference.
  const credentials = {
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const host = 'https://examplebucket.s3.amazonaws.com';
  const published: readonly (readonly [string, S3Request, string])[] = [
    [
      'the part of an object',
      {
        method: 'GET',
        url: new URL(`${host}/test.txt`),
        headers: { Range: 'bytes=0-9' },
        bodySha256: EMPTY,
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'an upload',
      {
        method: 'PUT',
        url: new URL(`${host}/test$file.text`),
        headers: {
          Date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        bodySha256: sha256Hex('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'a query without a value',
      { method: 'GET', url: new URL(`${host}/?lifecycle`), bodySha256: EMPTY },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a listing',
      { method: 'GET', url: new URL(`${host}/?prefix=J&max-keys=2`), bodySha256: EMPTY },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ];
  for (const [what, request, expected] of published)
    it(`gives the published signature of ${what}`, () => {
      const at = new Date('2013-05-24T00:00:00Z');

      const { headers } = signRequest(request, { credentials, region: 'us-east-1', at });

      assert.equal(signatureOf(headers), expected);
    });

  it('gives the published signature of the plainest request of another service', () => {
    const { headers } = signRequest(
      { method: 'GET', url: new URL('https://example.amazonaws.com/'), bodySha256: EMPTY },
      {
        credentials: {
          accessKey: 'AKIDEXAMPLE',
          secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        },
        ...{ region: 'us-east-1', service: 'service', at: new Date('2015-08-30T12:36:00Z') },
      },
    );

    assert.equal(signatureOf(headers), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  });

  it('gives what botocore gives, for whatever key, query, region and secret', function () {
    this.timeout(60_000);
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => text.replaceAll('/', '-'));
    const word = fc.stringMatching(/^[a-zA-Z0-9+/=%:_-]{1,30}$/);
    const one = fc.record({
      method: fc.constantFrom('PUT' as const, 'GET' as const, 'DELETE' as const),
      host: fc.constantFrom('s3.lab', '192.0.2.7:8080', '[2001:db8::1]:9000'),
      keys: fc
        .array(name, { minLength: 1, maxLength: 3 })
        .filter((keys) => keys.every((key) => !/^\.+$/.test(key))),
      query: fc.uniqueArray(fc.tuple(name, name), { maxLength: 3, selector: ([key]) => key }),
      accessKey: word,
      secretKey: word,
      token: fc.option(word, { nil: undefined }),
      region: fc.constantFrom('us-east-1', 'garage'),
      body: fc.string({ unit: 'grapheme' }),
      at: fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
    });
    const samples = fc.sample(one, 500).map(({ keys, host: of, query, ...rest }) => {
      const escape = (text: string): string => encodeURIComponent(text);
      const path = keys.map(escape).join('/');
      const asked = query.map(([key, value]) => `${escape(key)}=${escape(value)}`).join('&');
      return { ...rest, url: `http://${of}/${path}${asked === '' ? '' : `?${asked}`}` };
    });
    const ours = samples.map(({ method, url, accessKey, secretKey, token, region, body, at }) =>
      signRequest(
        { method, url: new URL(url), bodySha256: sha256Hex(body) },
        {
          credentials: { accessKey, secretKey, ...(token === undefined ? {} : { sessionToken: token }) },
          ...{ region, at },
        },
      ),
    );

    const theirs = spawnSync('/usr/bin/python3', [join(import.meta.dirname, 'botocore-signs.py')], {
      input: samples
        .map((sample, index) =>
          JSON.stringify({ ...sample, sent: ours[index]?.path, at: sample.at.toISOString() }),
        )
        .join('\n'),
      encoding: 'utf8',
    });

    assert.equal(theirs.status, 0, `apt install python3-botocore\n${theirs.stderr}`);
    assert.deepEqual(
      ours.map(({ headers }) => headers['authorization']),
      theirs.stdout.trimEnd().split('\n'),
    );
  });
});
