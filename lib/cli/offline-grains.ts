import { assumedGrains, grainsFromJson } from '../grains/grains-json.ts';
import type { Host } from '../model/inventory.ts';
import type { Grains } from '../model/value.ts';
import { readRecordedGrains } from '../project/recorded-grains.ts';
import type { OpenProject } from './open-project.ts';

/** Grains for commands that ask no host. */
export interface OfflineGrains {
  readonly of: (host: Host) => Grains;
  /** How many hosts had no recorded grains. */
  readonly assumed: () => number;
}

/** The grains recorded with `slab grains --record`; a host without is taken for a plain Debian 12. */
export function offlineGrains(project: OpenProject): OfflineGrains {
  let assumed = 0;
  return {
    of(host) {
      const recorded = readRecordedGrains(project.directory, project.files.name, host.name);
      if (recorded !== undefined) return grainsFromJson(recorded);
      assumed += 1;
      return assumedGrains(host.name);
    },
    assumed: () => assumed,
  };
}
