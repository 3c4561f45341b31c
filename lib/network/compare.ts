import { type Comparison, SAME } from './comparison.ts';
import type { Desired } from './desired.ts';
import type { HostNetwork } from './host.ts';
import { aroundOf } from './layout.ts';
import { compareLink } from './compare-link.ts';
import { compareAbsence, compareRoute, compareRule } from './compare-path.ts';

/** Everything that is declared of a host's network against the host; one answer each, in order. */
export function compareNetwork(all: readonly Desired[], host: HostNetwork): readonly Comparison[] {
  const around = aroundOf(all, host);
  return all.map((desired) => {
    switch (desired.is) {
      case 'link':
        return compareLink(desired, around);
      case 'route':
        return compareRoute(desired, around);
      case 'routes':
        return together(desired.routes.map((route) => compareRoute(route, around)));
      case 'rule':
        return compareRule(desired, around);
      case 'absent':
        return compareAbsence(desired, around);
    }
  });
}

/** Several things of one interface as one. */
function together(parts: readonly Comparison[]): Comparison {
  const [first] = parts;
  if (first === undefined) return SAME;
  const all = (key: 'problems' | 'notes' | 'refusals' | 'touched'): readonly string[] => [
    ...new Set(parts.flatMap((part) => part[key])),
  ];
  return {
    ...first,
    ...{ problems: all('problems'), notes: all('notes'), refusals: all('refusals'), touched: all('touched') },
    access: parts.find(({ access }) => access !== '')?.access ?? '',
    files: parts
      .flatMap(({ files }) => files)
      .filter((file, at, files) => files.findIndex(({ path }) => path === file.path) === at),
    differences: parts.flatMap(({ differences }) => differences),
    expected: parts.flatMap(({ expected }) => expected),
    commands: parts.flatMap(({ commands }) => commands),
  };
}
