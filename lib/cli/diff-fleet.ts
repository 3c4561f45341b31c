import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import { readTaken } from '../project/snapshot-file.ts';
import { divide, type FleetResult } from './check-fleet.ts';
import { openSides, type ComparedHost, type DiffTask, type SideParts } from './compare-host.ts';
import { beginCompare } from './fleet-task.ts';
import type { RecordsOf } from './offline-grains.ts';
import type { OpenProject } from './open-project.ts';
import type { ProjectOptions } from './options.ts';
import { layOut, openRevision, type LaidRequest } from './revisions.ts';
import { snapshotNotices } from './snapshot-age.ts';

/** What is compared with what. */
export interface DiffRequest extends LaidRequest {
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

function neverHere(): never {
  throw new ProjectError(
    'SLAB6006',
    'hosts of a project that is not trusted are compiled in other threads only',
  );
}
