/** With more pieces than this only the first few are shown: ux, lists of hosts. */
const MOST_PIECES = 8;
const SHOWN_PIECES = 6;

/** A name taken apart at its last number. */
interface Numbered {
  readonly prefix: string;
  readonly suffix: string;
  readonly number: number;
  readonly digits: string;
}

/**
 * Writes many names in few words: `web[001-076,078-209],db-a`, which a target understands. Names are taken apart at their last number;
 * equal names count once. With more than 8 pieces the first 6 are shown, then `and 31 more` with the number of
 * names left out; `limit` allows more pieces, Infinity all.
 */
export function foldHosts(names: readonly string[], limit = MOST_PIECES): string {
  const folded = groupNumbered([...new Set(names)]).flatMap(writeGroup);
  const pieceCount = folded.reduce((sum, group) => sum + group.pieces.length, 0);
  if (pieceCount <= limit) return folded.map((group) => writePieces(group)).join(',');

  let room = Math.min(SHOWN_PIECES, limit);
  let hidden = 0;
  const shown: string[] = [];
  for (const group of folded) {
    const pieces = group.pieces.slice(0, room);
    room -= pieces.length;
    for (const { size } of group.pieces.slice(pieces.length)) hidden += size;
    if (pieces.length > 0) shown.push(writePieces({ ...group, pieces }));
  }
  return shown.length === 0 ? `${hidden} hosts` : `${shown.join(',')} and ${hidden} more`;
}

interface Folded {
  readonly prefix: string;
  readonly suffix: string;
  readonly pieces: readonly { readonly text: string; readonly size: number }[];
}

function writePieces({ prefix, suffix, pieces }: Folded): string {
  const [first] = pieces;
  const isSingle = pieces.length === 1 && first?.size === 1;
  const inner = pieces.map(({ text }) => text).join(',');
  return isSingle ? prefix + inner + suffix : `${prefix}[${inner}]${suffix}`;
}

/** Groups names that differ only in their number, in the order in which the first of each came. */
function groupNumbered(names: readonly string[]): readonly (string | readonly Numbered[])[] {
  const taken = names.map(takeApart);
  const padded = new Set(
    taken.filter((part) => part !== undefined && isPadded(part)).map((part) => widthKey(part)),
  );
  const groups = new Map<string, string | Numbered[]>();
  names.forEach((name, index) => {
    const part = taken[index];
    if (part === undefined) {
      groups.set(`name ${name}`, name);
      return;
    }
    // Numbers with zeros in front belong together only at one width, or the range could not be read back.
    const key = padded.has(widthKey(part)) ? widthKey(part) : `${part.prefix}[]${part.suffix}`;
    const group = groups.get(key);
    if (Array.isArray(group)) group.push(part);
    else groups.set(key, [part]);
  });
  return [...groups.values()];
}

function takeApart(name: string): Numbered | undefined {
  // 15 digits: more would not be exact as a number.
  const match = /^([^[\]]*?)([0-9]{1,15})([^0-9[\]]*)$/.exec(name);
  if (match === null) return undefined;
  const [, prefix = '', digits = '', suffix = ''] = match;
  return { prefix, suffix, digits, number: Number(digits) };
}

function isPadded({ digits }: Numbered): boolean {
  return digits.length > 1 && digits.startsWith('0');
}

function widthKey(part: Numbered | undefined): string {
  return part === undefined ? '' : `${part.prefix}[${part.digits.length}]${part.suffix}`;
}

function writeGroup(group: string | readonly Numbered[]): readonly Folded[] {
  if (typeof group === 'string') return [{ prefix: group, suffix: '', pieces: [{ text: '', size: 1 }] }];
  const sorted = group.toSorted((a, b) => a.number - b.number);
  const [first] = sorted;
  if (first === undefined) return [];
  const pieces: { text: string; size: number }[] = [];
  let start = first;
  let end = first;
  const close = () => {
    const size = end.number - start.number + 1;
    pieces.push({ text: size === 1 ? start.digits : `${start.digits}-${end.digits}`, size });
  };
  for (const next of sorted.slice(1)) {
    if (next.number !== end.number + 1) {
      close();
      start = next;
    }
    end = next;
  }
  close();
  return [{ prefix: first.prefix, suffix: first.suffix, pieces }];
}
