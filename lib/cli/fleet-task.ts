import { checkHost, type CheckedHost } from '../engine/check-host.ts';
import type { Examiner } from './check-share.ts';
import { compareHost, openSide, type ComparedHost, type DiffTask } from './compare-host.ts';
import { offlineGrains } from './offline-grains.ts';
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
  if (task.do === 'compare') return beginCompare(task);
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

/** Compares hosts between two revisions. */
export function beginCompare(task: DiffTask): () => Examiner<ComparedHost> {
  const [before, after] = [openSide(task.before), openSide(task.after)];
  return () => {
    const grains = offlineGrains(task.records);
    return {
      examine: (host) => compareHost(host.name, { before, after, known: grains.known(host) }),
      assumed: grains.assumed,
    };
  };
}
