import { SlabError } from '../diagnostics/errors.ts';
import { type Armed, readArmed } from '../confirm/answers.ts';
import type { HostResult, Outcome } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan } from '../model/plan.ts';
import type { ExchangeListener, Ports, Session } from '../model/ports.ts';
import type { Section, SectionResult } from '../model/script.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { predictHost } from '../plan/predict.ts';
import { exchangeAndArm } from './arm-trial.ts';
import { probesOf, readProbes, type Probes } from './examine-host.ts';
import { nothingDone, summarise } from './host-result.ts';
import { untilFree } from './locks.ts';
import { lookDeeper } from './look-deeper.ts';
import { readOpening } from './opening.ts';
import { passSignals } from './pass-signals.ts';
import { lookPort, type PlannedHost, type PlanResult } from './plan-hosts.ts';
import { asksReboot } from './reboot-host.ts';
import { buildProgram, reopenSection, TRIAL_SECONDS, type Program, type ProgramTrial } from './program.ts';
import { mayHaveRun, refuseUnknown } from './refuse-unknown.ts';
import { tryTrial } from './try-trial.ts';
import { followProgram, inUsersWords } from './follow-program.ts';
import { chunkName, forgivenFailures, stillDiffering, type Outcomes } from './verify.ts';

/** How to apply, and how it may be stopped. */
export interface ApplyRequest {
  readonly run: string;
  /** Who runs it and since when, for whoever finds a host locked. */
  readonly who: string;
  /** No new steps: what runs may finish. */
  readonly stop: AbortSignal;
  /** End what runs, too. */
  readonly cancel: AbortSignal;
  /** How long what may end our own way to a host may be on trial; 60 unless said otherwise. */
  readonly trialSeconds?: number;
  /** How long a host that a state reboots may stay away; 900 unless said otherwise. */
  readonly rebootSeconds?: number;
  /** Wait so long for a host that another run holds; no wait unless said. */
  readonly waitSeconds?: number;
  /** Hides secret values in what hosts print. */
  readonly redact: (text: string) => string;
  /** The first of the runs that go on with each other, or itself; none where no other goes on with it. */
  readonly origin?: string;
  /** Plans a host again that was rebooted because a state asked for it. */
  readonly replan: (host: Host) => Promise<PlanResult>;
  /** How a host ends whose fresh plan goes beyond what was approved. */
  readonly hold?: (plan: HostPlan) => HostResult | undefined;
}

/** What the hosts of a run that try something have to know of each other. */
export interface Applied {
  readonly result: HostResult;
  /** A state asks for a reboot, and what comes after it was not begun. */
  readonly reboots?: boolean;
  /** What was tried on it did not prove itself, so nobody else should try it. */
  readonly unconfirmed: boolean;
}

