import { applyHosts } from '../engine/apply-hosts.ts';
import { nothingDone } from '../engine/host-result.ts';
import { awaitLocks } from '../engine/locks.ts';
import { planHosts, type PlanResult } from '../engine/plan-hosts.ts';
import type { HostResult } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import type { RolloutStage } from '../model/rollout.ts';
import { isActive } from '../plan/group.ts';
import { reportPlan } from '../plan/report.ts';
import type { DrainedHosts } from '../project/drained-file.ts';
import { renderPlanText } from '../reporters/plan-text.ts';
import type { Console } from './console.ts';
import { drainHosts, undrainHosts, type DrainContext } from './drain.ts';
import type { DeployOptions } from './deploy-options.ts';
import { applyRequest } from './follow-run.ts';
import { type Interrupts, STOPPED } from './interrupts.ts';
import { planRequest } from './make-plan.ts';
import { noteDisks } from './note-disks.ts';
import type { OpenProject } from './open-project.ts';

/** The hosts of a stage, and the way to them. */
export interface Site {
  readonly project: OpenProject;
  readonly ports: Ports;
}

export interface DeployContext {
  readonly options: DeployOptions;
  readonly console: Console;
  readonly interrupts: Interrupts;
  readonly run: string;
  /** The first of the runs that this one goes on with, or itself. */
  readonly origin: string;
}

/** A host's name without the environment before it. */
export function plainName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

export function hostsOf({ inventory }: OpenProject, names: readonly string[]): readonly Host[] {
  return names.flatMap((name) => inventory.hosts.get(plainName(name)) ?? []);
}

/** What a batch is told besides. */
export interface BatchContext {
  /** It is the first of its stage: its plan is shown. */
  readonly first: boolean;
  readonly stage: RolloutStage;
  readonly drained: DrainedHosts;
}

/** How a batch ended. */
interface BatchEnd {
  readonly results: readonly HostResult[];
  /** Why nothing more may be begun. */
  readonly stop?: string;
}

function drainContext(
  { project, ports }: Site,
  { stage, drained, console, interrupts }: DeployContext & BatchContext,
): DrainContext {
  return {
    ...{ stage, ports, drained },
    // A host that has converged is taken back even when the run was told to stop.
    signal: interrupts.cancel,
    hostOf: (name) => project.inventory.hosts.get(name),
    emit: (event) => console.emit(event),
  };
}

/** Plans and applies one batch. What does not compile, is not reached or fails is a result with a name. */
export async function applyBatch(
  site: Site,
  names: readonly string[],
  context: DeployContext & BatchContext,
): Promise<BatchEnd> {
  const { options, console, interrupts, run, origin, first } = context;
  const { project, ports } = site;
  const hosts = hostsOf(project, names);
  const { wait: seconds, parallel } = options;
  if (seconds !== undefined) await awaitLocks({ hosts, seconds, parallel, signal: interrupts.stop }, ports);
  const request = {
    ...planRequest(project, options, { console, signal: interrupts.stop, origin }),
    ...{ hosts, keepSessions: true },
  };
  const result = await planHosts(request, ports);
  if (result.diagnostics.length > 0 || result.warnings.length > 0) {
    console.pause();
    console.complain([...result.diagnostics, ...result.warnings], project.source);
    console.resume();
  }
  const report = reportPlan(result.plan, console.redactor);
  console.emit({ type: 'plan.ready', report });
  if (first && options.json !== true && report.summary.hostsChanged > 0) {
    console.pause();
    console.print(renderPlanText(report, { ...console.style, command: 'deploy' }));
    console.resume();
  }
  const broken = result.diagnostics.length > 0;
  // As in an apply: nothing is begun as long as something is wrong with what was written.
  if (broken) for (const { session } of result.hosts.values()) await session.close();
  const changing = broken ? [] : result.plan.hosts.filter(({ chunks }) => chunks.some(isActive));
  const draining = drainContext(site, context);
  const named = names.flatMap((name) => hostsOf(project, [name]).map((host) => ({ name, host })));
  const about = (test: (host: string) => boolean) => named.filter(({ host }) => test(host.name));
  const cut = await drainHosts(
    about((name) => changing.some(({ host }) => host === name)),
    draining,
  );
  if (cut !== undefined) for (const { session } of result.hosts.values()) await session.close();
  const applied = await applyHosts(
    {
      hosts: cut === undefined ? changing.flatMap(({ host }) => result.hosts.get(host) ?? []) : [],
      ...applyRequest(run, options, { command: 'deploy', console, interrupts }),
      origin,
      replan: (host) => planHosts({ ...request, hosts: [host] }, ports),
    },
    ports,
  );
  const others = names.map(plainName).filter((name) => !applied.some(({ host }) => host === name));
  const waiting = new Set(cut === undefined ? [] : changing.map(({ host }) => host));
  const rest = others.map((name) =>
    waiting.has(name) ? nothingDone(name, 'stopped', { reason: cut?.why ?? '' }) : unplanned(name, result),
  );
  for (const each of rest) console.emit({ type: 'host.finished', host: each.host, result: each });
  const isNoted = await noteDisks({ project, result }, applied, console);
  const results = [...applied, ...rest];
  const converged = (name: string) =>
    results.some(({ host, status }) => host === name && status === 'converged');
  // What was drained and then not changed is as good as before.
  const left = (name: string) => waiting.has(name) && name !== plainName(cut?.at ?? '');
  const stuck = await undrainHosts(
    about((name) => converged(name) || left(name)),
    draining,
  );
  const stop = cut?.why ?? stuck ?? (isNoted ? undefined : 'the ledger of disks could not be written');
  return { results, ...(stop === undefined ? {} : { stop }) };
}

/** How a host ended that had nothing to do, or could not be planned, or stands beside one that does not compile. */
function unplanned(host: string, { plan, diagnostics }: PlanResult): HostResult {
  const unread = plan.unread.find((each) => each.host === host);
  if (unread !== undefined) {
    const { code, reason, fix } = unread;
    if (code === STOPPED) return nothingDone(host, 'stopped', { reason });
    return nothingDone(host, 'unreachable', fix === undefined ? { reason } : { reason, fix });
  }
  const mistake = diagnostics.find(({ hosts = [] }) => hosts.includes(host));
  if (mistake !== undefined)
    return nothingDone(host, 'refused', { reason: `it does not compile: ${mistake.summary}` });
  if (diagnostics.length > 0)
    return nothingDone(host, 'stopped', { reason: 'another host of its batch does not compile' });
  return nothingDone(host, 'converged');
}

/** Plans hosts once more: those where something is left to do, and those of which nothing is known. */
export async function unconverged(
  site: Site,
  hosts: readonly Host[],
  { options, console, interrupts, origin }: DeployContext,
): Promise<ReadonlyMap<string, string>> {
  const quiet = { ...site.ports, emit: () => undefined };
  const result = await planHosts(
    {
      ...planRequest(site.project, options, { console, signal: interrupts.stop, origin }),
      hosts,
      keepSessions: false,
    },
    quiet,
  );
  const red = new Map<string, string>();
  for (const { host, reason } of result.plan.unread) red.set(host, `no answer: ${reason}`);
  for (const { hosts: names = [], summary } of result.diagnostics)
    for (const name of names) red.set(name, summary);
  for (const { host, chunks } of result.plan.hosts) {
    const left = chunks.filter(isActive).map((chunk) => `${chunk.function} ${chunk.name}`);
    if (left.length > 0)
      red.set(
        host,
        `still to do: ${left.slice(0, 3).join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}`,
      );
  }
  return red;
}
