/** An IP address as a number, with the length of its network's prefix where one is written. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
  readonly prefix: number | undefined;
  /** The zone behind `%`. */
  readonly zone: string | undefined;
}

/** Reads `10.0.0.1`, `10.0.0.1/24`, `10.0.0.1/255.255.255.0`, `fe80::1%eth0/64`; undefined for anything else. */
export function parseIp(text: string): IpAddress | undefined {
  const [address = '', mask, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  const found = address.includes(':') ? parseSix(address) : parseFour(address);
  if (found === undefined) return undefined;
  if (mask === undefined) return { ...found, prefix: undefined };
  const prefix = parsePrefix(mask, found.version);
  return prefix === undefined ? undefined : { ...found, prefix };
}

type Bare = Omit<IpAddress, 'prefix'>;

function parseFour(text: string): Bare | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    // Python refuses leading zeros: some read them as octal.
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { version: 4, value, zone: undefined };
}

function parseSix(text: string): Bare | undefined {
  const [address = '', zone, ...more] = text.split('%');
  if (more.length > 0 || zone === '') return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const before = groups(head, tail === undefined);
  const after = tail === undefined ? [] : groups(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...new Array<number>(tail === undefined ? 0 : missing).fill(0), ...after];
  return { version: 6, value: all.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n), zone };
}

function groups(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const found: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const four = parseFour(part);
      if (four === undefined) return undefined;
      found.push(Number(four.value >> 16n), Number(four.value & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return found;
}

function parsePrefix(text: string, version: 4 | 6): number | undefined {
  const bits = version === 4 ? 32 : 128;
  if (/^[0-9]+$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  const mask = version === 4 ? parseFour(text) : undefined;
  if (mask === undefined) return undefined;
  for (let prefix = 0; prefix <= 32; prefix++) {
    const net = ((1n << 32n) - 1n) ^ ((1n << BigInt(32 - prefix)) - 1n);
    if (mask.value === net || mask.value === (net ^ 0xffffffffn)) return prefix;
  }
  return undefined;
}

/** How Python writes an address, without its prefix. */
export function ipText({ version, value, zone }: Pick<IpAddress, 'version' | 'value' | 'zone'>): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && parts[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  const hex = parts.map((part) => part.toString(16));
  const text =
    best.start < 0
      ? hex.join(':')
      : `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
  return zone === undefined ? text : `${text}%${zone}`;
}

/** The length of an address in bits. */
export function bitsOf({ version }: Pick<IpAddress, 'version'>): number {
  return version === 4 ? 32 : 128;
}

/** The first address of the network, and how many it has. */
export function networkOf(address: IpAddress): { readonly first: bigint; readonly size: bigint } {
  const free = BigInt(bitsOf(address) - (address.prefix ?? bitsOf(address)));
  return { first: (address.value >> free) << free, size: 1n << free };
}

/** Whether an address lies in a network. */
export function isInside(address: IpAddress, network: IpAddress): boolean {
  if (address.version !== network.version) return false;
  const { first, size } = networkOf(network);
  return address.value >= first && address.value < first + size;
}

const NETWORKS: Readonly<Record<4 | 6, Readonly<Record<string, readonly string[]>>>> = {
  4: {
    loopback: ['127.0.0.0/8'],
    multicast: ['224.0.0.0/4'],
    'link-local': ['169.254.0.0/16'],
    reserved: ['240.0.0.0/4'],
    unspecified: ['0.0.0.0/32'],
    'site-local': [],
    private: [
      '0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/29', '192.0.0.170/31',
      '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '240.0.0.0/4',
      '255.255.255.255/32',
    ],
  },
  6: {
    loopback: ['::1/128'],
    multicast: ['ff00::/8'],
    'link-local': ['fe80::/10'],
    'site-local': ['fec0::/10'],
    unspecified: ['::/128'],
    reserved: [
      '::/8', '100::/8', '200::/7', '400::/6', '800::/5', '1000::/4', '4000::/3', '6000::/3', '8000::/3', 'a000::/3',
      'c000::/3', 'e000::/4', 'f000::/5', 'f800::/6', 'fe00::/9',
    ],
    private: [
      '::1/128', '::/128', '::ffff:0:0/96', '100::/64', '2001::/23', '2001:2::/48', '2001:db8::/32', '2001:10::/28',
      'fc00::/7', 'fe80::/10',
    ],
  },
}; // prettier-ignore

/** Whether an address is of this nature: `loopback`, `multicast`, `private` and so on, as Python's ipaddress decides. */
export function isOfNature(address: IpAddress, nature: string): boolean {
  return (NETWORKS[address.version][nature] ?? []).some((text) => {
    const network = parseIp(text);
    return network !== undefined && isInside(address, network);
  });
}
