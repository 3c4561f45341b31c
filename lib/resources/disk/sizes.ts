const UNITS = ['', 'K', 'M', 'G', 'T', 'P'];

/** `14T`, `500GB`: decimal, as on the disk's label; `14TiB`: binary. */
function parseBytes(text: string): number {
  const [, number = '0', unit = '', binary] = /^([0-9.]+)([KMGTP]?)(i?)B?$/.exec(text) ?? [];
  return Math.round(Number(number) * (binary === 'i' ? 1024 : 1000) ** UNITS.indexOf(unit));
}

/** `14T..18T`, both ends included; a single size means 3 % more or less. */
export function parseRange(text: string): { readonly min: number; readonly max: number } {
  const [from = '', to] = text.split('..');
  const min = parseBytes(from);
  return to === undefined
    ? { min: Math.floor(min * 0.97), max: Math.ceil(min * 1.03) }
    : { min, max: parseBytes(to) };
}
