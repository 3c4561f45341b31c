import type { Outcome } from '../model/event.ts';
import type { Ports } from '../model/ports.ts';
import type { GivenUp } from '../model/records.ts';
import type { SectionResult } from '../model/script.ts';
import { label } from '../plan/requisites.ts';
import { destroyedBy, maybeDestroyed } from './destroyed.ts';
import { readProgress } from './host-progress.ts';
import { readOpening, readTakenOver } from './opening.ts';
import { readOutcome, type Attempt } from './outcome.ts';
import type { PlannedHost } from './plan-hosts.ts';
import type { Program, ProgramChunk, ProgramTrial } from './program.ts';
import type { Tried } from './try-trial.ts';
import { chunkName, type Outcomes } from './verify.ts';

interface Following {
  readonly host: PlannedHost;
  readonly program: Program;
  readonly outcomes: Outcomes;
  readonly ports: Ports;
  readonly redact: (text: string) => string;
}

/** Turns what the host says while the program runs into events. */
export function followProgram({ host, program, outcomes, ports, redact }: Following) {
  const name = host.host.name;
  const bySection = new Map(
    program.chunks.flatMap((chunk) =>
      [chunk.section, ...chunk.attempts].map((section) => [section, chunk] as const),
    ),
  );
  const begun = new Set<ProgramChunk>();
  const held = new Set<ProgramChunk>();
  const destroyed: GivenUp[] = [];
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
      told(section: string, words: readonly string[]) {
        const progress = readProgress(name, words, (step) => bySection.get(section)?.titles[step]);
        if (progress !== undefined) ports.emit(progress);
      },
      finished(result: SectionResult) {
        const chunk = bySection.get(result.name);
        if (chunk !== undefined) {
          const outcome = readOutcome(chunk, result, program.chunks);
          destroyed.push(...destroyedBy(chunk, result));
          if (outcome.status === 'held') {
            held.add(chunk);
            return;
          }
          if (outcome.status === 'again') {
            if (outcome.ended !== '') tryingAgain({ host, ports, redact }, chunk, result.name, outcome);
            return;
          }
          const shown: Outcome =
            refusal === undefined ? redactOutcome(outcome, redact) : { status: 'skipped', because: refusal };
          finish(result.name, shown, result.durationMs);
        } else if (result.name === 'open') {
          refusal = readOpening(result)?.reason;
          if (refusal === undefined) sayTaken(name, readTakenOver(result), ports);
        } else if (result.name === 'close') {
          ports.emit({ type: 'lock.released', host: name });
        }
      },
    },
    /** What was destroyed so far, or may have been, of what a person gave up; may name a thing twice. */
    destroyed: (): readonly GivenUp[] => destroyed,
    /** How what was on trial has ended; answers which chunks those are. */
    settle(trial: ProgramTrial, failure: Tried | undefined): readonly ProgramChunk[] {
      const tried = trial.chunks.filter((chunk) => held.has(chunk));
      const guilty = failure?.part === undefined ? undefined : `c${failure.part.replace(/[.].*/, '')}`;
      for (const chunk of tried) {
        const mine = guilty === undefined || guilty === chunk.section;
        const step = chunk.titles[Number(mine ? (failure?.part?.split('.')[1] ?? 0) : 0)] ?? '';
        const because = mine ? (failure?.why ?? '') : `nothing was tried, for ${failure?.why ?? ''}`;
        finish(
          chunk.section,
          failure === undefined
            ? { status: 'changed' }
            : { status: 'failed', step, code: null, output: because },
          0,
        );
      }
      return tried;
    },
    /** The line dropped: what ran is unknown, what had not begun was not done. */
    lost(cause: string) {
      for (const chunk of program.chunks) {
        const step = chunk.titles[0] ?? '';
        if (begun.has(chunk) && !outcomes.has(chunk.predicted.planned.key))
          destroyed.push(...maybeDestroyed(chunk));
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

function sayTaken(host: string, after: string | undefined, ports: Ports): void {
  ports.emit({ type: 'lock.taken', host, ...(after === undefined ? {} : { after }) });
  if (after === undefined) return;
  const message = `the lock was taken over: ${after}`;
  ports.emit({ type: 'notice', level: 'warning', host, code: 'SLAB5207', message });
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
export function inUsersWords(message: string, program: Program): string {
  return message.replace(/"(c\d+)(?:\.\d+)?"/g, (text, section: string) => {
    const chunk = program.chunks.find((each) => each.section === section)?.predicted.examined.chunk;
    return chunk === undefined ? text : `"${chunk.module}.${chunk.fun} ${chunk.id}"`;
  });
}

function redactOutcome(outcome: Outcome, redact: (text: string) => string): Outcome {
  return outcome.status === 'failed' ? { ...outcome, output: redact(outcome.output) } : outcome;
}
