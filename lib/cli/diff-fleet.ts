import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import {
  checkOutRevision,
  findRevision,
  isDirty,
  mergeBase,
  type CheckedOut,
  type Revision,
} from '../project/revision.ts';
import { readTaken } from '../project/snapshot-file.ts';
import { divide, type FleetResult } from './check-fleet.ts';
import { openSides, type ComparedHost, type DiffTask, type SideParts } from './compare-host.ts';
import { beginCompare } from './fleet-task.ts';
import type { RecordsOf } from './offline-grains.ts';
import { openProject, type Opening, type OpenProject } from './open-project.ts';
import type { ProjectOptions } from './options.ts';
import { snapshotNotices } from './snapshot-age.ts';

/** What is compared with what. */
export interface DiffRequest {
  readonly options: ProjectOptions;
  readonly base: string;
  /** Left out: the files as they are now; with `untrusted`, the last commit. */
  readonly head?: string;
  readonly untrusted: boolean;
  /** How many threads beside this one; left out, as many as are worth it. */
  readonly helpers?: number;
  /** The program of a thread, where it is not the bundled one. */
  readonly program?: URL | string;
  /** Compile each host at both revisions, however equal they are. */
  readonly apart?: boolean;
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
 * hosts (`slab snapshot`, `slab grains --record`) is used for both.
 * @returns diagnostics with an error among them where the newer revision does not compile.
 * @throws ProjectError when a revision cannot be read, or asks for what is not trusted.
 */
export async function diffFleet(request: DiffRequest): Promise<FleetDiff> {
  const { options } = request;
  const began = Date.now();
  const revisions = layOut(request);
  const { names, notices, close } = revisions;
  try {
    const older = openRevision(options, revisions.older, names.from);
    const newer = openRevision(options, revisions.newer, names.to);
    const { source } = newer.project ?? newer;
    const kept = { ...names, notices, source, close };
    if (newer.project === undefined)
      return { ...kept, plan: emptyPlan(options, began), diagnostics: newer.diagnostics, secrets: [] };
    if (older.project === undefined)
      throw new ProjectError(
        'SLAB6005',
        `${request.base} cannot be compared with: ${older.diagnostics[0]?.summary ?? 'its inventory is broken'}`,
        { fix: 'name a base whose inventory can be read with --base' },
      );
    const hosts = hostsOfBoth(newer.project, older.project);
    const result = await compareHosts(hosts, older.project, newer.project, request);
    notices.push(...result.problems.map((problem) => `a thread failed, others did its work: ${problem}`));
    if (result.assumed > 0)
      notices.push(
        `${result.assumed} of ${hosts.length} hosts are taken for a plain Debian 12: slab snapshot asks them`,
      );
    const { folder } = recordsOf(older.project, newer.project, request).files;
    notices.push(
      ...snapshotNotices(
        readTaken(folder),
        hosts.map(({ name }) => name),
        new Date(began),
      ),
    );
    const unread = result.done.flatMap(({ formerErrors: [first] }, index): UnreadHost[] => {
      if (first === undefined) return [];
      const reason = `it does not compile at ${names.from}: ${first.summary}`;
      return [{ host: hosts[index]?.name ?? '', code: first.code, reason }];
    });
    const plans = result.done.flatMap(({ plan }): HostPlan[] => (plan === undefined ? [] : [plan]));
    return {
      ...kept,
      plan: {
        ...emptyPlan(options, began),
        environment: newer.project.files.name,
        targeted: plans.length + unread.length,
        hosts: plans,
        unread,
        durationMs: Date.now() - began,
      },
      diagnostics: [...newer.diagnostics, ...result.done.flatMap(({ diagnostics }) => diagnostics)],
      secrets: result.done.flatMap(({ secrets }) => secrets),
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Two revisions in folders of their own, unless the newer one is the project as it is. */
interface LaidOut {
  readonly names: Pick<FleetDiff, 'from' | 'to'>;
  readonly older: Pick<ProjectOptions, 'project' | 'untrusted'>;
  readonly newer: Pick<ProjectOptions, 'project' | 'untrusted'>;
  readonly notices: string[];
  readonly close: () => void;
}

/** @throws ProjectError when a revision cannot be found or laid out. */
function layOut({ options, base, head: named, untrusted }: DiffRequest): LaidOut {
  const directory = options.project;
  const notices: string[] = [];
  const name = named ?? (untrusted ? 'HEAD' : undefined);
  const head = findRevision(directory, name ?? 'HEAD');
  const from = baseOf(directory, base, head, notices);
  const folders: CheckedOut[] = [];
  const close = (): void => {
    for (const folder of folders) folder.remove();
  };
  const checkOut = (revision: Revision): string => {
    const folder = checkOutRevision(directory, revision);
    folders.push(folder);
    for (const path of folder.leftOut)
      notices.push(`${path} of ${revision.name} leads out of the project: left out`);
    return folder.directory;
  };
  try {
    const older = { project: checkOut(from), untrusted };
    const newer = { project: name === undefined ? directory : checkOut(head), untrusted };
    const asTheyAre = name === undefined && isDirty(directory);
    const names = { from: title(from), to: asTheyAre ? 'the files as they are' : title(head) };
    return { names, older, newer, notices, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws ProjectError that says in which revision the environment is missing: the files of today may well have it. */
function openRevision(options: ProjectOptions, place: LaidOut['older'], revision: string): Opening {
  try {
    return openProject({ ...options, ...place });
  } catch (error) {
    if (!(error instanceof ProjectError) || error.code !== 'SLAB6002' || place.project === options.project)
      throw error;
    throw new ProjectError('SLAB6002', `${error.message} at ${revision}`, {
      fix: 'commit its inventory, or name with -i an environment that is committed',
    });
  }
}

/** The hosts of the newer revision, and those that only the older one has. */
function hostsOfBoth(newer: OpenProject, older: OpenProject): readonly Host[] {
  const known = new Set(newer.hosts.map(({ name }) => name));
  return [...newer.hosts, ...older.hosts.filter(({ name }) => !known.has(name))];
}

function compareHosts(
  hosts: readonly Host[],
  older: OpenProject,
  newer: OpenProject,
  { options, untrusted, program, helpers, apart = false }: DiffRequest,
): Promise<FleetResult<ComparedHost>> {
  const { target } = options;
  const side = ({ parts }: OpenProject): SideParts => ({
    parts,
    ...(target === undefined ? {} : { target }),
  });
  const records = recordsOf(older, newer, { options, untrusted });
  const task: DiffTask = { before: side(older), after: side(newer), records, apart };
  return divide(hosts, {
    task: { do: 'compare', ...task },
    begin: untrusted
      ? () => neverHere()
      : beginCompare(openSides(task, { before: older, after: newer }), records),
    threads: {
      ...(helpers === undefined ? {} : { helpers }),
      ...(untrusted ? { bounds: BOUNDS } : {}),
      ...(program === undefined ? {} : { program }),
    },
  });
}

/** Records of a revision that is not trusted count for nothing: those of the base do. */
function recordsOf(
  older: OpenProject,
  newer: OpenProject,
  { options, untrusted }: Pick<DiffRequest, 'options' | 'untrusted'>,
): RecordsOf {
  const { name, folder } = untrusted ? older.files : newer.files;
  const directory = untrusted ? older.directory : options.project;
  // An environment outside of the project is where it is, at any revision.
  const path = relative((untrusted ? older : newer).directory, folder);
  const outside = path.startsWith('..');
  return { directory, files: { name, folder: outside ? folder : resolve(directory, path) } };
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
