/** The bits of an IP address, read from text. */
interface Bits {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** An address as the kernel prints it; undefined for what is none. IPv6 has many spellings, and this is one. */
export function canonicalAddress(text: string): string | undefined {
  const bits = bitsOf(text);
  return bits === undefined ? undefined : textOf(bits);
}

/** An address with the length of its network, as the kernel prints it; without a length it stands alone. */
export function canonicalPrefix(text: string): string | undefined {
  const read = readPrefix(text);
  return read === undefined ? undefined : `${textOf(read)}/${read.length}`;
}

/** The network of an address with a length: 10.20.0.11/24 is in 10.20.0.0/24. */
export function networkOf(text: string): string | undefined {
  const read = readPrefix(text);
  if (read === undefined) return undefined;
  const { family, value, length } = read;
  return `${textOf({ family, value: masked(value, family, length) })}/${length}`;
}

/** Whether an address lies in the network of another one with a length. */
export function isWithin(address: string, network: string): boolean {
  const bits = bitsOf(address);
  const read = readPrefix(network);
  if (bits === undefined || read === undefined || bits.family !== read.family) return false;
  const { family, value, length } = read;
  return masked(bits.value, family, length) === masked(value, family, length);
}

/** 4 or 6; whatever has a colon is 6. */
export function familyOf(text: string): 4 | 6 {
  return text.includes(':') ? 6 : 4;
}

/** An address without the length of its network. */
export function bareAddress(text: string): string {
  return text.split('/')[0] ?? text;
}

/** Whether an address has no network around it. */
export function isAlone(text: string): boolean {
  return /\/(32|128)$/.test(canonicalPrefix(text) ?? '/32');
}

/**
 * Which of the two addresses of a network that no host can have an address is: the network itself, or where all of it listens;
 * undefined for neither. Networks of one or two addresses have none (RFC 3021, RFC 6164), and IPv6 has no broadcast.
 */
export function edgeOf(text: string): 'network' | 'broadcast' | undefined {
  const read = readPrefix(text);
  if (read === undefined) return undefined;
  const { family, value, length } = read;
  const bits = (family === 4 ? 32 : 128) - length;
  if (bits < 2) return undefined;
  const host = value - masked(value, family, length);
  if (host === 0n) return 'network';
  return family === 4 && host === (1n << BigInt(bits)) - 1n ? 'broadcast' : undefined;
}

/** Whether an address counts on its own link only. */
export function isLinkLocal(text: string): boolean {
  return isWithin(bareAddress(text), 'fe80::/10') || isWithin(bareAddress(text), '169.254.0.0/16');
}

function readPrefix(text: string): (Bits & { readonly length: number }) | undefined {
  const [address = '', written, ...rest] = text.split('/');
  const bits = bitsOf(address);
  if (bits === undefined || rest.length > 0) return undefined;
  const most = bits.family === 4 ? 32 : 128;
  if (written === undefined) return { ...bits, length: most };
  const length = /^\d{1,3}$/.test(written) ? Number(written) : NaN;
  return length <= most ? { ...bits, length } : undefined;
}

function masked(value: bigint, family: 4 | 6, length: number): bigint {
  const shift = BigInt((family === 4 ? 32 : 128) - length);
  return (value >> shift) << shift;
}

function bitsOf(text: string): Bits | undefined {
  return text.includes(':') ? six(text.toLowerCase()) : four(text);
}

function four(text: string): Bits | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return { family: 4, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
}

function six(text: string): Bits | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) =>
    half === '' ? [] : half.split(':').flatMap(groupsOf),
  );
  const written = left.length + right.length;
  if ([...left, ...right].some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return undefined;
  if (halves.length === 1 ? written !== 8 : written > 7) return undefined;
  const zeros = Array.from({ length: 8 - written }, () => '0');
  const value = [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  return { family: 6, value };
}

/** An IPv4 address at the end is two groups. */
function groupsOf(group: string): readonly string[] {
  const value = group.includes('.') ? four(group)?.value : undefined;
  return value === undefined ? [group] : [(value >> 16n).toString(16), (value & 0xffffn).toString(16)];
}

function textOf({ family, value }: Bits): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => (value >> BigInt(112 - 16 * at)) & 0xffffn);
  const zeros = longestZeros(groups);
  const hex = (some: readonly bigint[]) => some.map((group) => group.toString(16)).join(':');
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.at))}::${hex(groups.slice(zeros.at + zeros.length))}`;
}

function longestZeros(groups: readonly bigint[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  groups.forEach((_, at) => {
    const end = groups.findIndex((group, index) => index >= at && group !== 0n);
    const length = (end === -1 ? groups.length : end) - at;
    if (length > best.length) best = { at, length };
  });
  return best;
}
