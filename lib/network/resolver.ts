import type { Compared, Difference } from './comparison.ts';

/** Who writes /etc/resolv.conf: systemd-resolved, or nobody but slab. */
export type ResolverOwner = 'resolved' | 'file';

/** Whom a host asks for names, as it shall be. */
export interface DesiredResolver {
  readonly is: 'resolver';
  readonly name: string;
  /** Undefined: whoever does it now, if it is one of the two. */
  readonly owner: ResolverOwner | undefined;
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
  /** Names that have to resolve before a change counts. */
  readonly verify: readonly string[];
}

/** The same as a host has it. */
export interface HostResolver {
  /** What /etc/resolv.conf is: where a symlink leads, `file`, or `none`. */
  readonly is: string;
  readonly text: string;
  /** There is no resolvconf: what says that it is by that was left behind. */
  readonly noResolvconf: boolean;
  /** `active`, `installed` or `missing`. */
  readonly resolved: string;
  /** What systemd-resolved asks, whatever the interface; undefined: it does not say. */
  readonly servers: readonly string[] | undefined;
  readonly search: readonly string[] | undefined;
  /** Our own file for systemd-resolved; null: there is none. */
  readonly stored: string | null;
  /** A DHCP client that writes /etc/resolv.conf anew with every lease. */
  readonly client: string;
}

/** What is declared of the resolver, against the host. */
export type ResolverComparison = Compared & {
  readonly owner: ResolverOwner;
  /** Text of the one file that slab writes. */
  readonly want: string;
};

/** Where systemd-resolved reads what slab says; the last of its files in order, so that it counts. */
export const RESOLVED_FILE = '/etc/systemd/resolved.conf.d/90-slab.conf';
/** What programs without systemd-resolved read. */
export const RESOLV_CONF = '/etc/resolv.conf';

/** The resolver as it shall be, against the host. */
export function compareResolver(desired: DesiredResolver, host: HostResolver): ResolverComparison {
  const now = ownerOf(host);
  const owner = desired.owner ?? (now === 'resolved' ? 'resolved' : 'file');
  const mine = now === 'resolved' || now === 'file' || now === 'none';
  const problems = [
    ...(mine
      ? []
      : [
          now === 'resolvconf'
            ? `resolvconf looks after ${RESOLV_CONF}: give the servers to an interface that ifupdown looks after (dns), or take the package away (pkg.purged)`
            : `${now} looks after ${RESOLV_CONF}: declare the name servers there, or take the file out of its hands`,
        ]),
    ...(owner === 'resolved' && host.resolved === 'missing'
      ? ['systemd-resolved is not on this host: install it first (pkg.installed: systemd-resolved)']
      : []),
  ];
  return owner === 'resolved'
    ? byResolved(desired, host, { now, problems })
    : byFile(desired, host, { now, problems });
}

interface Found {
  readonly now: string;
  readonly problems: readonly string[];
}

function byResolved(
  desired: DesiredResolver,
  host: HostResolver,
  { now, problems }: Found,
): ResolverComparison {
  const { servers, search } = desired;
  const unknown = host.resolved === 'active' && (host.servers === undefined || host.search === undefined);
  const differences = [
    ...(now === 'resolved' ? [] : [differs('owner', now === 'none' ? null : now, 'resolved')]),
    ...(host.resolved === 'active' ? [] : [differs('running', false, true)]),
    ...listDiffers('servers', host.servers, servers),
    ...listDiffers('search', host.search, search),
  ];
  const want = `# Written by slab: network.resolver ${desired.name} is declared, and what is changed here is changed back.
[Resolve]
DNS=
${servers.length === 0 ? '' : `DNS=${servers.join(' ')}\n`}Domains=
${search.length === 0 ? '' : `Domains=${search.join(' ')}\n`}`;
  return {
    ...{ owner: 'resolved', refusals: [], notes: [], access: '', differences, want },
    problems: unknown ? [...problems, 'systemd-resolved does not say whom it asks (resolvectl)'] : problems,
    files: [{ path: RESOLVED_FILE, have: host.stored, want }],
  };
}

function byFile(desired: DesiredResolver, host: HostResolver, { now, problems }: Found): ResolverComparison {
  const { name, servers, search, options } = desired;
  const seen = readResolvConf(now === 'file' ? host.text : '');
  const differences = [
    ...(now === 'resolved' ? [differs('owner', now, 'file')] : []),
    ...listDiffers('servers', seen.servers, servers),
    ...listDiffers('search', seen.search, search),
    ...listDiffers('options', seen.options, options),
  ];
  const lines = [
    `# Written by slab: network.resolver ${name} is declared, and what is changed here is changed back.`,
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
  ];
  const have = now === 'file' ? host.text : null;
  // What says the same in other words stays.
  const want = differences.length === 0 && have !== null ? have : `${lines.join('\n')}\n`;
  return {
    ...{ owner: 'file', problems, refusals: [], access: '', differences, want },
    files: [{ path: RESOLV_CONF, have, want }],
    notes: [
      ...(host.client === ''
        ? []
        : [`${host.client} runs, and writes ${RESOLV_CONF} anew with every lease unless told not to`]),
      ...(servers.length > 3 ? ['only the first three name servers are asked'] : []),
    ],
  };
}

/** Whether /etc/resolv.conf is that of systemd-resolved. */
export function isResolvedFile(host: HostResolver): boolean {
  return ownerOf(host) === 'resolved';
}

/** Who writes the file now. */
function ownerOf({ is, text, noResolvconf }: HostResolver): string {
  if (is === 'none') return 'none';
  const by = is === 'file' ? text : is;
  if (is !== 'file' && /^\/(run\/systemd\/resolve|usr\/lib\/systemd|lib\/systemd)\//.test(is))
    return 'resolved';
  const written = /^[#;].*\b(?:generated|managed|written) by (?!hand\b|slab\b)([\w.-]+)/im.exec(text)?.[1];
  const known = /NetworkManager|resolvconf|connman|netconfig/.exec(by)?.[0];
  if (is !== 'file') return known ?? `whatever it is a symlink to (${is})`;
  if (noResolvconf && written !== undefined && /resolvconf/.test(written)) return 'file';
  return written === undefined || /^(cloud-init|debian-installer|dhclient)/i.test(written)
    ? 'file'
    : (known ?? written);
}

function readResolvConf(text: string): Record<'servers' | 'search' | 'options', readonly string[]> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const last = (...words: readonly string[]) =>
    lines
      .filter(([word]) => words.includes(word ?? ''))
      .at(-1)
      ?.slice(1) ?? [];
  return {
    servers: lines.flatMap(([word, server]) =>
      word === 'nameserver' && server !== undefined ? [server] : [],
    ),
    search: last('search', 'domain'),
    options: lines.flatMap(([word, ...rest]) => (word === 'options' ? rest : [])),
  };
}

function differs(field: string, before: Difference['before'], after: Difference['after']): Difference {
  return { field, action: before === null ? 'create' : 'update', before, after };
}

/** The order counts: the first is asked first. */
function listDiffers(
  field: string,
  before: readonly string[] | undefined,
  after: readonly string[],
): readonly Difference[] {
  return before === undefined || before.join(' ') === after.join(' ') ? [] : [differs(field, before, after)];
}
