import { createHash, createHmac } from 'node:crypto';

/** Who asks: what `~/.aws/credentials` holds. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** A request as it will be sent. */
export interface S3Request {
  readonly method: 'PUT' | 'GET' | 'DELETE';
  /** Bucket and key in the path or the host's name, as the service has them. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** SHA-256 of the body, in hex. */
  readonly bodySha256: string;
}

/** For whom and when. */
export interface Signing {
  readonly credentials: S3Credentials;
  readonly region: string;
  /** The service's name in the signature; S3 unless it is said. */
  readonly service?: string;
  readonly at: Date;
}

/** What goes over the wire beside the body. */
export interface SignedRequest {
  /** Path and query, written as they were signed. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Signs a request with Signature Version 4, in its headers; all of them are signed. */
export function signRequest(request: S3Request, signing: Signing): SignedRequest {
  const { credentials, region, service = 's3', at } = signing;
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const { path, query } = canonicalUrl(request.url);
  const headers: Record<string, string> = {
    ...lowered(request.headers ?? {}),
    host: request.url.host,
    ...(service === 's3' ? { 'x-amz-content-sha256': request.bodySha256 } : {}),
    'x-amz-date': time,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    ...[request.method, path, query],
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    ...['', names.join(';'), request.bodySha256],
  ].join('\n');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const toSign = [ALGORITHM, time, scope.join('/'), sha256Hex(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${credentials.secretKey}`);
  const authorization = [
    `${ALGORITHM} Credential=${credentials.accessKey}/${scope.join('/')}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${hmac(key, toSign).toString('hex')}`,
  ].join(', ');
  return { path: query === '' ? path : `${path}?${query}`, headers: { ...headers, authorization } };
}

/** SHA-256 in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Path and query with everything but RFC 3986's unreserved characters escaped, once; the query in order. */
function canonicalUrl(url: URL): { readonly path: string; readonly query: string } {
  const path = url.pathname
    .split('/')
    .map((part) => escaped(decodeURIComponent(part)))
    .join('/');
  const pairs = [...url.searchParams].map(([name, value]) => [escaped(name), escaped(value)] as const);
  // By the bytes of what is escaped already, so by code units.
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const query = pairs.sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
  return { path, query: query.map(([name, value]) => `${name}=${value}`).join('&') };
}

function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
