import { type Comparison, type Difference, SAME } from './comparison.ts';
import { ifupdownStored } from './compare-ifupdown.ts';
import { type IfupdownPlace, ifupdownPath, lineOf } from './ifupdown-place.ts';
import { meaningOf } from './ifupdown.ts';
import type { Around } from './layout.ts';
import { accessThrough, rootOver } from './management.ts';

/**
 * An interface that slab shall no longer have, in ifupdown's files and as it runs: a VLAN, bridge or bond goes, a card loses
 * what slab's files gave it. Routes and rules through it that are still declared stay.
 */
export function compareAbsenceOnIfupdown(place: IfupdownPlace, around: Around): Comparison {
  const { device, label, beside, others, problem } = place;
  const { host, all } = around;
  const seen = host.links.find(({ name }) => name === device);
  const virtual = seen !== undefined && ['vlan', 'bridge', 'bond'].includes(seen.kind);
  const path = ifupdownPath(label);
  const wanted = all.some((each) =>
    each.is === 'routes'
      ? each.name === device
      : each.is === 'route' || each.is === 'rule'
        ? each.device === device
        : false,
  );
  const besides = wanted ? [] : beside;
  const paths = new Set([...(host.files.has(path) ? [path] : []), ...besides.map(({ file }) => file)]);
  if (paths.size === 0 && !virtual) return { ...SAME, by: 'ifupdown', device };
  const members = host.links.filter(({ master }) => virtual && master === device).map(({ name }) => name);
  const touched = [device, ...members];
  const access = accessThrough(device, host);
  const [other] = others;
  const why =
    problem ??
    (virtual && access !== undefined
      ? `${device} cannot go: ${access}`
      : virtual && other !== undefined
        ? `${lineOf(other)}, which is not slab's, would make ${device} again: take it out of there first`
        : other === undefined && access !== undefined
          ? `${path} is all that ifupdown knows of ${device}, and ${access}`
          : undefined);
  const going = all.flatMap((each) => (each.is === 'absent' ? [each.name] : []));
  const above = host.links.filter(
    ({ name, parent }) => virtual && parent === device && !going.includes(name),
  );
  return {
    ...SAME,
    ...(virtual
      ? {
          differences: [{ field: 'exists', action: 'remove', before: true, after: false }],
          expected: [[device, 'gone', '']],
          layer: 'gone',
        }
      : ofCard({ ...place, beside: besides }, around)),
    ...{ by: 'ifupdown', device, touched },
    files: [...paths].map((each) => ifupdownStored(each, null, host.files.get(each) ?? null, device)),
    problems: why === undefined ? [] : [why],
    refusals: [
      ...touched.flatMap((each) => rootOver(each, host) ?? []).slice(0, 1),
      ...above.map(
        ({ name }) => `${name} is on top of ${device} and would go with it: let it be absent first`,
      ),
    ],
    access: touched.flatMap((each) => accessThrough(each, host) ?? [])[0] ?? '',
  };
}

/** What slab's files have given to a card, and is there. */
function ofCard(
  { device, own, beside, others }: IfupdownPlace,
  { host, routes, defaults }: Around,
): Partial<Comparison> {
  const seen = host.links.find(({ name }) => name === device);
  if (seen === undefined) return {};
  const [ours, theirs] = [meaningOf(own), meaningOf(others)];
  const addresses = ours.addresses.filter((each) => !theirs.addresses.includes(each));
  const held = seen.addresses.map(({ address }) => address).filter((each) => addresses.includes(each));
  const gateways = ours.gateways.filter((each) => !theirs.gateways.includes(each));
  const vias = defaults.filter((route) => route.device === device).map(({ via }) => via);
  const led = gateways.filter((each) => vias.includes(each));
  const leased = ours.dhcp !== 'no' && theirs.dhcp === 'no' && seen.addresses.some(({ dynamic }) => dynamic);
  const commands = beside.flatMap(({ options }) => options.flatMap(([key, value]) => undoOf(key, value)));
  const there = commands.filter(({ undoes: [, what, , first = '', second] }) =>
    what === 'rule'
      ? host.rules.some(({ priority }) => String(priority) === second)
      : (routes.get(first) ?? []).some((route) => route.device === device),
  );
  const gone = (field: string, before: Difference['before']): Difference => ({
    ...{ field, action: 'remove', before, after: null },
  });
  return {
    differences: [
      ...(held.length > 0 ? [gone('addresses', held)] : []),
      ...(led.length > 0 ? [gone('gateway', led)] : []),
      ...(leased ? [gone('dhcp', ours.dhcp)] : []),
      ...there.map(({ undoes: [, what = '', , ...words] }) => gone(what, words.join(' '))),
    ],
    expected: [
      [device, 'up', seen.up ? 'yes' : 'no'] as const,
      ...held.map((each) => [device, 'no-address', each] as const),
      ...led.map((each) => [device, 'no-gateway', each] as const),
    ],
    owned: addresses,
    ownedRoutes: gateways.map((via) => `${via.includes(':') ? 6 : 4} default via ${via}`),
    commands: there,
  };
}

/** What takes back a command of slab's in ifupdown's files, for a route or a rule. */
function undoOf(key: string, value: string): Comparison['commands'] {
  const [, family = '', what = '', rest = ''] =
    /^ip (-[46]) (route replace|rule add) (.*) \|\| :$/.exec(value) ?? [];
  if (key !== 'up' || what === '') return [];
  const words = rest.split(' ');
  const [kind = '', verb = ''] = what.split(' ');
  return [{ does: [family, kind, 'del', ...words], undoes: [family, kind, verb, ...words] }];
}
