import type { DesiredLink } from './desired.ts';
import { type HostResolver, isResolvedFile } from './resolver.ts';

/**
 * Why `dns` and `domains` of an interface that networkd looks after count for nothing, in words with what to do; undefined when
 * they count, or there are none. networkd writes no /etc/resolv.conf: it tells systemd-resolved alone.
 */
export function unheardNames(
  { name, dns, domains }: Pick<DesiredLink, 'name' | 'dns' | 'domains'>,
  host: HostResolver,
): string | undefined {
  const said = [...(dns.length > 0 ? ['dns'] : []), ...(domains.length > 0 ? ['domains'] : [])];
  if (said.length === 0) return undefined;
  const one = said.length === 1 && said[0] === 'dns';
  const what = `${said.join(' and ')} of ${name}`;
  if (host.resolved === 'active')
    return isResolvedFile(host)
      ? undefined
      : `${what} ${one ? 'counts' : 'count'} only for programs that ask systemd-resolved itself: /etc/resolv.conf is not its file; declare a network.resolver with "owner: resolved"`;
  const nothing = `${what} ${one ? 'changes' : 'change'} nothing in how names resolve`;
  return host.resolved === 'installed'
    ? `${nothing}: systemd-resolved does not run here; declare a network.resolver, or let it run (service.running: systemd-resolved)`
    : `${nothing}: systemd-resolved is not on this host; declare a network.resolver, or install it and let it run (pkg.installed and service.running: systemd-resolved)`;
}
