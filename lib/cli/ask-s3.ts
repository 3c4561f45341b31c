import { randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { listingNames, refusalOf } from '../s3/answer.ts';
import { sha256Hex, signRequest, type S3Credentials } from '../s3/sign.ts';

/** A bucket, and who asks it. */
export interface S3Bucket {
  readonly url: string;
  readonly region: string;
  readonly credentials: S3Credentials;
  /** An answer that takes longer is none. */
  readonly answerMs: number;
}

const SIZE = 64 * 1024;
const MOST_ANSWER = 1024 * 1024;

/**
 * Puts an object that nobody else has into a bucket, gets it, finds it in the listing, and removes it: one request each, whatever
 * comes of it.
 * @returns what went wrong, in the service's own words, and whether the object may be left there; undefined when all went well.
 */
export async function askS3(bucket: S3Bucket): Promise<string | undefined> {
  const key = `slab-gate-${randomBytes(8).toString('hex')}`;
  const body = randomBytes(SIZE);
  const put = await send('PUT', key, bucket, body);
  if (put.wrong !== undefined && put.refused === true) return `put: ${put.wrong}`;
  const wrong =
    put.wrong === undefined ? await readBack(key, body, bucket) : `put: ${put.wrong}; it may be stored`;
  const removed = await send('DELETE', key, bucket);
  const left = removed.wrong === undefined ? undefined : `delete: ${removed.wrong}; ${key} may be left there`;
  const all = [wrong, left].filter((each) => each !== undefined);
  return all.length === 0 ? undefined : all.join('; ');
}

async function readBack(key: string, body: Uint8Array, bucket: S3Bucket): Promise<string | undefined> {
  const got = await send('GET', key, bucket);
  if (got.wrong !== undefined) return `get: ${got.wrong}`;
  const [sent, came] = [sha256Hex(body), sha256Hex(got.body)];
  if (sent !== came)
    return `get: another object came back than was put: ${got.body.length} bytes, sha256 ${came}, not ${body.length} bytes, sha256 ${sent}`;
  const listed = await send('GET', '', bucket, undefined, { 'list-type': '2', prefix: key });
  if (listed.wrong !== undefined) return `list: ${listed.wrong}`;
  return listingNames(listed.body.toString('utf8'), key) ? undefined : `list: ${key} is not in it`;
}

interface S3Answer {
  readonly body: Buffer;
  readonly wrong?: string;
  /** The service said no, so nothing was done. */
  readonly refused?: boolean;
}

/** One request on a connection of its own, one attempt. */
function send(
  method: 'PUT' | 'GET' | 'DELETE',
  key: string,
  { url: bucket, region, credentials, answerMs }: S3Bucket,
  body: Uint8Array = new Uint8Array(),
  query: Readonly<Record<string, string>> = {},
): Promise<S3Answer> {
  const url = new URL(bucket);
  url.pathname = key === '' ? url.pathname : `${url.pathname.replace(/\/$/, '')}/${key}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const signed = signRequest(
    { method, url, bodySha256: sha256Hex(body) },
    { credentials, region, at: new Date() },
  );
  const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const none = (reason: string): void => resolve({ body: Buffer.alloc(0), wrong: reason });
    const request = begin(
      {
        ...{ method, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port, path: signed.path },
        ...{ agent: false, headers: { ...signed.headers, 'content-length': body.length } },
        signal: AbortSignal.timeout(answerMs),
      },
      (response) => {
        const { statusCode = 0 } = response;
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size > MOST_ANSWER)
            request.destroy(new Error(`the answer is larger than ${MOST_ANSWER} bytes`));
        });
        response.on('error', (error) => none(reasonOf(error, answerMs, statusCode)));
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          if (statusCode >= 200 && statusCode < 300) resolve({ body: whole });
          else
            resolve({
              body: whole,
              wrong: refusalOf(statusCode, whole.toString('utf8')),
              refused: statusCode >= 300 && statusCode < 500,
            });
        });
      },
    );
    request.on('error', (error) => none(reasonOf(error, answerMs)));
    request.end(body);
  });
}

function reasonOf(error: Error, answerMs: number, status?: number): string {
  const when = status === undefined ? '' : `${status}, then `;
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return `${when}no answer within ${answerMs / 1000} s`;
  return `${when}no answer: ${error.message === 'aborted' ? 'the connection was cut in its middle' : error.message}`;
}
