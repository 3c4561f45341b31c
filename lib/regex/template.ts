import { controlCode } from './parse-escape.ts';
import { PatternError } from './pattern-error.ts';
import { isIdentifier, quoted, Scanner } from './scanner.ts';

/** A replacement: texts, and numbers of groups. */
export type Template = readonly (string | number)[];

/** What a replacement needs to know of its pattern. */
interface PatternGroups {
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
}

/** Reads Python's replacement text: `\1`, `\g<name>`, control letters and octal codes. @throws PatternError */
export function parseTemplate(text: string, groups: PatternGroups): Template {
  if (!text.includes('\\')) return [text];
  const scanner = new Scanner(text);
  const parts: (string | number)[] = [];
  for (let unit = scanner.get(); unit !== undefined; unit = scanner.get())
    parts.push(unit.startsWith('\\') ? escaped(scanner, unit, groups) : unit);
  return parts;
}

/** The replacement of one match. */
export function expandTemplate(template: Template, groups: readonly (string | undefined)[]): string {
  return template.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('');
}

function escaped(scanner: Scanner, unit: string, groups: PatternGroups): string | number {
  const letter = unit.slice(1);
  if (letter === 'g') return namedGroup(scanner, groups);
  if (letter === '0') {
    const digits = letter + scanner.getWhile(2, /^[0-7]$/);
    return String.fromCodePoint(Number.parseInt(digits, 8) & 0xff);
  }
  if (/^[1-9]$/.test(letter)) return numbered(scanner, unit, groups);
  const control = controlCode(letter);
  if (control !== undefined) return String.fromCodePoint(control);
  if (/^[a-zA-Z]$/.test(letter)) throw scanner.error(`bad escape ${unit}`, unit.length);
  return unit;
}

function numbered(scanner: Scanner, unit: string, groups: PatternGroups): string | number {
  let all = unit + scanner.getWhile(1, /^[0-9]$/);
  if (/^\\[1-7][0-7]$/.test(all) && scanner.next !== undefined && /^[0-7]$/.test(scanner.next)) {
    all += scanner.get() ?? '';
    const code = Number.parseInt(all.slice(1), 8);
    if (code > 0o377) throw scanner.error(`octal escape value ${all} outside of range 0-0o377`, all.length);
    return String.fromCodePoint(code);
  }
  return checked(scanner, Number(all.slice(1)), all.length - 1, groups);
}

function namedGroup(scanner: Scanner, groups: PatternGroups): number {
  if (!scanner.match('<')) throw scanner.error('missing <');
  const name = scanner.getUntil('>', 'group name');
  const length = Array.from(name).length;
  if (isIdentifier(name)) {
    const group = groups.names.get(name);
    if (group === undefined) throw new PatternError(`unknown group name ${quoted(name)}`, scanner.chars);
    return group;
  }
  if (!/^\s*\+?\d+(?:_\d+)*\s*$/.test(name))
    throw scanner.error(`bad character in group name ${quoted(name)}`, length + 1);
  return checked(scanner, Number(name.replaceAll('_', '')), length + 1, groups);
}

function checked(scanner: Scanner, group: number, offset: number, groups: PatternGroups): number {
  if (group > groups.groupCount) throw scanner.error(`invalid group reference ${group}`, offset);
  return group;
}
