import type { Scalar } from '../model/value.ts';
import { resolvePlain } from './resolve.ts';

/** In which styles a scalar can be written and read back as what it is. */
export interface ScalarAnalysis {
  readonly hasBreaks: boolean;
  readonly allowsFlowPlain: boolean;
  readonly allowsBlockPlain: boolean;
  readonly allowsSingleQuotes: boolean;
}

const BREAKS = '\n\r\x85\u2028\u2029';
const BLANKS = '\0 \t\r\n\x85\u2028\u2029';
/** Text that PyYAML reads as a date, if not Salt. */
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** Decides by the rules of libyaml, which Salt writes YAML with, how a scalar may be written. */
export function analyzeScalar(text: string, isString: boolean): ScalarAnalysis {
  const isPlainSafe = !isString || readsAsString(text);
  if (text === '')
    return {
      hasBreaks: false,
      allowsFlowPlain: false,
      allowsBlockPlain: isPlainSafe,
      allowsSingleQuotes: true,
    };

  const hasBreaks = /[\n\x85\u2028\u2029]/.test(text);
  const isEdged = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const hasBreakSpace = /[\n\x85\u2028\u2029] /.test(text);
  const hasSpaceBreak = / [\n\x85\u2028\u2029]/.test(text);
  const isSpecial = Array.from(text).some((char) => !isPrintable(char));
  const isClean = !isEdged && !hasBreakSpace && !hasSpaceBreak && !isSpecial && !hasBreaks && isPlainSafe;
  const { inBlock, inFlow } = findIndicators(Array.from(text), /^(?:---|\.\.\.)/.test(text));
  return {
    hasBreaks,
    allowsFlowPlain: isClean && !inFlow,
    allowsBlockPlain: isClean && !inBlock,
    allowsSingleQuotes: !hasBreakSpace && !hasSpaceBreak && !isSpecial,
  };
}

/** The text of a scalar as PyYAML represents it. */
export function scalarToText(value: Scalar): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (Number.isNaN(value.float)) return '.nan';
  if (!Number.isFinite(value.float)) return value.float > 0 ? '.inf' : '-.inf';
  const text = printFloat(value.float);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

/** As Python's `repr` prints a float: exponents below -4 and from 16 on, of two digits at least. */
function printFloat(value: number): string {
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isInteger(value)) return `${String(value)}.0`;
  // JavaScript turns to exponents at 1e-7 only, so all that is left here is plain.
  return String(value);
}

function readsAsString(text: string): boolean {
  return resolvePlain(text) === text && text !== '=' && text !== '<<' && !TIMESTAMP.test(text);
}

/** Whether libyaml writes a character as it is: nothing beyond U+FFFF, no NEL, no tab. */
export function isPrintable(char: string): boolean {
  if (char === '\n') return true;
  const code = char.codePointAt(0) ?? 0;
  if (code === 0xfeff) return false;
  return (
    (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)
  );
}

/** Whether characters that mean something stand where they would. */
function findIndicators(chars: readonly string[], isMark: boolean): { inBlock: boolean; inFlow: boolean } {
  let inBlock = isMark;
  let inFlow = isMark;
  chars.forEach((char, index) => {
    const next = chars[index + 1];
    const isFollowed = next === undefined || BLANKS.includes(next);
    const isPreceded = index === 0 || BLANKS.includes(chars[index - 1] ?? '');
    if (index === 0 && '#,[]{}&*!|>\'"%@`'.includes(char)) inBlock = inFlow = true;
    if (index === 0 && '?:'.includes(char)) inFlow = true;
    if (index === 0 && '?:-'.includes(char) && isFollowed) inBlock = inFlow = true;
    if (index > 0 && ',?[]{}:'.includes(char)) inFlow = true;
    if (index > 0 && char === ':' && isFollowed) inBlock = true;
    if (index > 0 && char === '#' && isPreceded) inBlock = inFlow = true;
  });
  return { inBlock, inFlow };
}

/** Whether a character is a line break inside a scalar. */
export function isScalarBreak(char: string | undefined): boolean {
  return char !== undefined && BREAKS.includes(char);
}
