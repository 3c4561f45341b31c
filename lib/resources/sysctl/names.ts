/**
 * The path of a setting below /proc/sys. As sysctl.d(5) has it: where the first separator is a dot, dots separate and
 * slashes are dots in names; else all is as it stands.
 */
export function pathOf(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== '.') return name;
  return name.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
}

/** The spelling with dots, by which one setting has one name. */
export function dotted(name: string): string {
  return pathOf(name).replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/'));
}

/** Where slab keeps a setting, one file each, so that nobody else's file is edited. */
export function ownFile(name: string): string {
  return `/etc/sysctl.d/60-slab-${dotted(name).replaceAll('/', '%')}.conf`;
}

/** A value as the kernel would print it: one blank between fields, lists of numbers as ranges. */
export function normalValue(value: string): string {
  const fields = value.trim().split(/\s+/);
  return fields.map(ranges).join(' ');
}

/** `1,2,3,7` and `1-3,7` are one list: the kernel's bitmaps are printed with ranges. */
function ranges(field: string): string {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)+$/.test(field)) return field;
  const parts = field
    .split(',')
    .map((part) => part.split('-').map(Number))
    .map(([from = 0, to = from]) => ({ from, to }))
    .sort((one, other) => one.from - other.from);
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of parts) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** Settings that only a module brings, by the beginning of their path. */
const modules: readonly (readonly [prefix: string, module: string])[] = [
  ['net/netfilter/nf_conntrack', 'nf_conntrack'],
  ['net/nf_conntrack_max', 'nf_conntrack'],
  ['net/bridge/', 'br_netfilter'],
  ['net/ipv4/vs/', 'ip_vs'],
  ['net/sctp/', 'sctp'],
  ['net/mptcp/', 'mptcp'],
  ['sunrpc/', 'sunrpc'],
  ['fs/nfs/', 'lockd'],
  ['dev/raid/', 'md_mod'],
];

/** The kernel module that brings a setting, as far as it is known. */
export function moduleOf(name: string): string | undefined {
  const path = pathOf(name);
  return modules.find(([prefix]) => path.startsWith(prefix))?.[1];
}

/** The interface whose rp_filter a setting is: `all` and `default` among them. */
export function reversePathOf(name: string): string | undefined {
  return /^net\/ipv4\/conf\/(.+)\/rp_filter$/.exec(pathOf(name))?.[1];
}
