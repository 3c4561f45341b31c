import { SlabError } from '../diagnostics/errors.ts';
import type { HostResult, Outcome } from '../model/event.ts';
import type { Ports } from '../model/ports.ts';
import type { SectionResult } from '../model/script.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { predictHost } from '../plan/predict.ts';
import { label } from '../plan/requisites.ts';
import { sh } from '../shell/sh.ts';
import { forEachLimited } from './each-host.ts';
import { probesOf, readProbes, type Probes } from './examine-host.ts';
import { summarise } from './host-result.ts';
import { lookDeeper } from './look-deeper.ts';
import { readOpening } from './opening.ts';
import { readOutcome, type Attempt } from './outcome.ts';
import { lookPort, type PlannedHost } from './plan-hosts.ts';
import { buildProgram, type Program, type ProgramChunk } from './program.ts';
import { chunkName, forgivenFailures, stillDiffering, type Outcomes } from './verify.ts';

/** What to apply, and how it may be stopped. */
export interface ApplyRequest {
  readonly hosts: readonly PlannedHost[];
  readonly run: string;
  /** Who runs it and since when, for whoever finds a host locked. */
  readonly who: string;
  readonly parallel: number;
  /** No new steps: what runs may finish. */
  readonly stop: AbortSignal;
  /** End what runs, too. */
  readonly cancel: AbortSignal;
  /** Hides secret values in what hosts print. */
  readonly redact: (text: string) => string;
}

/** Brings plans about: one program a host, events as they happen, then everything is probed again. */
export async function applyHosts(request: ApplyRequest, ports: Ports): Promise<readonly HostResult[]> {
  return forEachLimited(request.hosts, request.parallel, async (host) => {
    const result = request.stop.aborted ? notStarted(host.host.name) : await applyHost(host, request, ports);
    await host.session.close();
    ports.emit({ type: 'host.finished', host: host.host.name, result });
    return result;
  });
}

function notStarted(host: string): HostResult {
  return {
    ...NOTHING,
    host,
    status: 'stopped',
    durationMs: 0,
    reason: 'the run was stopped before this host',
  };
}

const NOTHING = { changed: 0, failed: 0, skipped: 0, unknown: 0, remaining: [] };

