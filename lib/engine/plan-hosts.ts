import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Event } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { HostRecords } from '../model/records.ts';
import type { Dict, Grains } from '../model/value.ts';
import { groupKey, isActive } from '../plan/group.ts';
import { predictHost, type Denials } from '../plan/predict.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import type { Compiler } from '../sls/compiler.ts';
import { claimsOf, denyClaims } from './claims.ts';
import { compileAsking } from './compile-asking.ts';
import { declareHost, noRecords, type DeclaredHost, type Strictness } from './declare-host.ts';
import { forEachLimited } from './each-host.ts';
import { probesOf, readProbes } from './examine-host.ts';
import { lookDeeper, type LookPort } from './look-deeper.ts';
import { readHost, reportUnread, type ReadHost } from './read-host.ts';

/** What to plan, and with what. */
export interface PlanRequest extends Strictness {
  readonly environment: string;
  readonly hosts: readonly Host[];
  readonly compiler: Compiler;
  /** SLS to compile instead of what the top file says. */
  readonly sls?: readonly string[];
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Learns the secret values of a host's pillar before anything of that host is shown. */
  readonly learnSecrets: (secrets: readonly string[]) => void;
  /** A target that needs grains or pillar is decided here; left out means all. */
  readonly wanted?: (host: Host, grains: Grains, pillar: Dict) => boolean;
  /** What is on record of a host; left out means nothing. */
  readonly records?: (host: Host) => HostRecords;
  /** Leave sessions of hosts that would change open, for an apply that follows. */
  readonly keepSessions: boolean;
}

/** A host that was planned. */
export interface PlannedHost extends ReadHost {
  readonly declared: DeclaredHost;
  readonly predicted: readonly PredictedChunk[];
  readonly plan: HostPlan;
  /** What the limits over all hosts of the plan do not grant. */
  readonly denied: Denials;
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
  await forEachLimited(request.hosts, request.parallel, async (host) => {
    const answer = await readHost(host, ports, request.signal);
    if ('unread' in answer) {
      unread.push(answer.unread);
      return;
    }
    const result = await planHost(answer.read, { request, ports, warn: (found) => warnings.push(...found) });
    if ('unread' in result) unread.push(result.unread);
    else if ('planned' in result) planned.set(host.name, result.planned);
    else if ('diagnostics' in result) diagnostics.push(...result.diagnostics);
    else left += 1;
  });
  holdLimits(planned);
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
  | { readonly notWanted: true };

interface PlanContext {
  readonly request: PlanRequest;
  readonly ports: Ports;
  readonly warn: (warnings: readonly Diagnostic[]) => void;
}

async function planHost(read: ReadHost, { request, ports, warn }: PlanContext): Promise<HostAnswer> {
  const { host, session, grains } = read;
  const stop = async <T>(answer: T): Promise<T> => {
    await session.close();
    return answer;
  };
  const about = (found: readonly Diagnostic[]) => found.map((each) => ({ ...each, hosts: [host.name] }));
  const compilation = await compileHost(read, request, ports);
  if ('unread' in compilation) return stop(compilation);
  if (compilation.declared === undefined) return stop({ notWanted: true });
  const { declared, found } = compilation;
  warn(about(found.filter((each) => each.severity === 'warning')));
  const errors = found.filter((each) => each.severity === 'error');
  if (errors.length > 0) return stop({ diagnostics: about(errors) });
  try {
    const probes = probesOf(declared, grains);
    const results = await session.exchange(probes.sections);
    const seen = await lookDeeper(readProbes(declared, probes, results), grains, lookPort(session, ports));
    const predicted = predictHost(seen);
    const plan = planOf(host, predicted);
    const { chunks } = plan;
    const changes = chunks.filter(isActive).length;
    ports.emit({ type: 'host.planned', host: host.name, changes, states: chunks.length });
    if (changes === 0 || !request.keepSessions) await session.close();
    return { planned: { ...read, declared, predicted, plan, denied: () => undefined } };
  } catch (error) {
    return stop({ unread: reportUnread(host.name, error, ports) });
  }
}

interface Compiled {
  /** Absent when the target does not want this host. */
  readonly declared?: DeclaredHost;
  readonly found: readonly Diagnostic[];
}

/** Compiles a host, asking it whatever its templates want to know. */
async function compileHost(
  read: ReadHost,
  request: PlanRequest,
  ports: Ports,
): Promise<Compiled | { readonly unread: UnreadHost }> {
  const { host, session, grains } = read;
  const { compiler, wanted } = request;
  const records = request.records?.(host) ?? noRecords(request.environment, host.name);
  const asking = { session, emit: (event: Event) => ports.emit(event) };
  try {
    if (wanted !== undefined) {
      const { pillar } = await compileAsking(asking, (answers) =>
        compiler.compilePillar(host, grains, { answers }),
      );
      if (!wanted(host, grains, pillar)) return { found: [] };
    }
    return await compileAsking(asking, (answers) => {
      const compiled = compiler.compile(host, grains, {
        answers,
        ...(request.sls === undefined ? {} : { sls: request.sls }),
      });
      request.learnSecrets(compiled.secrets);
      const { files } = compiled;
      const { failhard = false } = host;
      const { lax = false } = request;
      const declared = declareHost(compiled.found, { grains, files, records, failhard, lax });
      return {
        declared,
        found: [
          ...compiled.diagnostics,
          ...declared.diagnostics.map((each) => compiled.includedFrom(each)),
          ...compiled.lateDiagnostics(),
        ],
      };
    });
  } catch (error) {
    return { unread: reportUnread(host.name, error, ports) };
  }
}

function planOf(host: Host, predicted: readonly PredictedChunk[]): HostPlan {
  const chunks = predicted.map((each) => each.planned);
  const names = [host.name, ...(host.address === undefined ? [] : [host.address])];
  return { host: host.name, chunks, group: groupKey(chunks, names) };
}

/** How closer looks reach a host, and how it is told how far they are. */
export function lookPort(session: Session, ports: Pick<Ports, 'emit'>): LookPort {
  return {
    exchange: (sections, listener) => session.exchange(sections, listener),
    progress: (progress) => ports.emit({ type: 'host.looking', host: session.host, ...progress }),
  };
}

/** Hosts that ask together for more than a limit over all hosts grants are compared again without it. */
function holdLimits(planned: Map<string, PlannedHost>): void {
  const all = [...planned].map(([name, { predicted }]) => claimsOf(name, predicted));
  const denied = denyClaims(all);
  for (const { host: name, claims } of all) {
    const host = planned.get(name);
    if (host === undefined || !claims.some(({ budget }) => denied(budget) !== undefined)) continue;
    const predicted = predictHost(
      host.predicted.filter((each) => !each.listener).map((each) => each.examined),
      denied,
    );
    planned.set(name, { ...host, predicted, plan: planOf(host.host, predicted), denied });
  }
}
