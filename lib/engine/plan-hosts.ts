import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import type { Ports, Session } from '../model/ports.ts';
import { assignLeft } from '../plan/assign-left.ts';
import { groupKey, ownSerials, isActive } from '../plan/group.ts';
import type { UnknownChoice } from '../plan/left-behind.ts';
import { predictHost, type Denials } from '../plan/predict.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { claimsOf, denyClaims } from './claims.ts';
import { compileHost, type CompileContext, type CompileRequest, type Held } from './compile-host.ts';
import type { DeclaredHost } from './declare-host.ts';
import { forEachLimited } from './each-host.ts';
import { createFleet, type FleetOptions } from './fleet.ts';
import { probesOf, readProbes } from './examine-host.ts';
import { readProgress } from './host-progress.ts';
import { lookDeeper, type LookPort } from './look-deeper.ts';
import { TRIAL_SECONDS } from './program.ts';
import { readHost, reportUnread, type ReadHost } from './read-host.ts';

/** What to plan, and with what. */
export interface PlanRequest extends CompileRequest {
  readonly hosts: readonly Host[];
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** What is on record of a host that templates of others ask for and that cannot be asked itself. */
  readonly recorded?: FleetOptions['recorded'];
  /** How long what may end our own way to a host would be on trial; 60 unless said otherwise. */
  readonly trialSeconds?: number;
  /** Leave sessions of hosts that would change open, for an apply that follows. */
  readonly keepSessions: boolean;
  /** The run that this one goes on with, or itself: what that one has done is not done again. */
  readonly origin?: string;
  /** What to do with commands of which nobody knows whether they ended; refused unless said. */
  readonly unknown?: UnknownChoice;
}

/** A host that was planned. */
export interface PlannedHost extends ReadHost {
  readonly declared: DeclaredHost;
  readonly predicted: readonly PredictedChunk[];
  readonly plan: HostPlan;
  /** What the limits over all hosts of the plan do not grant. */
  readonly denied: Denials;
  /** Ids of what earlier runs left that is settled by this one: declared no more, or to be run again. */
  readonly settles: { readonly gone: readonly string[]; readonly again: readonly string[] };
}

/** A plan, or the reasons why the states do not compile. */
export interface PlanResult {
  readonly plan: Plan;
  /** Errors: there is nothing to apply. */
  readonly diagnostics: readonly Diagnostic[];
  /** What a person should know of states that do compile. */
  readonly warnings: readonly Diagnostic[];
  /** Hosts by name; those without changes have a closed session. */
  readonly hosts: ReadonlyMap<string, PlannedHost>;
}

/** Reads, compiles, probes and compares every host: two exchanges on one connection each. It cannot write. */
export async function planHosts(request: PlanRequest, ports: Ports): Promise<PlanResult> {
  const began = ports.clock.now();
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const unread: UnreadHost[] = [];
  const planned = new Map<string, PlannedHost>();
  let left = 0;
  const { parallel, signal, recorded } = request;
  const fleet = createFleet({ ports, parallel, signal, ...(recorded === undefined ? {} : { recorded }) });
  const held: Held[] = [];
  const context = { request, ports, warn: (found: readonly Diagnostic[]) => void warnings.push(...found) };
  const keep = (host: Host, result: HostAnswer): void => {
    if ('unread' in result) unread.push(result.unread);
    else if ('planned' in result) planned.set(host.name, result.planned);
    else if ('diagnostics' in result) for (const each of result.diagnostics) diagnostics.push(each);
    else if ('held' in result) held.push(result.held);
    else left += 1;
  };
  await forEachLimited(request.hosts, parallel, async (host) => {
    const answer = await readHost(host, ports, signal);
    if ('unread' in answer) {
      fleet.lose(host, answer.unread.reason);
      unread.push(answer.unread);
      return;
    }
    fleet.learn(host, answer.read.grains);
    keep(host, await planHost(answer.read, { ...context, fleet: { view: () => fleet.view() } }));
  });
  // Templates that ask for other hosts wait until every host of the target was read; most of what they ask is known then.
  await fleet.read([...new Set(held.flatMap(({ wanted }) => wanted))]);
  await forEachLimited(held, parallel, async ({ read }) => {
    keep(read.host, await planHost(read, { ...context, fleet }));
  });
  holdLimits(planned, request.trialSeconds);
  const inOrder = request.hosts.map((host) => planned.get(host.name)).filter((host) => host !== undefined);
  const plan: Plan = {
    format: 'slab.plan/1',
    environment: request.environment,
    madeAt: new Date(began).toISOString(),
    targeted: request.hosts.length - left,
    hosts: inOrder.map((host) => host.plan),
    unread: request.hosts.flatMap((host) => unread.filter((each) => each.host === host.name)),
    durationMs: ports.clock.now() - began,
  };
  return { plan, diagnostics, warnings, hosts: planned };
}

