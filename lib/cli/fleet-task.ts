import { checkHost, type CheckedHost } from '../engine/check-host.ts';
import type { Examiner } from './check-share.ts';
import { compareHost, openSides, type ComparedHost, type DiffTask, type Sides } from './compare-host.ts';
import { offlineGrains, type RecordsOf } from './offline-grains.ts';
import { openParts, type CompilerParts, type OpenProject } from './open-project.ts';

/** Checking every host of one project. */
export interface CheckTask {
  readonly parts: CompilerParts;
  readonly lax: boolean;
}

/** What threads are told to do with hosts, as plain data. */
export type FleetTask = ({ readonly do: 'check' } & CheckTask) | ({ readonly do: 'compare' } & DiffTask);

/** Opens what a task is about, in a thread that is handed the rest. @returns what begins each block of hosts. */
export function beginTask(task: FleetTask): () => Examiner<CheckedHost | ComparedHost> {
  if (task.do === 'compare') return beginCompare(openSides(task), task.records);
  return beginCheck(openParts(task.parts), task.lax);
}

/** Compiles hosts with a compiler that is there. */
export function beginCheck(
  project: Pick<OpenProject, 'directory' | 'files' | 'compiler'>,
  lax: boolean,
): () => Examiner<CheckedHost> {
  return () => {
    const grains = offlineGrains(project);
    return {
      examine: (host) => checkHost(host, project.compiler, { ...grains.known(host), lax }),
      assumed: grains.assumed,
    };
  };
}

/** Compares hosts between two revisions that are open. */
export function beginCompare(sides: Sides, records: RecordsOf): () => Examiner<ComparedHost> {
  return () => {
    const grains = offlineGrains(records);
    return {
      examine: (host) => compareHost(host.name, sides, grains.known(host)),
      assumed: grains.assumed,
    };
  };
}
