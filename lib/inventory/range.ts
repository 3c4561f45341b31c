/** How many names one range may stand for: a typing mistake must not fill the memory. */
const MOST_NAMES = 100_000;

/** The names a range stands for, or what is wrong with it. */
type Expansion =
  | { readonly names: readonly string[]; readonly problem?: undefined }
  | { readonly names?: undefined; readonly problem: string };

/**
 * Expands `web[001:300]`, `db-[a:c]`, `r[1:2]-n[01:10]`, `[1:9:2]` (a step) and what slab prints, `web[001-076,078]`.
 * Zeros in front of the first number give the width; of several brackets the last runs fastest. Text without brackets
 * is one name.
 */
export function expandRange(text: string): Expansion {
  const parts = splitBrackets(text);
  if (parts === undefined) return { problem: 'a bracket is not closed, or closes nothing' };
  let names: readonly string[] = [''];
  for (const { literal, range } of parts) {
    const choices = range === undefined ? { names: [''] } : expandBracket(range);
    if (choices.names === undefined) return choices;
    if (names.length * choices.names.length > MOST_NAMES)
      return { problem: `it stands for more than ${MOST_NAMES} names` };
    names = names.flatMap((name) => choices.names.map((choice) => name + literal + choice));
  }
  return { names };
}

/** Whether the text holds brackets, so that it may stand for several names. */
export function isRange(text: string): boolean {
  return /[[\]]/.test(text);
}

interface Part {
  readonly literal: string;
  readonly range: string | undefined;
}

function splitBrackets(text: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf('[', at);
    const literal = text.slice(at, open < 0 ? undefined : open);
    if (literal.includes(']')) return undefined;
    if (open < 0) return [...parts, { literal, range: undefined }];
    const close = text.indexOf(']', open);
    if (close < 0) return undefined;
    parts.push({ literal, range: text.slice(open + 1, close) });
    at = close + 1;
  }
}

function expandBracket(range: string): Expansion {
  if (!/[:,-]/.test(range)) return { problem: `[${range}] is no range: write [first:last]` };
  const names: string[] = [];
  for (const piece of range.split(',')) {
    const expansion = expandPiece(piece.trim());
    if (expansion.names === undefined) return expansion;
    if (names.length + expansion.names.length > MOST_NAMES)
      return { problem: `it stands for more than ${MOST_NAMES} names` };
    for (const name of expansion.names) names.push(name);
  }
  return { names };
}

function expandPiece(piece: string): Expansion {
  const numbers = /^([0-9]{1,15})(?:[:-]([0-9]{1,15})(?::([0-9]{1,9}))?)?$/.exec(piece);
  if (numbers !== null) {
    const [, first = '', last = first, step = '1'] = numbers;
    return count({ first: Number(first), last: Number(last), step: Number(step) }, piece, (number) =>
      String(number).padStart(first.startsWith('0') ? first.length : 0, '0'),
    );
  }
  const letters =
    /^([a-z])(?:[:-]([a-z])(?::([0-9]{1,9}))?)?$|^([A-Z])(?:[:-]([A-Z])(?::([0-9]{1,9}))?)?$/.exec(piece);
  if (letters === null) return { problem: `"${piece}" is neither numbers (01:20) nor letters (a:f)` };
  const first = letters[1] ?? letters[4] ?? '';
  const last = letters[2] ?? letters[5] ?? first;
  const step = letters[3] ?? letters[6] ?? '1';
  const bounds = { first: first.charCodeAt(0), last: last.charCodeAt(0), step: Number(step) };
  return count(bounds, piece, (code) => String.fromCharCode(code));
}

interface Bounds {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

function count({ first, last, step }: Bounds, piece: string, write: (number: number) => string): Expansion {
  if (last < first) return { problem: `"${piece}" counts down: write the smaller end first` };
  if (step === 0) return { problem: `"${piece}" has a step of 0` };
  const length = Math.floor((last - first) / step) + 1;
  if (length > MOST_NAMES) return { problem: `it stands for more than ${MOST_NAMES} names` };
  return { names: Array.from({ length }, (_, index) => write(first + index * step)) };
}
