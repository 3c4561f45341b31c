/** One address of /etc/hosts with its names, as it is written there. */
export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
  readonly comment: string;
}

/** The entries of a hosts file; comments and lines that make no sense are none: hosts(5). */
export function readEntries(lines: readonly string[]): readonly HostsEntry[] {
  return lines.flatMap((line) => {
    const at = line.indexOf('#');
    const [address = '', ...names] = (at < 0 ? line : line.slice(0, at)).trim().split(/\s+/);
    const comment = at < 0 ? '' : line.slice(at + 1).trim();
    return names.length === 0 ? [] : [{ address, names, comment }];
  });
}

/** Whether a text is an address that a hosts file may hold. */
export function isAddress(text: string): boolean {
  return text.includes(':') ? groupsOf(text) !== undefined : isFour(text);
}

/** Whether two texts are one address: IPv6 has many spellings. */
export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [groupsOf(one), groupsOf(other)];
  if (first === undefined || second === undefined) return one === other;
  return first.join() === second.join();
}

/** Addresses of the host itself that `localhost` stands for. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || isSameAddress(address, '::1');
}

function isFour(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
}

/** The eight numbers of an IPv6 address, with its zone; undefined for anything else. */
function groupsOf(text: string): readonly (number | string)[] | undefined {
  const [address = '', zone = ''] = text.toLowerCase().split('%');
  if (!address.includes(':')) return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(wordsOf)));
  const all = [...left, ...right];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return undefined;
  if (halves.length === 1 ? all.length !== 8 : all.length > 7) return undefined;
  const zeros = Array.from({ length: 8 - all.length }, () => '0');
  return [...[...left, ...zeros, ...right].map((group) => parseInt(group, 16)), zone];
}

/** An IPv4 address at the end is two groups. */
function wordsOf(group: string): readonly string[] {
  if (!isFour(group)) return [group];
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}
