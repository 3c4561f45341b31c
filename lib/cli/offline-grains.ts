import { assumedGrains, grainsFromJson } from '../grains/grains-json.ts';
import type { Host } from '../model/inventory.ts';
import type { Grains } from '../model/value.ts';
import { damagedRecord, readRecord, type RecordPlace } from '../project/recorded-grains.ts';
import { answersFromJson, createAnswers, type Answers } from '../questions/index.ts';
import type { OpenProject } from './open-project.ts';

/** What is known of hosts, for commands that ask none. */
export interface OfflineGrains {
  readonly known: (host: Host) => { readonly grains: Grains; readonly answers: Answers };
  /** How many hosts had no recorded grains. */
  readonly assumed: () => number;
}

/** The grains and answers recorded with `slab grains --record`; a host without is taken for a plain Debian 12. */
export function offlineGrains(project: Pick<OpenProject, 'directory' | 'files'>): OfflineGrains {
  let assumed = 0;
  return {
    known({ name }) {
      const place = { directory: project.directory, environment: project.files.name, host: name };
      const recorded = readRecord('grains', place);
      if (recorded === undefined) assumed += 1;
      return {
        grains: recorded === undefined ? assumedGrains(name) : grainsFromJson(recorded),
        answers: recordedAnswers(place),
      };
    },
    assumed: () => assumed,
  };
}

function recordedAnswers(place: RecordPlace): Answers {
  const recorded = readRecord('answers', place);
  if (recorded === undefined) return createAnswers();
  const known = answersFromJson(recorded);
  if (known === undefined) throw damagedRecord('answers', place);
  return createAnswers(known);
}
