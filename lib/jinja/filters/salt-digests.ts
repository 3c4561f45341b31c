import { createHash, createHmac } from 'node:crypto';
import { PyError, typeError, valueError } from '../python/error.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { Undefined } from '../python/undefined.ts';
import { typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

/** Salt's filters of digests, base 64 and UUIDs. They take texts, nothing else. */
export const digestFilters: readonly Native[] = [
  native('base64_encode', 'instr', ([value]) => bytesOf(value).toString('base64')),
  native('base64_decode', 'instr', ([value]) => decodeBase64(bytesOf(value))),
  ...['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) =>
    native(algorithm, 'instr', ([value]) => createHash(algorithm).update(bytesOf(value)).digest('hex')),
  ),
  native(
    'hmac',
    'string shared_secret challenge_hmac',
    ([value, secret, challenge]) =>
      createHmac('sha256', bytesOf(secret)).update(bytesOf(value)).digest('base64') ===
      bytesOf(challenge).toString('utf8'),
  ),
  native('hmac_compute', 'string shared_secret', ([value, secret]) =>
    createHmac('sha256', bytesOf(secret)).update(bytesOf(value)).digest('hex'),
  ),
  native('uuid', 'val', ([value]) => uuidOf(bytesOf(value))),
];

function bytesOf(value: Val | undefined): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (value instanceof Undefined) value.fail();
  typeError(`expected str, bytes, or bytearray not <class '${typeName(value ?? null)}'>`);
}

/** Python's lenient `b64decode`: what is no letter of base 64 is left out, the padding ends the text and has to be there. */
function decodeBase64(bytes: Buffer): string {
  let letters = '';
  let padding = 0;
  for (const char of bytes.toString('latin1')) {
    if (char === '=') {
      if (letters.length % 4 >= 2 && (letters.length % 4) + ++padding >= 4) return decodeLetters(letters);
    } else if (/[A-Za-z0-9+/]/.test(char)) {
      letters += char;
      padding = 0;
    }
  }
  if (letters.length % 4 === 1)
    valueError(
      `Invalid base64-encoded string: number of data characters (${letters.length}) cannot be 1 more than a multiple of 4`,
    );
  if (letters.length % 4 > 0) valueError('Incorrect padding');
  return decodeLetters(letters);
}

function decodeLetters(letters: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(letters, 'base64'));
  } catch {
    throw new PyError('ValueError', 'what this decodes to is no text in UTF-8', {
      fix: 'templates hold texts only: let the host decode it, or write the file with `file.decode`',
    });
  }
}

/** The namespace of Salt's UUIDs. */
const NAMESPACE = Buffer.from('91633ebf1c865e33935a28061f4b480e', 'hex');

/** A UUID of version 5 (RFC 4122, section 4.3). */
function uuidOf(name: Buffer): string {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
