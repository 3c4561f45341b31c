import type { Dict, Value } from '../model/value.ts';
import { filesLike, type Facts } from './facts.ts';

/** Addresses by interface and family, hardware addresses, the gateway. */
export function networkGrains(facts: Facts): Dict {
  const hardware: Dict = new Map();
  const perInterface: Dict = new Map();
  const four: Dict = new Map();
  const six: Dict = new Map();
  for (const [name, address] of filesLike(facts, /^\/sys\/class\/net\/([^/]+)\/address$/)) {
    hardware.set(name, address);
    for (const map of [perInterface, four, six]) map.set(name, []);
  }
  const all4 = new Set<string>();
  const all6 = new Set<string>();
  // `2: eth0    inet 192.0.2.10/24 brd …`: ip-address(8), one address a line with -o.
  for (const line of (facts.get('addresses') ?? '').split('\n')) {
    const match = /^\d+:\s+([^\s@:]+)\S*\s+(inet6?)\s+([0-9a-fA-F.:]+)/.exec(line);
    if (match === null) continue;
    const [, name = '', family, address = ''] = match;
    addTo(perInterface, name, address);
    addTo(family === 'inet' ? four : six, name, address);
    (family === 'inet' ? all4 : all6).add(address);
  }
  const gateway = /^default via (\S+)/m.exec(facts.get('addresses') ?? '')?.[1];
  return new Map<Value, Value>([
    ['hwaddr_interfaces', hardware],
    ['ip_interfaces', perInterface],
    ['ip4_interfaces', four],
    ['ip6_interfaces', six],
    ['ipv4', [...all4].sort()],
    ['ipv6', [...all6].sort()],
    ['ip_gw', gateway !== undefined],
    ['ip4_gw', gateway ?? false],
  ]);
}

function addTo(map: Dict, name: string, address: string): void {
  const list = map.get(name);
  if (Array.isArray(list)) list.push(address);
  else map.set(name, [address]);
}
