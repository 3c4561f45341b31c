import { canonicalAddress, canonicalPrefix, familyOf, networkOf } from './address.ts';
import { type DesiredLink, type DesiredRoute, MAIN_TABLE, tableNumber } from './desired.ts';
import type { Stanza } from './read-ifupdown.ts';

/** What stanzas of an interface make ifupdown set. */
export interface Meaning {
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly dhcp: DesiredLink['dhcp'];
  /** Undefined: they leave it to the kernel. */
  readonly acceptRa: boolean | undefined;
  readonly mtu: string | undefined;
  readonly dns: readonly string[];
  readonly domains: readonly string[];
}

/** What stanzas of an interface mean together. */
export function meaningOf(stanzas: readonly Stanza[]): Meaning {
  const options = (keys: readonly string[]) =>
    stanzas.flatMap((stanza) =>
      stanza.options.filter(([key]) => keys.includes(key)).map(([, value]) => value),
    );
  const has = (family: string, ...methods: readonly string[]) =>
    stanzas.some((stanza) => stanza.family === family && methods.includes(stanza.method));
  const [four, six] = [has('inet', 'dhcp'), has('inet6', 'dhcp')];
  const sixes = stanzas.filter(({ family }) => family === 'inet6');
  const routers = options(['accept_ra']).at(-1);
  const off = options(['pre-up', 'up']).some((each) => /echo 0 >\S*accept_ra/.test(each));
  const words = (...keys: readonly string[]) => options(keys).flatMap((value) => value.split(/\s+/));
  return {
    addresses: stanzas.filter(({ method }) => method === 'static').flatMap(addressOf),
    gateways: words('gateway').map((each) => canonicalAddress(each) ?? each),
    dhcp: four && six ? 'yes' : four ? 'ipv4' : six ? 'ipv6' : 'no',
    acceptRa:
      routers !== undefined
        ? routers !== '0'
        : has('inet6', 'auto', 'dhcp')
          ? true
          : off
            ? false
            : sixes.length === 0
              ? undefined
              : true,
    mtu: options(['mtu']).at(-1) ?? mtuIn(options(['pre-up', 'up'])),
    dns: words('dns-nameservers', 'dns-nameserver').map((each) => canonicalAddress(each) ?? each),
    domains: words('dns-search', 'dns-domain'),
  };
}

function mtuIn(commands: readonly string[]): string | undefined {
  return commands.flatMap((each) => /^ip link set (?:dev )?\S+ mtu (\d+)$/.exec(each)?.[1] ?? []).at(-1);
}

/** The address of one stanza; a netmask may be a length or, for IPv4, the mask itself. */
function addressOf({ family, options }: Stanza): readonly string[] {
  const last = (key: string) => options.findLast(([each]) => each === key)?.[1];
  const address = last('address');
  if (address === undefined) return [];
  const mask = last('netmask') ?? (family === 'inet6' ? '64' : '32');
  const length = mask.includes('.') ? lengthOf(mask) : Number(mask);
  return [canonicalPrefix(address.includes('/') ? address : `${address}/${length}`) ?? address];
}

function lengthOf(mask: string): number {
  const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').replaceAll('0', '').length;
}

/** Whether stanzas mean what is declared. What routers say is only asked where they say something of it. */
export function meansOnIfupdown(stanzas: readonly Stanza[], auto: boolean, desired: DesiredLink): boolean {
  if (stanzas.some(({ beyond, method }) => beyond !== undefined || !KNOWN.has(method))) return false;
  const { addresses, gateways, dhcp, acceptRa, mtu, dns, domains } = meaningOf(stanzas);
  const { up } = desired;
  if (!up) return !auto;
  return (
    auto &&
    isSame(addresses, desired.addresses) &&
    isSame(gateways, desired.gateways) &&
    dhcp === desired.dhcp &&
    (acceptRa === undefined || acceptRa === desired.acceptRa) &&
    (desired.mtu === undefined || mtu === String(desired.mtu)) &&
    isSame(dns, desired.dns) &&
    isSame(domains, desired.domains)
  );
}

const KNOWN: ReadonlySet<string> = new Set(['static', 'manual', 'dhcp', 'auto']);

function isSame(said: readonly string[], wanted: readonly string[]): boolean {
  return said.every((each) => wanted.includes(each)) && wanted.every((each) => said.includes(each));
}

/** The command of a stanza that gives a route, by its words; undefined: none does. */
export function routeIn(stanzas: readonly Stanza[], desired: DesiredRoute): Stanza | undefined {
  return stanzas.find(({ options }) =>
    options.some(([key, value]) => key === 'up' && isRoute(value, desired)),
  );
}

/** Only plain commands are read: of what else a shell could do nothing is known. */
function isRoute(command: string, desired: DesiredRoute): boolean {
  const plain = command.replace(/\s*(\|\|\s*(true|:)|2>\/dev\/null)\s*$/, '');
  const said = /^(?:\/s?bin\/)?ip (?:-[46] )?(?:route|ro?) (?:add|replace|append) (\S+)((?: \S+)*)$/.exec(
    plain,
  );
  if (said === null) return false;
  const words = (said[2] ?? '').trim().split(' ');
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const via = after('via');
  const gateway = via === undefined ? undefined : canonicalAddress(via);
  const to = targetOf(said[1] ?? '', gateway);
  const metric = after('metric');
  return (
    to === desired.to &&
    gateway === desired.via &&
    (tableNumber(after('table') ?? MAIN_TABLE) ?? 0) === desired.table &&
    (desired.metric === undefined || metric === String(desired.metric))
  );
}

function targetOf(text: string, via: string | undefined): string {
  if (text === 'default') return via !== undefined && familyOf(via) === 6 ? '::/0' : '0.0.0.0/0';
  return networkOf(text.includes('/') ? text : `${text}/${familyOf(text) === 6 ? 128 : 32}`) ?? text;
}
