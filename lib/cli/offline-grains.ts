import { assumedGrains, grainsFromJson } from '../grains/grains-json.ts';
import type { Host } from '../model/inventory.ts';
import { damagedRecord, readRecord, type RecordPlace } from '../project/recorded-grains.ts';
import { damagedSnapshot, readSnapshot } from '../project/snapshot-file.ts';
import { answersFromJson, createAnswers, type Answers } from '../questions/index.ts';
import type { KnownHost, Others } from '../sls/others.ts';
import type { OpenProject } from './open-project.ts';

/** What is known of hosts, for commands that ask none. */
export interface OfflineGrains {
  readonly known: (host: Host) => KnownHost & { readonly others: Others };
  /** How many hosts had no recorded grains. */
  readonly assumed: () => number;
}

/** Whose records are read. */
export interface RecordsOf {
  readonly directory: string;
  readonly files: Pick<OpenProject['files'], 'name' | 'folder'>;
}

/** The grains and answers that are on record; a host without is taken for a plain Debian 12. */
export function offlineGrains(project: RecordsOf): OfflineGrains {
  let assumed = 0;
  const others = recordedOthers(project);
  return {
    known(host) {
      const found = recordedHost(host, project);
      if (found === undefined) assumed += 1;
      const place = placeOf(host, project);
      return { others, ...(found ?? { grains: assumedGrains(host.name), answers: recordedAnswers(place) }) };
    },
    assumed: () => assumed,
  };
}

/**
 * What a host said when it was last recorded: its snapshot in the project, which is the same for everybody, or what
 * `slab grains --record` kept in this checkout; undefined where there is neither.
 */
export function recordedHost(host: Host, project: RecordsOf): KnownHost | undefined {
  const snapshot = readSnapshot(project.files.folder, host.name);
  if (snapshot !== undefined) {
    const known = answersFromJson(snapshot.answers);
    if (known === undefined)
      throw damagedSnapshot(`${project.files.folder}/snapshots/${host.name}.json`, host.name);
    return { grains: grainsFromJson(snapshot.grains), answers: createAnswers(known) };
  }
  const place = placeOf(host, project);
  const recorded = readRecord('grains', place);
  if (recorded === undefined) return undefined;
  return { grains: grainsFromJson(recorded), answers: recordedAnswers(place) };
}

/** The other hosts, each read once; of one that was never recorded nothing is known. */
function recordedOthers(project: RecordsOf): Others {
  const all = new Map<string, KnownHost | 'unknown'>();
  return {
    find(host) {
      const found = all.get(host.name) ?? recordedHost(host, project) ?? 'unknown';
      all.set(host.name, found);
      return found;
    },
  };
}

function placeOf({ name }: Host, { directory, files }: RecordsOf): RecordPlace {
  return { directory, environment: files.name, host: name };
}

function recordedAnswers(place: RecordPlace): Answers {
  const recorded = readRecord('answers', place);
  if (recorded === undefined) return createAnswers();
  const known = answersFromJson(recorded);
  if (known === undefined) throw damagedRecord('answers', place);
  return createAnswers(known);
}
