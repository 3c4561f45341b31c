/** An IP address or network: the bits of the address, and how many of them count. */
export interface IpNetwork {
  readonly version: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fe80::/10`; undefined for anything else, host bits included. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [address = '', mask, ...more] = text.split('/');
  const version = address.includes(':') ? 6 : 4;
  const length = version === 6 ? 128 : 32;
  const bits = version === 6 ? parseIpv6(address) : parseIpv4(address);
  const prefix = mask === undefined ? length : parsePrefix(mask, version);
  if (bits === undefined || prefix === undefined || prefix > length || more.length > 0) return undefined;
  const network = { version, bits, prefix } as const;
  // Python's ip_network refuses 10.0.0.1/8 too.
  return hostBits(network) === 0n ? network : undefined;
}

/** Whether an address (text, perhaps with a zone) lies in a network. */
export function isInNetwork(address: string, network: IpNetwork): boolean {
  const parsed = parseIpNetwork(address.replace(/%.*$/, ''));
  if (parsed?.version !== network.version) return false;
  const shift = BigInt((network.version === 6 ? 128 : 32) - network.prefix);
  return parsed.bits >> shift === network.bits >> shift;
}

function hostBits({ version, bits, prefix }: IpNetwork): bigint {
  const free = BigInt((version === 6 ? 128 : 32) - prefix);
  return bits & ((1n << free) - 1n);
}

function parsePrefix(mask: string, version: 4 | 6): number | undefined {
  if (/^[0-9]{1,3}$/.test(mask)) return Number(mask);
  const bits = version === 4 ? parseIpv4(mask) : undefined;
  if (bits === undefined) return undefined;
  const prefix = /^1*/.exec(bits.toString(2).padStart(32, '0'))?.[0].length ?? 0;
  return hostBits({ version: 4, bits, prefix }) === 0n ? prefix : undefined;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (
    parts.length !== 4 ||
    !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)
  )
    return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const tail = /^(.*:)([0-9.]+\.[0-9.]+)$/.exec(text);
  if (tail !== null) {
    const ipv4 = parseIpv4(tail[2] ?? '');
    if (ipv4 === undefined) return undefined;
    return parseIpv6(`${tail[1] ?? ''}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - (head?.length ?? 0) - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [
    ...(head ?? []),
    ...Array<string>(rest === undefined ? 0 : missing).fill('0'),
    ...(rest ?? []),
  ];
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