async function applyHost(host: PlannedHost, request: ApplyRequest, ports: Ports): Promise<HostResult> {
  const began = ports.clock.now();
  const name = host.host.name;
  const program = buildProgram(host.predicted, {
    run: request.run,
    who: request.who,
    conditions: host.declared.conditions,
  });
  const outcomes = expectedFailures(host, ports);
  const unhook = hookSignals(host, program, request, ports);
  const follower = followProgram({ host, program, outcomes, ports, redact: request.redact });
  try {
    const probes = probesOf(host.declared, host.grains);
    const results = await host.session.exchange(
      [program.open, ...program.sections, ...probes.sections, program.close],
      follower.listener,
    );
    const refused = readOpening(results.find((result) => result.name === 'open'));
    if (refused !== undefined)
      return { ...NOTHING, host: name, status: 'refused', ...refused, durationMs: ports.clock.now() - began };
    const after = await verify({ host, probes, results, outcomes, ports });
    const remaining = stillDiffering(after, outcomes);
    const disks = after.flatMap((each) => each.planned.disks ?? []);
    const forgiven = forgivenFailures(host.predicted, outcomes);
    const result = summarise({ name, outcomes, remaining, forgiven, durationMs: ports.clock.now() - began });
    return disks.length === 0 ? result : { ...result, disks };
  } catch (error) {
    if (!(error instanceof SlabError)) throw error;
    const reason = inUsersWords(error.message, program);
    follower.lost(reason);
    const result = summarise({
      name,
      outcomes,
      remaining: [],
      forgiven: new Set(),
      durationMs: ports.clock.now() - began,
    });
    return {
      ...result,
      status: 'unknown',
      reason,
      fix: 'run the same command again: it looks at the host anew and goes on from there',
    };
  } finally {
    unhook();
  }
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

interface Following {
  readonly host: PlannedHost;
  readonly program: Program;
  readonly outcomes: Outcomes;
  readonly ports: Ports;
  readonly redact: (text: string) => string;
}

/** Turns what the host says while the program runs into events. */
function followProgram({ host, program, outcomes, ports, redact }: Following) {
  const name = host.host.name;
  const bySection = new Map(
    program.chunks.flatMap((chunk) =>
      [chunk.section, ...chunk.attempts].map((section) => [section, chunk] as const),
    ),
  );
  const begun = new Set<ProgramChunk>();
  let verifying = false;
  let refusal: string | undefined;
  const finish = (section: string, outcome: Outcome, durationMs: number): void => {
    const chunk = bySection.get(section);
    if (chunk === undefined || outcomes.has(chunk.predicted.planned.key)) return;
    const named = chunkName(chunk.predicted.planned);
    outcomes.set(chunk.predicted.planned.key, { chunk: named, outcome });
    ports.emit({ type: 'chunk.finished', host: name, chunk: named, outcome, durationMs });
  };
  return {
    listener: {
      started(section: string) {
        const chunk = bySection.get(section);
        if (chunk !== undefined && !begun.has(chunk)) {
          begun.add(chunk);
          const step = chunk.titles[0] ?? '';
          ports.emit({ type: 'chunk.started', host: name, chunk: chunkName(chunk.predicted.planned), step });
        } else if (section.startsWith('probe.') && !verifying) {
          verifying = true;
          ports.emit({ type: 'host.verifying', host: name });
        }
      },
      finished(result: SectionResult) {
        const chunk = bySection.get(result.name);
        if (chunk !== undefined) {
          const outcome = readOutcome(chunk, result, program.chunks);
          if (outcome.status === 'again') {
            if (outcome.ended !== '') tryingAgain({ host, ports, redact }, chunk, result.name, outcome);
            return;
          }
          const shown: Outcome =
            refusal === undefined ? redactOutcome(outcome, redact) : { status: 'skipped', because: refusal };
          finish(result.name, shown, result.durationMs);
        } else if (result.name === 'open') {
          refusal = readOpening(result)?.reason;
          if (refusal === undefined) ports.emit({ type: 'lock.taken', host: name });
        } else if (result.name === 'close') {
          ports.emit({ type: 'lock.released', host: name });
        }
      },
    },
    /** The line dropped: what ran is unknown, what had not begun was not done. */
    lost(cause: string) {
      for (const chunk of program.chunks) {
        const step = chunk.titles[0] ?? '';
        finish(
          chunk.section,
          begun.has(chunk)
            ? { status: 'unknown', step, cause }
            : { status: 'skipped', because: `not started: ${cause}` },
          0,
        );
      }
    },
  };
}

/** Each attempt is seen when it happens, with what it said. */
function tryingAgain(
  { host, ports, redact }: Pick<Following, 'host' | 'ports' | 'redact'>,
  chunk: ProgramChunk,
  section: string,
  attempt: Attempt,
): void {
  const { retry } = chunk.predicted.examined.settings ?? {};
  if (retry === undefined) return;
  const number = chunk.attempts.indexOf(section) + 2;
  const last = redact(attempt.output.split('\n').at(-1) ?? '');
  const splay = retry.splay === 0 ? '' : ` to ${retry.interval + retry.splay}`;
  const message =
    `${label(chunk.predicted.planned.key)}: attempt ${number} of ${retry.attempts} ${attempt.ended}` +
    `${last === '' ? '' : ` (${last})`}; again in ${retry.interval}${splay} s`;
  ports.emit({ type: 'notice', level: 'warning', host: host.host.name, code: 'SLAB5204', message });
}

/** Sections are numbered where they run; whoever reads that the line broke wants to know in which state. */
function inUsersWords(message: string, program: Program): string {
  return message.replace(/"(c\d+)(?:\.\d+)?"/g, (text, section: string) => {
    const chunk = program.chunks.find((each) => each.section === section)?.predicted.examined.chunk;
    return chunk === undefined ? text : `"${chunk.module}.${chunk.fun} ${chunk.id}"`;
  });
}

function redactOutcome(outcome: Outcome, redact: (text: string) => string): Outcome {
  return outcome.status === 'failed' ? { ...outcome, output: redact(outcome.output) } : outcome;
}

/**
 * Passes a stop on to the host: a file that the runner looks for between steps, and then a signal to the running step.
 * No `--` for kill: neither dash nor busybox ash knows it there.
 */
function hookSignals(host: PlannedHost, program: Program, request: ApplyRequest, ports: Ports): () => void {
  const tell = (script: ReturnType<typeof sh>, what: string) => () => {
    const tellWhy = (reason: string): void => {
      const message = `${what} could not be passed on: ${reason}`;
      ports.emit({ type: 'notice', level: 'warning', host: host.host.name, code: 'SLAB3308', message });
    };
    host.session.aside(script).then(
      ({ code, stderr }) => {
        if (code !== 0) tellWhy(stderr.trim() || `exit code ${code}`);
      },
      (error: unknown) => tellWhy(error instanceof Error ? error.message : String(error)),
    );
  };
  const stop = tell(sh`: >${program.directory}/stop`, 'the stop');
  const cancel = tell(
    sh`: >${program.directory}/stop
group=$(cat ${program.directory}/pid) && kill -TERM "-$group"`,
    'the cancel',
  );
  request.stop.addEventListener('abort', stop);
  request.cancel.addEventListener('abort', cancel);
  return () => {
    request.stop.removeEventListener('abort', stop);
    request.cancel.removeEventListener('abort', cancel);
  };
}
