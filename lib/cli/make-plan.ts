import { randomBytes } from 'node:crypto';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { awaitLocks } from '../engine/locks.ts';
import { planHosts, type PlanRequest, type PlanResult } from '../engine/plan-hosts.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import type { PlanReport } from '../model/report.ts';
import { reportPlan } from '../plan/report.ts';
import { recordsFor } from '../project/disk-ledger.ts';
import type { Console } from './console.ts';
import { recordedHost } from './offline-grains.ts';
import { openProject, type OpenProject } from './open-project.ts';
import type {
  ProjectOptions,
  ReachOptions,
  StrictOptions,
  TrialOptions,
  UnknownOptions,
  WaitOptions,
} from './options.ts';
import { reachHosts, readingPorts } from './reach.ts';
import { runFacts, watchAbort } from './run-facts.ts';
import { leaveAtOnce, watchInterrupts, type Interrupts } from './interrupts.ts';

/** What a plan is made from. */
interface PlanInput {
  readonly command: 'plan' | 'apply';
  readonly sls: readonly string[];
  readonly options: ProjectOptions &
    ReachOptions &
    StrictOptions &
    WaitOptions &
    TrialOptions &
    UnknownOptions;
  readonly console: Console;
  readonly keepSessions: boolean;
  /** Stops the run as the first Ctrl-C does. */
  readonly halt?: AbortSignal;
  /** Called once the project is open and before any host is asked. */
  readonly prepare?: (project: OpenProject, run: string) => void;
}

/** A plan with everything an apply needs to go on. */
export interface MadePlan {
  readonly run: string;
  readonly project: OpenProject;
  readonly result: PlanResult;
  readonly report: PlanReport;
  readonly ports: Ports;
  /** Plans one of its hosts again, in the same way. */
  readonly replan: (host: Host) => Promise<PlanResult>;
  readonly interrupts: Interrupts;
  /** Until this is called, a signal ends the process at once; from then on it stops the run in order. */
  readonly stay: () => void;
  close(): Promise<void>;
}

/** Opens the project, plans its hosts and makes the report. What is wrong with the input is said here; then there is only a code. */
export async function makePlan(input: PlanInput): Promise<MadePlan | { readonly code: number }> {
  const { console, options, command } = input;
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.quiet();
    console.complain(opening.diagnostics, opening.source);
    return { code: exitCodes.badInput };
  }
  const { project } = opening;
  if (opening.diagnostics.length > 0) console.complain(opening.diagnostics, project.source);
  const run = randomBytes(4).toString('hex');
  const connector = await reachHosts(project, options, console);
  input.prepare?.(project, run);
  const interrupts = watchInterrupts();
  input.halt?.addEventListener('abort', () => interrupts.halt());
  const stay = leaveAtOnce(interrupts, console, 'interrupted; nothing was changed');
  const ports = readingPorts(connector, console);
  let unwatchAbort = (): void => undefined;
  const close = async (): Promise<void> => {
    unwatchAbort();
    interrupts.unwatch();
    console.quiet();
    await connector.close();
  };
  console.emit({
    type: 'run.started',
    command,
    run,
    environment: project.files.name,
    hosts: project.hosts.map((host) => host.name),
    ...(command === 'apply' ? runFacts(project.directory) : {}),
  });
  unwatchAbort =
    command === 'apply'
      ? watchAbort({ directory: project.directory, run }, interrupts, console)
      : () => undefined;
  const { wait: seconds, parallel } = options;
  if (seconds !== undefined)
    await awaitLocks({ hosts: project.hosts, seconds, parallel, signal: interrupts.stop }, ports);
  const request: PlanRequest = {
    ...planRequest(project, options, { console, signal: interrupts.stop, origin: run }),
    hosts: project.hosts,
    keepSessions: input.keepSessions,
    ...(input.sls.length === 0 ? {} : { sls: input.sls }),
    ...(project.wanted === undefined ? {} : { wanted: project.wanted }),
  };
  const result = await planHosts(request, ports);
  const refused = refusal(result, project, console);
  if (refused !== undefined) {
    await close();
    refused.say();
    return { code: refused.code };
  }
  if (result.warnings.length > 0) {
    console.pause();
    console.complain(result.warnings, project.source);
    console.resume();
  }
  const report = reportPlan(result.plan, console.redactor);
  console.emit({ type: 'plan.ready', report });
  const replan = (host: Host): Promise<PlanResult> => planHosts({ ...request, hosts: [host] }, ports);
  return { run, project, result, report, ports, replan, interrupts, stay, close };
}

/** What planning hosts of a project needs, whichever they are. */
export function planRequest(
  project: OpenProject,
  options: ReachOptions & StrictOptions & TrialOptions & UnknownOptions,
  {
    console,
    signal,
    origin,
  }: { readonly console: Console; readonly signal: AbortSignal; readonly origin: string },
): Omit<PlanRequest, 'hosts' | 'keepSessions'> {
  const environment = project.files.name;
  return {
    environment,
    compiler: project.compiler,
    parallel: options.parallel,
    signal,
    learnSecrets: (secrets) => console.redactor.add(...secrets),
    records: (host) => recordsFor(project.ledger, { environment, host: host.name, now: new Date() }),
    recorded: (host) => recordedHost(host, project),
    lax: options.lax === true,
    origin,
    ...(options.confirmWithin === undefined ? {} : { trialSeconds: options.confirmWithin }),
    unknown: options.runUnknown === true ? 'run' : options.skipUnknown === true ? 'skip' : 'refuse',
  };
}

interface Refusal {
  readonly code: number;
  say(): void;
}

function refusal(result: PlanResult, project: OpenProject, console: Console): Refusal | undefined {
  if (result.diagnostics.length > 0) {
    return {
      code: exitCodes.badInput,
      say: () => console.complain([...result.diagnostics, ...result.warnings], project.source),
    };
  }
  if (result.plan.targeted === 0) {
    return {
      code: exitCodes.badInput,
      say: () => console.say('error[SLAB1011]: the target matches no host'),
    };
  }
  return undefined;
}
