import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { askS3 } from '../../lib/cli/ask-s3.ts';
import { readCredentials } from '../../lib/s3/credentials.ts';
import { S3_KEYS, withS3 } from '../support/s3-server.ts';

describe('asking an S3 service', function () {
  this.timeout(30_000);
  const server = withS3();
  const ask = (bucket: string, more: { readonly keys?: string; readonly url?: string } = {}) => {
    const credentials = readCredentials(more.keys ?? S3_KEYS);
    assert.ok(credentials);
    return askS3({ url: more.url ?? server.url(bucket), region: 'lab-1', credentials, answerMs: 5000 });
  };

  it('puts, gets, lists and removes an object, one request each', async () => {
    const wrong = await ask('good');

    assert.equal(wrong, undefined);
    assert.deepEqual(await server.requests('good'), [
      'PUT /slab-gate-KEY 200',
      'GET /slab-gate-KEY 200',
      'GET ?list-type=2&prefix=slab-gate-KEY 200',
      'DELETE /slab-gate-KEY 204',
    ]);
  });

  const cases: readonly (readonly [string, string, RegExp, readonly string[]])[] = [
    [
      'says the code of a service that is busy, and does not try again',
      'busy',
      /^put: 503 SlowDown: Please reduce your request rate\.; it may be stored; delete: 503 SlowDown.*; slab-gate-\w+ may be left there$/,
      ['PUT /slab-gate-KEY 503', 'DELETE /slab-gate-KEY 503'],
    ],
    [
      'removes what may have been stored when the answer was lost',
      'lost',
      /^put: no answer: .*; it may be stored$/,
      ['PUT /slab-gate-KEY -', 'DELETE /slab-gate-KEY 204'],
    ],
    [
      'tells an object that came back with one bit flipped',
      'flips',
      /^get: another object came back than was put: 65536 bytes, sha256 [0-9a-f]{64}, not 65536 bytes/,
      ['PUT /slab-gate-KEY 200', 'GET /slab-gate-KEY 200', 'DELETE /slab-gate-KEY 204'],
    ],
    [
      'tells an object that was cut, and does not ask for it again',
      'cut',
      /^get: 200, then no answer: the connection was cut in its middle$/,
      ['PUT /slab-gate-KEY 200', 'GET /slab-gate-KEY 200', 'DELETE /slab-gate-KEY 204'],
    ],
    [
      'tells a listing that lacks the object',
      'unlisted',
      /^list: slab-gate-\w+ is not in it$/,
      [
        'PUT /slab-gate-KEY 200',
        'GET /slab-gate-KEY 200',
        'GET ?list-type=2&prefix=slab-gate-KEY 200',
        'DELETE /slab-gate-KEY 204',
      ],
    ],
    [
      'names the object that could not be removed',
      'kept',
      /^delete: 403 AccessDenied: Access Denied\.; slab-gate-\w+ may be left there$/,
      [
        'PUT /slab-gate-KEY 200',
        'GET /slab-gate-KEY 200',
        'GET ?list-type=2&prefix=slab-gate-KEY 200',
        'DELETE /slab-gate-KEY 403',
      ],
    ],
  ];
  for (const [what, bucket, said, requests] of cases)
    it(what, async () => {
      const wrong = await ask(bucket);

      assert.match(wrong ?? '', said);
      assert.deepEqual(await server.requests(bucket), requests);
    });

  it('says that a secret is wrong, and leaves nothing to remove', async () => {
    const wrong = await ask('shut', { keys: S3_KEYS.replace('of+the', 'of-the') });

    assert.equal(wrong, 'put: 403 SignatureDoesNotMatch: The signature is not the one that was calculated.');
    assert.deepEqual(await server.requests('shut'), ['PUT /slab-gate-KEY 403']);
  });

  it('says that nobody listens', async () => {
    const wrong = await ask('', { url: 'http://127.0.0.1:1/bucket' });

    assert.match(wrong ?? '', /^put: no answer: connect ECONNREFUSED/);
  });
});

describe('keys as the usual client keeps them', () => {
  it('are those of the default section', () => {
    const text = `# mine\n[other]\naws_access_key_id = A\n[default]\naws_access_key_id=B:c\naws_secret_access_key = d=e/f\n`;

    assert.deepEqual(readCredentials(text), { accessKey: 'B:c', secretKey: 'd=e/f' });
  });

  it('are none when one of the two is missing', () => {
    assert.equal(readCredentials('[default]\naws_access_key_id = A\n'), undefined);
  });
});
