import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, Plan, UnreadHost } from '../model/plan.ts';
import type { Ports } from '../model/ports.ts';
import type { Dict, Grains } from '../model/value.ts';
import { groupKey, isActive } from '../plan/group.ts';
import { predictHost, type PredictedChunk } from '../plan/predict.ts';
import type { Compiler } from '../sls/compiler.ts';
import { declareHost, type DeclaredHost } from './declare-host.ts';
import { forEachLimited } from './each-host.ts';
import { probeSections, readProbes } from './examine-host.ts';
import { readHost, reportUnread, type ReadHost } from './read-host.ts';

/** What to plan, and with what. */
export interface PlanRequest {
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
  /** Leave sessions of hosts that would change open, for an apply that follows. */
  readonly keepSessions: boolean;
}

/** A host that was planned. */
export interface PlannedHost extends ReadHost {
  readonly declared: DeclaredHost;
  readonly predicted: readonly PredictedChunk[];
  readonly plan: HostPlan;
}

/** A plan, or the reasons why the states do not compile. */
export interface PlanResult {
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Hosts by name; those without changes have a closed session. */
  readonly hosts: ReadonlyMap<string, PlannedHost>;
}

/** Reads, compiles, probes and compares every host: two exchanges on one connection each. It cannot write. */
export async function planHosts(request: PlanRequest, ports: Ports): Promise<PlanResult> {
  const began = ports.clock.now();
  const diagnostics: Diagnostic[] = [];
  const unread: UnreadHost[] = [];
  const planned = new Map<string, PlannedHost>();
  let left = 0;
  await forEachLimited(request.hosts, request.parallel, async (host) => {
    const answer = await readHost(host, ports, request.signal);
    if ('unread' in answer) {
      unread.push(answer.unread);
      return;
    }
    const result = await planHost(answer.read, request, ports);
    if ('unread' in result) unread.push(result.unread);
    else if ('planned' in result) planned.set(host.name, result.planned);
    else if ('diagnostics' in result) diagnostics.push(...result.diagnostics);
    else left += 1;
  });
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
  return { plan, diagnostics, hosts: planned };
}

type HostAnswer =
  | { readonly planned: PlannedHost }
  | { readonly unread: UnreadHost }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly notWanted: true };

async function planHost(read: ReadHost, request: PlanRequest, ports: Ports): Promise<HostAnswer> {
  const { host, session, grains } = read;
  const stop = async <T>(answer: T): Promise<T> => {
    await session.close();
    return answer;
  };
  const compiled = request.compiler.compile(
    host,
    grains,
    request.sls === undefined ? {} : { sls: request.sls },
  );
  request.learnSecrets(compiled.secrets);
  if (request.wanted !== undefined && !request.wanted(host, grains, compiled.pillar))
    return stop({ notWanted: true });
  const about = (found: readonly Diagnostic[]) => found.map((each) => ({ ...each, hosts: [host.name] }));
  const declared = declareHost(compiled.found, grains, compiled.files);
  const found = [...compiled.diagnostics, ...declared.diagnostics, ...compiled.lateDiagnostics()];
  for (const each of found.filter((one) => one.severity === 'warning')) {
    ports.emit({ type: 'notice', level: 'warning', host: host.name, code: each.code, message: each.summary });
  }
  const errors = found.filter((each) => each.severity === 'error');
  if (errors.length > 0) return stop({ diagnostics: about(errors) });
  try {
    const results = await session.exchange(probeSections(declared, grains));
    const predicted = predictHost(readProbes(declared, results));
    const chunks = predicted.map((each) => each.planned);
    const plan = {
      host: host.name,
      chunks,
      group: groupKey(chunks, [host.name, ...(host.address === undefined ? [] : [host.address])]),
    };
    const changes = chunks.filter(isActive).length;
    ports.emit({ type: 'host.planned', host: host.name, changes, states: chunks.length });
    if (changes === 0 || !request.keepSessions) await session.close();
    return { planned: { ...read, declared, predicted, plan } };
  } catch (error) {
    return stop({ unread: reportUnread(host.name, error, ports) });
  }
}
