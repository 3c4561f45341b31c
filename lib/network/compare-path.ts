import { bareAddress, familyOf, networkOf } from './address.ts';
import { type Comparison, type Difference, SAME, type StoredFile } from './comparison.ts';
import type { DesiredAbsence, DesiredRoute, DesiredRule } from './desired.ts';
import { absenceOnNetplan, routeOnNetplan, ruleOnNetplan, type Stored } from './compare-netplan.ts';
import { routeOnIfupdown, ruleOnIfupdown } from './compare-ifupdown.ts';
import { compareAbsenceOnIfupdown } from './ifupdown-absence.ts';
import { type HostNetwork, isVolatile } from './host.ts';
import { ifupdownPlace } from './ifupdown-place.ts';
import {
  type Around,
  deviceOf,
  dropIn,
  dropInsNamed,
  ownedByOthers,
  ownFile,
  storedFile,
  trialFile,
} from './layout.ts';
import { accessThrough, rootOver } from './management.ts';
import { type NetplanPlace, netplanPlace } from './netplan-place.ts';
import { routeFile, ruleFile } from './render.ts';
import { routeWords, ruleWords } from './render-ifupdown.ts';

/** A route as it shall be, against the host. */
export function compareRoute(desired: DesiredRoute, around: Around): Comparison {
  const { to, via, table, metric } = desired;
  const device = desired.device === undefined ? leading(via ?? '', around) : deviceOf(desired.device, around);
  if (device === undefined)
    return {
      ...SAME,
      problems: [`${via ?? to} is in no network of this host: name the interface with "device"`],
    };
  const there = (around.routes.get(to) ?? []).filter(
    (route) => route.table === table && (metric === undefined || route.metric === metric),
  );
  const isIt = (route: (typeof there)[number]) => route.device === device && route.via === (via ?? '');
  const [other] = there.filter((route) => !isIt(route));
  const right = there.some((route) => isIt(route));
  const volatile = other !== undefined && !right && isVolatile(other);
  const before =
    other === undefined ? null : `${other.via === '' ? '' : `via ${other.via} `}dev ${other.device}`;
  const differences: readonly Difference[] = right
    ? []
    : [
        {
          ...{ field: 'route', action: before === null ? 'create' : 'update', before },
          after: `${via === undefined ? '' : `via ${via} `}dev ${device}`,
        },
      ];
  const id = `route-${to.replace('/', '-').replaceAll(':', '_')}${table === 254 ? '' : `-${table}`}${metric === undefined ? '' : `-m${metric}`}`;
  const seat = ifupdownPlace(device, around);
  const path = onDevice(device, around, (place) =>
    seat !== undefined
      ? routeOnIfupdown(desired, id, seat, around)
      : place === undefined
        ? dropIn(device, { id, text: routeFile(desired) }, around)
        : routeOnNetplan(desired, id, place, around),
  );
  const words = routeWords(desired, device);
  const undoes = words.map((word) => (word === 'replace' ? 'del' : word));
  return {
    ...path,
    commands: seat === undefined || right ? [] : [{ does: words, undoes }],
    problems: [
      ...path.problems,
      ...(volatile
        ? [
            `${to} is there already by a program of its own (protocol ${other.protocol}): give yours another metric`,
          ]
        : []),
    ],
    differences,
    expected: [[device, 'route', `${table} ${metric ?? '-'} ${to} ${via ?? '-'}`]],
  };
}

/** A rule of policy routing as it shall be, against the host. */
export function compareRule(desired: DesiredRule, around: Around): Comparison {
  const { host, all } = around;
  const { priority, from = '', to = '', iif = '', oif = '', mark = 0, table } = desired;
  const routes = all.flatMap((each) =>
    each.is === 'route' ? [each] : each.is === 'routes' ? each.routes : [],
  );
  const user = routes.find((each) => each.table === table);
  const named = desired.device ?? user?.device;
  const device =
    named === undefined ? leading(user?.via ?? bareAddress(from), around) : deviceOf(named, around);
  if (device === undefined)
    return {
      ...SAME,
      problems: [`it cannot be told which interface rule ${priority} belongs to: name it with "device"`],
    };
  const family = from === '' && to === '' ? undefined : familyOf(`${from}${to}`);
  const fits = (rule: HostNetwork['rules'][number]) =>
    rule.from === from &&
    rule.to === to &&
    rule.iif === iif &&
    rule.oif === oif &&
    rule.mark === mark &&
    rule.table === table;
  const there = host.rules.filter(
    (rule) => rule.priority === priority && (family === undefined || rule.family === family),
  );
  const right = there.some(fits);
  const differences: readonly Difference[] = right
    ? []
    : [{ field: 'rule', action: 'create', before: null, after: `priority ${priority} table ${table}` }];
  const others = there.filter((rule) => !fits(rule));
  const id = `rule-${priority}`;
  const seat = ifupdownPlace(device, around);
  const rule = ruleWords(desired);
  return {
    ...onDevice(device, around, (place) =>
      seat !== undefined
        ? ruleOnIfupdown(desired, id, seat, around)
        : place === undefined
          ? dropIn(device, { id, text: ruleFile(desired) }, around)
          : ruleOnNetplan(desired, id, place, around),
    ),
    commands:
      seat === undefined || right
        ? []
        : [
            {
              does: [rule.family, 'rule', 'add', ...rule.words],
              undoes: [rule.family, 'rule', 'del', ...rule.words],
            },
          ],
    differences,
    notes: others.length === 0 ? [] : [`there is another rule of priority ${priority}, which stays`],
    expected: [[device, 'rule', `${family ?? 4} ${priority} ${table}`]],
  };
}

