import type { Scalar } from '../model/value.ts';
import type { Problem } from './problem.ts';
import { parseBoolText, parseFloatText, parseIntText, resolvePlain } from './resolve.ts';

/** What `!!` stands for. */
export const STANDARD_TAG = 'tag:yaml.org,2002:';

/** The value of a scalar, or what is wrong with it. */
type ScalarReading = Scalar | { readonly problem: Problem };

/** Reads the text of a scalar under its tag; without one, or under `!`, plain text is resolved and other text is a string. */
export function readScalarText(
  text: string,
  isPlain: boolean,
  tag: string | undefined,
  isKey: boolean,
): ScalarReading {
  if (tag === undefined && !isPlain) return text;
  if (tag === undefined || tag === '!') {
    if (text === '=' && isKey) return text;
    if (text === '=' || text === '<<') return { problem: reserved(text) };
    const value = resolvePlain(text);
    return value === undefined ? { problem: notANumber(text) } : value;
  }
  if (!tag.startsWith(STANDARD_TAG)) return { problem: unknownTag(tag) };
  const name = tag.slice(STANDARD_TAG.length);
  switch (name) {
    case 'str':
    case 'timestamp':
    case 'python/unicode':
      return text;
    case 'null':
      return null;
    case 'bool':
      return parseBoolText(text) ?? { problem: wrongText(name, text, 'true') };
    case 'int':
      return parseIntText(text) ?? { problem: wrongText(name, text, '12') };
    case 'float':
      return parseFloatText(text) ?? { problem: wrongText(name, text, '1.5') };
    case 'binary':
      return decodeBinary(text);
    case 'map':
    case 'omap':
    case 'seq':
      return { problem: wrongType(name, 'a scalar') };
    default:
      return { problem: unknownTag(tag) };
  }
}

/** What is wrong with the tag of a collection; undefined when nothing is. */
export function checkCollectionTag(tag: string, type: 'list' | 'map'): Problem | undefined {
  if (tag === '!') return undefined;
  const name = tag.startsWith(STANDARD_TAG) ? tag.slice(STANDARD_TAG.length) : '';
  const fits = type === 'list' ? name === 'seq' : name === 'map' || name === 'omap';
  if (fits) return undefined;
  if (name === 'omap')
    return { ...wrongType(name, 'a list'), fix: 'leave the tag out and write a mapping: its order is kept' };
  if (['seq', 'map', 'str', 'int', 'float', 'bool', 'null', 'binary', 'timestamp'].includes(name))
    return wrongType(name, type === 'list' ? 'a list' : 'a mapping');
  return unknownTag(tag);
}

function decodeBinary(text: string): ScalarReading {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(compact) && compact.length % 4 === 0;
  if (!isBase64) return { problem: wrongText('binary', text, 'aGVsbG8=') };
  const bytes = Buffer.from(compact, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return {
      problem: {
        summary: '!!binary holds bytes that are not UTF-8 text',
        why: 'values are text, so arbitrary bytes cannot be kept',
        fix: 'keep the data in a file of the state tree and name it by salt://',
      },
    };
  }
}

function reserved(text: string): Problem {
  return {
    summary: `${text} alone cannot be a value`,
    why: text === '=' ? 'YAML 1.1 reserves it' : 'it is the merge key and belongs in front of a colon',
    fix: `put it in quotes: "${text}"`,
  };
}

function notANumber(text: string): Problem {
  return {
    summary: `${excerpt(text)} looks like a number and is none`,
    fix: `put it in quotes if it is text: "${excerpt(text)}"`,
  };
}

function wrongText(name: string, text: string, example: string): Problem {
  return {
    summary: `${excerpt(text)} is not what the tag !!${name} promises`,
    fix: `write something like !!${name} ${example}, or leave the tag out`,
  };
}

function wrongType(name: string, found: string): Problem {
  return { summary: `the tag !!${name} stands in front of ${found}`, fix: 'leave the tag out' };
}

function unknownTag(tag: string): Problem {
  const shown = tag.startsWith(STANDARD_TAG) ? `!!${tag.slice(STANDARD_TAG.length)}` : tag;
  return {
    summary: `the tag ${excerpt(shown)} is not known`,
    why: 'known are !!str, !!int, !!float, !!bool, !!null, !!binary, !!seq, !!map and !!omap',
    fix: 'leave the tag out; put the value in quotes if the "!" belongs to it',
  };
}

function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