type HostAnswer =
  | { readonly planned: PlannedHost }
  | { readonly unread: UnreadHost }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly held: Held }
  | { readonly notWanted: true };

interface PlanContext extends CompileContext {
  readonly request: PlanRequest;
  readonly ports: Ports;
  readonly warn: (warnings: readonly Diagnostic[]) => void;
}

async function planHost(read: ReadHost, context: PlanContext): Promise<HostAnswer> {
  const { request, ports, warn } = context;
  const { host, session, grains } = read;
  const stop = async <T>(answer: T): Promise<T> => {
    await session.close();
    return answer;
  };
  const about = (found: readonly Diagnostic[]) => found.map((each) => ({ ...each, hosts: [host.name] }));
  const compilation = await compileHost(read, context);
  if ('unread' in compilation) return stop(compilation);
  if ('held' in compilation) return compilation;
  if (compilation.declared === undefined) return stop({ notWanted: true });
  const { declared, found } = compilation;
  warn(about(found.filter((each) => each.severity === 'warning')));
  const errors = found.filter((each) => each.severity === 'error');
  if (errors.length > 0) return stop({ diagnostics: about(errors) });
  try {
    const probes = probesOf(declared, grains);
    const results = await session.exchange(probes.sections);
    const seen = await lookDeeper(readProbes(declared, probes, results), grains, lookPort(session, ports));
    const { examined, gone, again } = assignLeft(seen, read.left, {
      ...(request.origin === undefined ? {} : { origin: request.origin }),
      unknown: request.unknown ?? 'refuse',
      whole: request.sls === undefined,
    });
    for (const words of gone.values()) sayGone(host.name, words, ports);
    const predicted = predictHost(examined);
    const plan = planOf(host, predicted, request.trialSeconds);
    const { chunks } = plan;
    const changes = chunks.filter(isActive).length;
    ports.emit({ type: 'host.planned', host: host.name, changes, states: chunks.length });
    if (changes === 0 || !request.keepSessions) await session.close();
    const settles = { gone: [...gone.keys()], again };
    return { planned: { ...read, declared, predicted, plan, denied: () => undefined, settles } };
  } catch (error) {
    return stop({ unread: reportUnread(host.name, error, ports) });
  }
}

/** A state that is gone cannot make up for anything; the next run forgets it. */
function sayGone(host: string, words: string, ports: Ports): void {
  const message = `${words}; it is not declared any more, so nothing is done about it`;
  ports.emit({ type: 'notice', level: 'warning', host, code: 'SLAB5209', message });
}

/** What is taken back is not tried again by itself: whoever locked slab out once would lock it out again. */
const RETRY_ON_TRIAL = 'retry has no effect: what is on trial is tried once';

/** A plan says what will only be tried, and for how long. */
function planOf(host: Host, predicted: readonly PredictedChunk[], seconds = TRIAL_SECONDS): HostPlan {
  const chunks = predicted.map(({ planned, examined }) => {
    if (planned.access === undefined || (planned.verdict !== 'act' && planned.verdict !== 'maybe'))
      return planned;
    const note = `on trial, as ${planned.access}: the host takes it back after ${seconds} s unless a new login confirms it`;
    const retry = examined.settings?.retry === undefined ? [] : [RETRY_ON_TRIAL];
    return { ...planned, notes: [...planned.notes, note, ...retry] };
  });
  const names = [host.name, ...(host.address === undefined ? [] : [host.address]), ...ownSerials(chunks)];
  return { host: host.name, chunks, group: groupKey(chunks, names) };
}

/** How closer looks reach a host, and how it is told how far they are. */
export function lookPort(session: Session, ports: Pick<Ports, 'emit'>): LookPort {
  return {
    exchange: (sections, listener) => session.exchange(sections, listener),
    progress: (progress) => ports.emit({ type: 'host.looking', host: session.host, ...progress }),
    told: (what, words) => {
      const progress = readProgress(session.host, words, () => what);
      if (progress !== undefined) ports.emit(progress);
    },
  };
}

/** Hosts that ask together for more than a limit over all hosts grants are compared again without it. */
function holdLimits(planned: Map<string, PlannedHost>, trialSeconds: number | undefined): void {
  const all = [...planned].map(([name, { predicted }]) => claimsOf(name, predicted));
  const denied = denyClaims(all);
  for (const { host: name, claims } of all) {
    const host = planned.get(name);
    if (host === undefined || !claims.some(({ budget }) => denied(budget) !== undefined)) continue;
    const predicted = predictHost(
      host.predicted.filter((each) => !each.listener).map((each) => each.examined),
      denied,
    );
    planned.set(name, { ...host, predicted, plan: planOf(host.host, predicted, trialSeconds), denied });
  }
}
