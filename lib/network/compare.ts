import type { Comparison } from './comparison.ts';
import type { Desired } from './desired.ts';
import type { HostNetwork } from './host.ts';
import { compareLink } from './compare-link.ts';
import { compareAbsence, compareRoute, compareRule } from './compare-path.ts';

/** Everything that is declared of a host's network against the host; one answer each, in order. */
export function compareNetwork(all: readonly Desired[], host: HostNetwork): readonly Comparison[] {
  const around = { all, host };
  return all.map((desired) => {
    switch (desired.is) {
      case 'link':
        return compareLink(desired, around);
      case 'route':
        return compareRoute(desired, around);
      case 'rule':
        return compareRule(desired, around);
      case 'absent':
        return compareAbsence(desired, around);
    }
  });
}
