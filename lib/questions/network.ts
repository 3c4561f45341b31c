import type { Value } from '../model/value.ts';
import { sh } from '../shell/sh.ts';
import { type Answer, type HostFunctionSpec, linesOf, printed, record, type Said } from './question.ts';

const links = sh`ip -o link show && echo -- && ip -o addr show`;

/** `network.*` as the interfaces and routes of a host are now; what grains know is answered without asking. */
export const networkQuestions: readonly HostFunctionSpec[] = [
  {
    name: 'network.interfaces',
    parameters: [],
    guess: record([]),
    script: () => links,
    read: (said) => whole(said, (all) => all),
  },
  {
    name: 'network.interface',
    parameters: ['iface'],
    guess: [],
    script: () => links,
    read: (said, args) => whole(said, (all) => memberOf(memberOf(all, args.text('iface')), 'inet') ?? ''),
  },
  {
    name: 'network.subnets',
    parameters: ['interfaces?'],
    guess: [],
    script: () => sh`ip -o -4 route show scope link`,
    read: (said, args) =>
      said.code === 0 ? { value: subnetsOf(said, args.texts('interfaces').filter(Boolean)) } : printed(said),
  },
  {
    name: 'network.default_route',
    parameters: ['family?'],
    guess: [],
    script: (args) =>
      args.text('family') === 'inet6' ? sh`ip -o -6 route show default` : sh`ip -o -4 route show default`,
    read: (said, args) =>
      said.code === 0
        ? { value: linesOf(said).map((line) => routeOf(line, args.text('family') || 'inet')) }
        : printed(said),
  },
];

function whole(said: Said, pick: (all: Value) => Value): Answer {
  return said.code === 0 ? { value: pick(interfacesOf(linesOf(said))) } : printed(said);
}

function memberOf(value: Value | undefined, key: string): Value | undefined {
  return value instanceof Map ? value.get(key) : undefined;
}

/** As Salt reads `ip` (utils/network.py, _interfaces_ip): up, hwaddr, inet and inet6 of each interface. */
function interfacesOf(lines: readonly string[]): Value {
  const all = new Map<Value, Map<Value, Value>>();
  const put = (name: string, key: string, value: Value): void => {
    const own = all.get(name) ?? new Map<Value, Value>();
    const before = own.get(key);
    own.set(key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
    all.set(name, own);
  };
  for (const line of lines) {
    const [, link, parent, flags] = /^\d+: ([^:@\s]+)(?:@([^:\s]+))?: <([^>]*)>/.exec(line) ?? [];
    if (link !== undefined) {
      put(link, 'up', flags?.split(',').includes('UP') === true);
      if (parent !== undefined && parent !== 'NONE') put(link, 'parent', parent);
      const hardware = /link\/\S+ ([0-9a-f:]{17})/.exec(line)?.[1];
      if (hardware !== undefined) put(link, 'hwaddr', hardware);
      continue;
    }
    const [, name, family, address = '', length] =
      /^\d+: (\S+)\s+(inet6?) ([^\s/]+)(?: peer \S+)?(?:\/(\d+))?/.exec(line) ?? [];
    if (name === undefined || family === undefined) continue;
    if (family === 'inet6')
      put(name, 'inet6', [
        record([
          ['address', address],
          ['prefixlen', length ?? '128'],
          ['scope', /scope (\S+)/.exec(line)?.[1] ?? null],
        ]),
      ]);
    else
      put(name, line.includes(' secondary ') ? 'secondary' : 'inet', [
        record([
          ['address', address],
          ['netmask', maskOf(Number(length ?? 32))],
          ['broadcast', / brd (\S+)/.exec(line)?.[1] ?? null],
          ['label', /(\S+?)\\/.exec(line)?.[1] ?? name],
        ]),
      ]);
  }
  return all;
}

function maskOf(length: number): string {
  const bits = '1'.repeat(length).padEnd(32, '0');
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.');
}

function subnetsOf(said: Said, interfaces: readonly string[]): Value {
  const nets = linesOf(said).flatMap((line) => {
    const [, net, device = ''] = /^(\d\S+\/\d+) dev (\S+)/.exec(line) ?? [];
    return net === undefined || (interfaces.length > 0 && !interfaces.includes(device)) ? [] : [net];
  });
  return [...new Set(nets)];
}

function routeOf(line: string, family: string): Value {
  return record([
    ['addr_family', family],
    ['destination', family === 'inet6' ? '::/0' : '0.0.0.0'],
    ['gateway', / via (\S+)/.exec(line)?.[1] ?? ''],
    ['netmask', family === 'inet6' ? '' : '0.0.0.0'],
    ['flags', 'UG'],
    ['interface', / dev (\S+)/.exec(line)?.[1] ?? ''],
  ]);
}
