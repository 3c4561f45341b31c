/** Names that Salt takes with blanks or as a list. */
export function wordsOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
}

/** The length that a netmask means; undefined for what is none. */
export function lengthOf(mask: string): number | undefined {
  if (/^\d{1,2}$/.test(mask)) return Number(mask) <= 32 ? Number(mask) : undefined;
  const parts = mask.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  const bits = parts.map((part) => part.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

/** What Salt reads as on or off, however YAML or a person has written it; undefined for anything else. */
export function isOn(value: unknown): boolean | undefined {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 1 || ['on', 'yes', 'true', '1'].includes(word as string)) return true;
  if (word === false || word === 0 || ['off', 'no', 'false', '0'].includes(word as string)) return false;
  return undefined;
}