/** Brings one plan about; a reboot that a state asks for is left to the caller. */
export async function applyHost(host: PlannedHost, request: ApplyRequest, ports: Ports): Promise<Applied> {
  if (mayHaveRun(host.predicted).length > 0) return { result: refuseUnknown(host), unconfirmed: false };
  const began = ports.clock.now();
  const name = host.host.name;
  const { run, who, trialSeconds, origin, redact: naming } = request;
  const program = buildProgram(host.predicted, {
    ...{ run, who, naming, settles: host.settles, conditions: host.declared.conditions },
    ...(origin === undefined ? {} : { origin }),
    ...(trialSeconds === undefined ? {} : { trialSeconds }),
  });
  const outcomes = expectedFailures(host, ports);
  const line = { session: host.session };
  const { stop, cancel } = request;
  const unhook = passSignals(name, { directory: program.directory, stop, cancel, line }, ports);
  const follower = followProgram({ host, program, outcomes, ports, redact: request.redact });
  let unconfirmed = false;
  ports.emit({ type: 'host.applying', host: name });
  const end = (result: HostResult): Applied => ({ result, unconfirmed });
  let lost: Armed | undefined;
  const arming = async (sections: readonly Section[], next: ProgramTrial | undefined) => {
    const exchanged = await exchangeAndArm(line.session, { sections, next, listener: follower.listener });
    lost = exchanged.lost;
    return exchanged.results;
  };
  try {
    const probes = probesOf(host.declared, host.grains);
    const last = [program.look, ...probes.sections, program.close];
    const work = [...program.sections, ...(program.trials[0] === undefined ? last : [program.trials[0].arm])];
    const opening = await openFirst(host.session, { program, request, listener: follower.listener }, ports);
    let results = opening ?? (await arming([program.open, ...work], program.trials[0]));
    const refused = readOpening(results.find((result) => result.name === 'open'));
    if (refused !== undefined) {
      const { reason, fix } = refused;
      const durationMs = ports.clock.now() - began;
      return end({ ...nothingDone(name, 'refused', { reason, fix }), durationMs });
    }
    if (opening !== undefined) results = await arming(work, program.trials[0]);
    for (const [index, trial] of program.trials.entries()) {
      const armed = lost ?? readArmed(results.find((result) => result.name === trial.arm.name));
      lost = undefined;
      const next = program.trials[index + 1];
      const rest = [...trial.sections, ...(next === undefined ? last : [next.arm])];
      const { redact, trialSeconds: seconds = TRIAL_SECONDS } = request;
      const tried = await tryTrial({ host, trial, armed, line, seconds, cancel, redact }, ports);
      unconfirmed ||= armed.is !== 'empty' && !tried.well;
      if (tried.lost !== undefined) throw new SlabError('SLAB3308', tried.lost);
      const held = follower.settle(trial, tried.well ? undefined : tried);
      const open = reopenSection(program, { who, well: tried.well, held });
      results = await arming([open, ...rest], next);
      const locked = readOpening(results.find((result) => result.name === 'open'));
      if (locked !== undefined) throw new SlabError('SLAB5201', locked.reason);
    }
    const after = await verify({
      host: { ...host, session: line.session },
      probes,
      results,
      outcomes,
      ports,
    });
    // What a reboot is to bring about differs until then.
    const reboots = asksReboot(results);
    const remaining = reboots ? [] : stillDiffering(after, outcomes);
    const disks = after.flatMap((each) => each.planned.disks ?? []);
    const forgiven = forgivenFailures(host.predicted, outcomes);
    const result = summarise({
      ...{ name, outcomes, remaining, forgiven, destroyed: follower.destroyed() },
      durationMs: ports.clock.now() - began,
    });
    const ended = end(disks.length === 0 ? result : { ...result, disks });
    return reboots ? { ...ended, reboots: true } : ended;
  } catch (error) {
    if (!(error instanceof SlabError)) throw error;
    const reason = inUsersWords(error.message, program);
    follower.lost(reason);
    const result = summarise({
      ...{ name, outcomes, remaining: [], forgiven: new Set(), destroyed: follower.destroyed() },
      durationMs: ports.clock.now() - began,
    });
    unconfirmed ||= program.trials.length > 0;
    return end({
      ...result,
      status: 'unknown',
      reason,
      fix: 'run the same command again: it looks at the host anew and goes on from there',
    });
  } finally {
    unhook();
    if (line.session !== host.session) await line.session.close();
  }
}

/** Where a lock is waited for it is asked for alone; otherwise all goes over at once. */
async function openFirst(
  session: Session,
  {
    program,
    request,
    listener,
  }: { readonly program: Program; readonly request: ApplyRequest; readonly listener: ExchangeListener },
  ports: Ports,
): Promise<readonly SectionResult[] | undefined> {
  const { waitSeconds: seconds = 0, stop: signal } = request;
  if (seconds === 0) return undefined;
  let answers: readonly SectionResult[] = [];
  await untilFree({ host: session.host, seconds, signal }, ports, async () => {
    answers = await session.exchange([program.open], listener);
    const closed = readOpening(answers[0]);
    return closed?.locked === true ? closed.reason : undefined;
  });
  return answers;
}

interface Verifying {
  readonly host: PlannedHost;
  readonly probes: Probes;
  readonly results: readonly SectionResult[];
  readonly outcomes: Outcomes;
  readonly ports: Ports;
}

/** Compares everything once more; what has failed need not be looked at closely again. */
async function verify({
  host,
  probes,
  results,
  outcomes,
  ports,
}: Verifying): Promise<readonly PredictedChunk[]> {
  const seen = await lookDeeper(
    readProbes(host.declared, probes, results),
    host.grains,
    lookPort(host.session, ports),
    ({ chunk }) => !['failed', 'skipped'].includes(outcomes.get(chunk.key)?.outcome.status ?? 'unchanged'),
  );
  return predictHost(seen, host.denied);
}

/** Chunks that cannot work are failures without a step. */
function expectedFailures(host: PlannedHost, ports: Ports): Outcomes {
  const outcomes: Outcomes = new Map();
  for (const { planned } of host.predicted) {
    if (planned.problems.length === 0 || planned.changes.length > 0) continue;
    const outcome: Outcome = {
      status: 'failed',
      step: 'compare',
      code: null,
      output: planned.problems.join('\n'),
    };
    outcomes.set(planned.key, { chunk: chunkName(planned), outcome });
    ports.emit({
      type: 'chunk.finished',
      host: host.host.name,
      chunk: chunkName(planned),
      outcome,
      durationMs: 0,
    });
  }
  return outcomes;
}
