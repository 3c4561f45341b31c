/** A name cut at the number in which its neighbours differ. */
interface Numbered {
  readonly head: string;
  readonly digits: string;
  readonly tail: string;
}

interface Piece {
  readonly text: string;
  readonly hosts: number;
}

/**
 * Writes host names as ranges: `web[001-076,078-209] lb-1`. Order: as the names sort, numbers by value; doubles once.
 * The number that varies is the last one of the first label (`web01.example.org`), of the whole name for an address.
 * @param limit how many pieces (ranges or single names) may be written; beyond it the first six, then `and 31 more`.
 */
export function foldHosts(names: readonly string[], limit = 8): string {
  const families = gatherFamilies(new Set(names));
  const total = families.reduce((sum, family) => sum + family.pieces.length, 0);
  if (total <= limit) return families.map((family) => writeFamily(family, family.pieces)).join(' ');

  let room = Math.max(1, Math.min(6, limit));
  const written: string[] = [];
  let left = 0;
  for (const family of families) {
    const shown = family.pieces.slice(0, room);
    room -= shown.length;
    if (shown.length > 0) written.push(writeFamily(family, shown));
    for (const piece of family.pieces.slice(shown.length)) left += piece.hosts;
  }
  return `${written.join(' ')} and ${left} more`;
}

/** Names all hosts, none left out: a few one by one, many as ranges. */
export function nameHosts(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : foldHosts(names, Infinity);
}

/** Names with the same head, tail and way of writing numbers. */
interface Family {
  readonly head: string;
  readonly tail: string;
  readonly pieces: readonly Piece[];
  readonly plain: boolean;
}

function gatherFamilies(names: ReadonlySet<string>): readonly Family[] {
  const byShape = new Map<string, Numbered[]>();
  const families: Family[] = [];
  for (const name of names) {
    const cut = cutNumber(name);
    if (!cut) families.push({ head: name, tail: '', plain: true, pieces: [{ text: '', hosts: 1 }] });
    else {
      const shape = `${cut.head}\n${cut.tail}`;
      byShape.set(shape, [...(byShape.get(shape) ?? []), cut]);
    }
  }
  for (const members of byShape.values()) families.push(...familiesOf(members));
  return families.sort((a, b) => compareNames(a.head + a.tail, b.head + b.tail));
}

/** `01` and `001` are different names: numbers are folded only among those written equally wide. */
function familiesOf(members: readonly Numbered[]): readonly Family[] {
  const padded = new Set(members.filter((m) => m.digits.startsWith('0')).map((m) => m.digits.length));
  const byWidth = new Map<number, Numbered[]>();
  for (const member of members) {
    const width = padded.has(member.digits.length) ? member.digits.length : 0;
    byWidth.set(width, [...(byWidth.get(width) ?? []), member]);
  }
  return [...byWidth.values()].map((same) => {
    const { head, tail } = same[0] ?? { head: '', tail: '' };
    return { head, tail, plain: false, pieces: rangesOf(same.map((m) => m.digits)) };
  });
}

function rangesOf(digits: readonly string[]): readonly Piece[] {
  const sorted = [...digits].sort((a, b) => Number(a) - Number(b));
  const pieces: Piece[] = [];
  let from = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (Number(sorted[i + 1]) === Number(sorted[i]) + 1) continue;
    const first = sorted[from] ?? '';
    const last = sorted[i] ?? '';
    pieces.push({ text: from === i ? first : `${first}-${last}`, hosts: i - from + 1 });
    from = i + 1;
  }
  return pieces;
}

function writeFamily(family: Family, shown: readonly Piece[]): string {
  if (family.plain) return family.head;
  const inside = shown.map((piece) => piece.text).join(',');
  return /^\d+$/.test(inside)
    ? family.head + inside + family.tail
    : `${family.head}[${inside}]${family.tail}`;
}

function cutNumber(name: string): Numbered | undefined {
  const label = /^\d+(\.\d+){3}$/.test(name) ? name : name.slice(0, (name + '.').indexOf('.'));
  const found = /^(.*?)(\d{1,15})(\D*)$/s.exec(label);
  if (!found) return undefined;
  const [, head = '', digits = '', tail = ''] = found;
  // A longer run of digits would be cut in its middle.
  if (/\d$/.test(head) && digits.length === 15) return undefined;
  return { head, digits, tail: tail + name.slice(label.length) };
}

/** Order of names as people expect it: web2 before web10. */
export function compareNames(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? '', right[i] ?? ''];
    if (x === y) continue;
    if (i % 2 === 1 && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}
