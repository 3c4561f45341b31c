/** One entry of a file like /etc/fstab: fstab(5). Blanks in its fields are plain here. */
export interface FstabEntry {
  readonly device: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly dump: number;
  readonly pass: number;
}

/** A line as it is, and what it says; comments and empty lines say nothing. */
export interface FstabLine {
  readonly number: number;
  readonly text: string;
  readonly entry?: FstabEntry;
  /** Why it says nothing although it should. */
  readonly broken?: string;
}

/** Reads a file like /etc/fstab line by line. */
export function parseFstab(text: string): readonly FstabLine[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, at) => ({ number: at + 1, text: line, ...meaning(line) }));
}

function meaning(line: string): Pick<FstabLine, 'entry' | 'broken'> {
  const plain = line.trim();
  if (plain === '' || plain.startsWith('#')) return {};
  const [device = '', point, type, options = 'defaults', dump = '0', pass = '0', ...more] =
    plain.split(/[ \t]+/);
  if (point === undefined || type === undefined) return { broken: 'it has less than three fields' };
  if (more.length > 0 && more[0]?.startsWith('#') !== true) return { broken: 'it has more than six fields' };
  if (!/^[0-9]+$/.test(dump) || !/^[0-9]+$/.test(pass))
    return { broken: 'its fifth or sixth field is no number' };
  const entry = {
    ...{ device: unescape(device), point: pathOf(unescape(point)), type },
    ...{ options: unescape(options).split(','), dump: Number(dump), pass: Number(pass) },
  };
  return { entry };
}

/** The line of an entry. */
export function fstabLine({ device, point, type, options, dump, pass }: FstabEntry): string {
  const fields = [escape(device), escape(point), type, escape(options.join(',')), String(dump), String(pass)];
  return fields.join('\t');
}

/** Whether two entries say the same; the order of options counts, since the last of two that exclude each other holds. */
export function sameEntry(one: FstabEntry, other: FstabEntry): boolean {
  return fstabLine(one) === fstabLine(other);
}

/** A path without the slash at its end. */
export function pathOf(path: string): string {
  return path === '/' ? path : path.replace(/\/+$/, '');
}

/** Blanks, tabs, newlines and backslashes are written in octal. */
export function escape(text: string): string {
  return text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
