import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import {
  checkOutRevision,
  findRevision,
  isDirty,
  mergeBase,
  type CheckedOut,
  type Revision,
} from '../project/revision.ts';
import { divide } from './check-fleet.ts';
import type { DiffTask, SideParts } from './compare-host.ts';
import { beginCompare } from './fleet-task.ts';
import { openProject, type OpenProject } from './open-project.ts';
import type { ProjectOptions } from './options.ts';

/** What is compared with what. */
export interface DiffRequest {
  readonly options: ProjectOptions;
  readonly base: string;
  /** Left out: the files as they are now; with `untrusted`, the last commit. */
  readonly head?: string;
  readonly untrusted: boolean;
  /** The program of a thread, where it is not the bundled one. */
  readonly program?: URL | string;
}

/** How what is declared changes from one revision to another. */
export interface FleetDiff {
  /** `main a1b2c3d`. */
  readonly from: string;
  readonly to: string;
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
  /** What a reader has to know of the way it was found out. */
  readonly notices: readonly string[];
  readonly source: OpenProject['source'];
  /** Takes the folders away in which revisions were laid out. */
  readonly close: () => void;
}

/** What a project that nobody vouches for may take. */
const BOUNDS = { heapMb: 1024, seconds: 120 };

/**
 * Compiles every host of two revisions of a project and compares what they declare. No host is asked; what is on record of
 * hosts (`slab grains --record`) is used for both.
 * @returns diagnostics with an error among them where the newer revision does not compile.
 * @throws ProjectError when a revision cannot be read, or asks for what is not trusted.
 */
export async function diffFleet(request: DiffRequest): Promise<FleetDiff> {
  const { options, untrusted } = request;
  const began = Date.now();
  const directory = options.project;
  const notices: string[] = [];
  const head = request.head ?? (untrusted ? 'HEAD' : undefined);
  const to = head === undefined ? undefined : findRevision(directory, head);
  const from = baseOf(directory, request.base, to ?? findRevision(directory, 'HEAD'), notices);
  const folders: CheckedOut[] = [];
  const checkOut = (revision: Revision): string => {
    const folder = checkOutRevision(directory, revision);
    folders.push(folder);
    for (const path of folder.leftOut)
      notices.push(`${path} of ${revision.name} leads out of the project: left out`);
    return folder.directory;
  };
  const close = (): void => {
    for (const folder of folders) folder.remove();
  };
  try {
    const older = open({ ...options, project: checkOut(from), untrusted });
    const newer = open({ ...options, project: to === undefined ? directory : checkOut(to), untrusted });
    const names = {
      from: title(from),
      to:
        to === undefined
          ? isDirty(directory)
            ? 'the files as they are'
            : title(findRevision(directory, 'HEAD'))
          : title(to),
    };
    if (newer.side === undefined)
      return {
        ...names,
        plan: emptyPlan(options, began),
        diagnostics: newer.diagnostics,
        secrets: [],
        notices,
        source: newer.source,
        close,
      };
    const hosts = newer.project === undefined ? [] : [...newer.project.hosts];
    for (const host of older.project?.hosts ?? [])
      if (!hosts.some(({ name }) => name === host.name)) hosts.push(host);
    if (older.side === undefined)
      throw new ProjectError(
        'SLAB6005',
        `${request.base} cannot be compared with: ${older.diagnostics[0]?.summary ?? 'its inventory is broken'}`,
        {
          fix: 'name a base whose inventory can be read with --base',
        },
      );
    const environment = newer.project?.files.name ?? older.project?.files.name ?? '';
    const [oldest = { directory }] = folders;
    const task: DiffTask = {
      before: older.side,
      after: newer.side,
      records: { directory: untrusted ? oldest.directory : directory, files: { name: environment } },
    };
    const result = await divide(hosts, {
      task: { do: 'compare', ...task },
      begin: untrusted ? () => neverHere() : beginCompare(task),
      threads: {
        ...(untrusted ? { bounds: BOUNDS } : {}),
        ...(request.program === undefined ? {} : { program: request.program }),
      },
    });
    notices.push(...result.problems.map((problem) => `a thread failed, others did its work: ${problem}`));
    if (result.assumed > 0)
      notices.push(
        `${result.assumed} of ${hosts.length} hosts are taken for a plain Debian 12: slab grains --record asks them`,
      );
    const unread = result.done.flatMap(({ formerErrors: [first] }, index): UnreadHost[] =>
      first === undefined
        ? []
        : [
            {
              host: hosts[index]?.name ?? '',
              code: first.code,
              reason: `it does not compile at ${names.from}: ${first.summary}`,
            },
          ],
    );
    const plans = result.done.flatMap(({ plan }): HostPlan[] => (plan === undefined ? [] : [plan]));
    const plan: Plan = {
      ...emptyPlan(options, began),
      environment,
      targeted: plans.length + unread.length,
      hosts: plans,
      unread,
      durationMs: Date.now() - began,
    };
    return {
      ...names,
      plan,
      diagnostics: [...newer.diagnostics, ...result.done.flatMap(({ diagnostics }) => diagnostics)],
      secrets: result.done.flatMap(({ secrets }) => secrets),
      notices,
      source: newer.source,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Where the newer revision left the base: what came to the base since is not a change of ours. */
function baseOf(directory: string, name: string, head: Revision, notices: string[]): Revision {
  const base = findRevision(directory, name);
  const common = mergeBase(directory, base, head);
  if (common === undefined) {
    notices.push(`${name} and ${head.name} have no common commit here: ${name} itself is the base`);
    return base;
  }
  if (common.commit !== base.commit)
    notices.push(`${name} has gone on since: the base is where they part, ${short(common)}`);
  return common;
}

interface Opened {
  readonly project?: OpenProject;
  readonly side?: SideParts;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: OpenProject['source'];
}

function open(options: ProjectOptions): Opened {
  const opening = openProject(options);
  const { target } = options;
  const more = target === undefined ? {} : { target };
  if (opening.project !== undefined) {
    const { project, diagnostics } = opening;
    return { project, side: { parts: project.parts, ...more }, diagnostics, source: project.source };
  }
  return { diagnostics: opening.diagnostics, source: opening.source };
}

function emptyPlan(options: ProjectOptions, began: number): Plan {
  return {
    format: 'slab.plan/1',
    environment: options.inventory ?? '',
    madeAt: new Date(began).toISOString(),
    targeted: 0,
    hosts: [],
    unread: [],
    durationMs: 0,
  };
}

function title(revision: Revision): string {
  return revision.name === revision.commit ? short(revision) : `${revision.name} ${short(revision)}`;
}

function short({ commit }: Revision): string {
  return commit.slice(0, 9);
}

function neverHere(): never {
  throw new ProjectError(
    'SLAB6006',
    'hosts of a project that is not trusted are compiled in other threads only',
  );
}