/** An interface that slab shall not have, against the host. */
export function compareAbsence({ name }: DesiredAbsence, around: Around): Comparison {
  const { host } = around;
  const seen = host.links.find((link) => link.name === name);
  const virtual = seen !== undefined && ['vlan', 'bridge', 'bond'].includes(seen.kind);
  const access = accessThrough(name, host);
  const place = netplanPlace(name, around);
  const seat = ifupdownPlace(name, around);
  if (seat !== undefined) return compareAbsenceOnIfupdown(seat, around);
  const stored =
    place === undefined
      ? absenceOnNetworkd(name, host)
      : absenceOnNetplan(place, around, { virtual, access });
  const own = stored.files.filter(({ have }) => have !== null);
  const joined = dropInsNamed(name, around);
  const touched = [...new Set([name, ...[...own, ...joined].map((each) => each.device)])];
  const differs = own.length > 0 || virtual;
  return {
    ...SAME,
    problems: [
      ...(virtual && access !== undefined ? [`${name} cannot go: ${access}`] : []),
      ...stored.problems,
      ...(differs ? [ownedByOthers(name, host) ?? []].flat() : []),
    ],
    refusals: touched.flatMap((each) => rootOver(each, host) ?? []).slice(0, 1),
    access: touched.flatMap((each) => accessThrough(each, host) ?? [])[0] ?? '',
    device: name,
    touched,
    files: [...own, ...joined.map(({ file }) => file)],
    differences: virtual ? [{ field: 'exists', action: 'remove', before: true, after: false }] : [],
    expected: virtual ? [[name, 'gone', '']] : [],
  };
}

/** What networkd's files say of an interface that shall go. */
function absenceOnNetworkd(name: string, host: HostNetwork): Stored {
  const makers = [...host.files]
    .filter(([path, text]) => path.endsWith('.netdev') && new RegExp(`^Name=${name}\\s*$`, 'm').test(text))
    .map(([path]) => path)
    .filter((path) => path !== ownFile(name, 'netdev'));
  return {
    files: (['network', 'netdev'] as const).map((type): StoredFile => {
      const path = ownFile(name, type);
      return storedFile(host, { path, want: null, device: name, trial: trialFile(name, type), base: '' });
    }),
    problems: makers.map(
      (path) => `${path}, which is not slab's, would make ${name} again: take it away first`,
    ),
  };
}

/** The interface whose network an address is in: of several the narrowest. */
function leading(address: string, { networks, lengths }: Around): string | undefined {
  for (const length of lengths) {
    const device = networks.get(networkOf(`${address}/${length}`) ?? '');
    if (device !== undefined) return device;
  }
  return undefined;
}

/** What is said of an interface besides, with all that this means for the host. @param store where it is said. */
function onDevice(
  device: string,
  around: Around,
  store: (place: NetplanPlace | undefined) => Stored,
): Comparison {
  const { host } = around;
  const known = host.links.some(({ name }) => name === device) || around.declared.has(device);
  const { files, problems } = store(netplanPlace(device, around));
  const onIfupdown = ifupdownPlace(device, around) !== undefined;
  const owned = onIfupdown ? undefined : ownedByOthers(device, host);
  const root = rootOver(device, host);
  return {
    ...SAME,
    problems: known
      ? [...(owned === undefined ? [] : [owned]), ...problems]
      : [`there is no interface ${device} on this host`],
    refusals: root === undefined ? [] : [root],
    access: accessThrough(device, host) ?? '',
    ...{ device, touched: [device], files },
    ...(onIfupdown ? { by: 'ifupdown' } : {}),
  };
}
