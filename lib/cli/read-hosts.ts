import { TransportError } from '../diagnostics/errors.ts';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { compileAsking } from '../engine/compile-asking.ts';
import { forEachLimited } from '../engine/each-host.ts';
import { createFleet, type Fleet } from '../engine/fleet.ts';
import { readHost, reportUnread, type ReadHost } from '../engine/read-host.ts';
import type { UnreadHost } from '../model/plan.ts';
import type { Console } from './console.ts';
import { leaveAtOnce, watchInterrupts } from './interrupts.ts';
import { recordedHost } from './offline-grains.ts';
import { openProject, type OpenProject } from './open-project.ts';
import type { ProjectOptions, ReachOptions } from './options.ts';
import { reachHosts, readingPorts } from './reach.ts';
import { sayNotices } from './say-notices.ts';

/** Something to do with each host that answered. */
export type HostJob<T> = (read: ReadHost, project: OpenProject, fleet: Fleet) => Promise<T>;

/** What came of it. */
export interface ReadHosts<T> {
  readonly project: OpenProject;
  readonly answers: readonly T[];
  readonly unread: readonly UnreadHost[];
  readonly code: number;
}

/**
 * Connects to every targeted host, does a job with it and closes it again. Bad input is said here; then there is only a code.
 * @param opened is told what hosts there are, before any is asked.
 */
export async function withHosts<T>(
  options: ProjectOptions & ReachOptions,
  console: Console,
  job: HostJob<T>,
  opened: (project: OpenProject) => void = () => undefined,
): Promise<ReadHosts<T> | { readonly code: number }> {
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.quiet();
    console.complain(opening.diagnostics, opening.source);
    return { code: exitCodes.badInput };
  }
  const { project } = opening;
  opened(project);
  const connector = await reachHosts(project, options, console);
  const ports = readingPorts(connector, console);
  const interrupts = watchInterrupts();
  leaveAtOnce(interrupts, console, 'interrupted');
  const unread: UnreadHost[] = [];
  const emit = sayNotices(console);
  const fleet = createFleet({
    ports: { ...ports, emit },
    parallel: options.parallel,
    signal: interrupts.stop,
    recorded: (host) => recordedHost(host, project),
  });
  const answers = await forEachLimited(project.hosts, options.parallel, async (host) => {
    const answer = await readHost(host, ports, interrupts.stop);
    if ('unread' in answer) {
      fleet.lose(host, answer.unread.reason);
      unread.push(answer.unread);
      return [];
    }
    const { read } = answer;
    fleet.learn(host, read.grains);
    try {
      if (project.wanted !== undefined) {
        const { pillar } = await compileAsking({ session: read.session, emit, fleet }, (known, others) =>
          project.compiler.compilePillar(host, read.grains, { answers: known, others }),
        );
        if (!project.wanted(host, read.grains, pillar)) return [];
      }
      return [await job(read, project, fleet)];
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      unread.push(reportUnread(host.name, error, ports));
      return [];
    } finally {
      await read.session.close();
    }
  });
  interrupts.unwatch();
  console.quiet();
  await connector.close();
  for (const { host, reason, fix } of unread) {
    console.say(`NOT read: ${host}: ${reason}${fix === undefined ? '' : `\n  fix: ${fix}`}`);
  }
  return {
    project,
    answers: answers.flat(),
    unread,
    code: unread.length > 0 ? exitCodes.incomplete : exitCodes.done,
  };
}
