import type { Step } from '../model/resource.ts';
import type { Script, Section } from '../model/script.ts';
import type { Chunk, ChunkKey, RequisiteType } from '../model/state.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { targetsOf } from '../plan/requisites.ts';
import type { Retry } from '../plan/run-settings.ts';
import { isPlainText, withInput } from '../shell/input.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { armScript, stageFunctions, stageScript, trialFolder, type TrialStep } from '../confirm/scripts.ts';
import { arrangeTrials } from './arrange-trials.ts';
import { checkScript } from './check-command.ts';
import { conditionsGuard, type ChunkConditions } from './conditions.ts';

const runner = scriptFile(import.meta.url, './runner.sh');
const lease = scriptFile(import.meta.url, './lease.sh');

/** A holder that has shown no sign of life for so long may be ended by whoever comes next; while a step runs it shows one. */
const LEASE_SECONDS = 60;
/** Looking at everything once more may take so long. */
const LOOK_SECONDS = 600;

/** One chunk of a host's program. */
export interface ProgramChunk {
  readonly predicted: PredictedChunk;
  /** The name of its section. */
  readonly section: string;
  /** The sections of further attempts, should the first not end as it ought to. */
  readonly attempts: readonly string[];
  /** Titles of its steps, those of the refresh next to last, its `check_cmd` last. */
  readonly titles: readonly string[];
}

/** What is tried together on a host, and what is done after it. */
export interface ProgramTrial {
  readonly id: string;
  readonly folder: string;
  /** What may be on trial: those of them whose guards let them. */
  readonly chunks: readonly ProgramChunk[];
  readonly arm: Section;
  /** What is tried, for a person. */
  readonly what: string;
  /** Where the host is reached from then on, when that changes. */
  readonly address?: string;
  /** What comes after it, over the connection that confirmed it. */
  readonly sections: readonly Section[];
}

/** What is sent to a host to bring a plan about. */
export interface Program {
  readonly open: Section;
  readonly chunks: readonly ProgramChunk[];
  /** All there is to do, up to the first trial. */
  readonly sections: readonly Section[];
  readonly trials: readonly ProgramTrial[];
  /** Comes before everything is probed again. */
  readonly look: Section;
  readonly close: Section;
  /** The run's directory on the host. */
  readonly directory: string;
}

/** What a program needs beside the plan. */
export interface ProgramSettings {
  /** Letters and digits. */
  readonly run: string;
  /** Who runs it and since when; shown to whoever finds the host locked. */
  readonly who: string;
  /** How long its lock outlives its last sign of life; 60 unless said otherwise. */
  readonly leaseSeconds?: number;
  readonly conditions: ReadonlyMap<ChunkKey, ChunkConditions>;
  /** How long a trial may take until the host takes it back; 60 unless said otherwise. */
  readonly trialSeconds?: number;
}

/**
 * Turns a host's plan into a program for its runner. Chunks that cannot do anything are left out; what they count as
 * for those that require them is told to the runner beforehand.
 */
export function buildProgram(predicted: readonly PredictedChunk[], settings: ProgramSettings): Program {
  const directory = `/run/slab/${settings.run}`;
  const numbers = new Map<ChunkKey, number>(predicted.map((each, n) => [each.planned.key, n]));
  const settled: Script[] = [];
  const chunks: ProgramChunk[] = [];
  // Chunks with nothing to do whose end still hangs on others: what requires them has to know of a failure above.
  const live = new Set<ChunkKey>();
  let pending: Script[] = [];
  const stages = arrangeTrials(predicted);
  const add = (each: PredictedChunk, trial?: { readonly folder: string }): readonly Section[] => {
    const n = numbers.get(each.planned.key) ?? 0;
    const steps = stepsOf(each);
    const state = settledState(each, steps.own.length + steps.refresh.length);
    const text = {
      each,
      n,
      steps,
      numbers,
      directory,
      settings,
      predicted,
      ...given({ trial: trial?.folder }),
    };
    if (state !== undefined) {
      const { requisites } = each.examined.chunk;
      const hangs = requisites.some(({ targets }) => targets.some((key) => live.has(key)));
      if (hangs && !each.listener && 'unk'.includes(state)) {
        live.add(each.planned.key);
        pending.push(settleScript(text, state));
      } else if (state !== 'u') settled.push(sh`slab_r${n}=${state}`);
      return [];
    }
    live.add(each.planned.key);
    const body = joinScripts([...pending, chunkScript(text)]);
    pending = [];
    const { retry } = each.examined.settings ?? {};
    const [first, ...more] = retry === undefined || trial !== undefined ? [body] : attempts(body, n, retry);
    if (first === undefined) return [];
    const section = `c${n}`;
    const further = more.map((script, index) => ({ name: `${section}.${index + 2}`, inline: true, script }));
    chunks.push({
      predicted: each,
      section,
      attempts: further.map(({ name }) => name),
      titles: [...[...steps.own, ...steps.refresh].map((step) => step.title), 'check_cmd'],
    });
    return [{ name: section, inline: true, script: first }, ...further];
  };
  const parts = stages.map(({ plain, tried }, index) => {
    const id = `${settings.run}-${index + 1}`;
    const folder = trialFolder(id);
    const before = plain.flatMap((each) => add(each));
    if (tried.length === 0) return { before };
    const from = chunks.length;
    const staged = tried.flatMap((each) => add(each, { folder }));
    const script = armScript(folder, settings.trialSeconds ?? TRIAL_SECONDS);
    const steps = tried.flatMap((each) => {
      const { own, refresh } = stepsOf(each);
      return [...own, ...refresh].filter(isTrialStep);
    });
    const address = steps.map(({ trial }) => trial.address).find((each) => each !== undefined);
    const trial = {
      ...{ id, folder, chunks: chunks.slice(from) },
      arm: { name: `arm.${index + 1}`, inline: true, script },
      what: steps.map(({ title }) => title).join(', '),
      ...given({ address }),
    };
    return { before: [...before, ...staged], trial };
  });
  const trials = parts.flatMap(({ trial }, index): readonly ProgramTrial[] =>
    trial === undefined ? [] : [{ ...trial, sections: parts[index + 1]?.before ?? [] }],
  );
  const functions = trials.length === 0 ? [] : [stageFunctions];
  return {
    directory,
    chunks,
    sections: parts[0]?.before ?? [],
    trials,
    open: {
      name: 'open',
      inline: true,
      script: joinScripts([
        ...[runner.text, lease.text, ...functions],
        sh`slab_open ${directory} ${settings.who} ${settings.leaseSeconds ?? LEASE_SECONDS}`,
        ...settled,
      ]),
    },
    look: { name: 'look', inline: true, script: sh`slab_lease_for ${LOOK_SECONDS}` },
    close: { name: 'close', inline: true, script: sh`slab_close` },
  };
}

/** Until the host takes back what nobody confirmed, unless said otherwise: a network may need half a minute to settle. */
export const TRIAL_SECONDS = 60;

/**
 * Goes on with a program over another connection, after a trial has ended well or not.
 * @param held sections of the chunks that were on trial.
 */
export function reopenSection(
  program: Program,
  {
    who,
    well,
    held,
  }: { readonly who: string; readonly well: boolean; readonly held: readonly ProgramChunk[] },
): Section {
  const numbers = held.map(({ section }) => section.slice(1));
  const hard = held.find(({ predicted }) => predicted.examined.settings?.failhard === true);
  const ends = well || hard === undefined ? '-' : hard.section.slice(1);
  return {
    name: 'open',
    inline: true,
    script: joinScripts([
      ...[runner.text, lease.text, stageFunctions],
      sh`slab_reopen ${program.directory} ${who} ${LEASE_SECONDS}`,
      sh`slab_decided ${well ? 'c' : 'f'} ${ends} ${numbers}`,
    ]),
  };
}

function isTrialStep(step: Step): step is TrialStep {
  return step.trial !== undefined;
}

/** The fields that have a value. */
function given<T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { readonly [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: string;
  };
}

/** A section for each attempt, so that each is seen when it happens; the text goes over once, as a function. */
function attempts(body: Script, n: number, retry: Retry): readonly Script[] {
  const again = sh`if slab_again ${retry.interval} ${retry.splay}; then slab_body${n}; fi`;
  return [
    sh`slab_body${n}() {
${body}
}
slab_retry ${retry.attempts} ${retry.until ? 'yes' : 'no'}
slab_body${n}`,
    ...Array.from({ length: retry.attempts - 1 }, () => again),
  ];
}

interface ChunkSteps {
  readonly own: readonly Step[];
  readonly refresh: readonly Step[];
}

function stepsOf(each: PredictedChunk): ChunkSteps {
  const { kind, declared, observed } = each.examined;
  if (each.troubles.length > 0) return { own: [giveUp('compare', each.troubles)], refresh: [] };
  const own = each.listener ? [] : kind.steps(declared, each.planned.changes, observed);
  const { problems } = each.planned;
  return {
    own: own.length > 0 && problems.length > 0 ? [...own, giveUp('do the rest', problems)] : own,
    refresh: each.refresh?.steps ?? [],
  };
}

/** Ends a chunk that cannot, or did what it could: it has failed, and says what is left. */
function giveUp(title: string, problems: readonly string[]): Step {
  const script = sh`printf '%s\n' ${problems}
exit 1`;
  return { title, script, risk: 'read' };
}

/**
 * What the runner is to think of a chunk that has no section: `u` unchanged, `f` failed, `b` blocked, `n` not run,
 * `k` left out by onchanges or onfail. A `check_cmd` is asked each time.
 */
function settledState(each: PredictedChunk, steps: number): string | undefined {
  const idle = steps === 0 && each.examined.check === undefined;
  const { verdict, problems } = each.planned;
  if (verdict === 'fail' || (verdict === 'maybe' && steps === 0 && problems.length > 0)) return 'f';
  if (verdict !== 'skip') return idle ? 'u' : undefined;
  if (each.broken) return 'b';
  if (each.sleeps && steps > 0) return undefined;
  if (each.leftOut) return 'k';
  return each.examined.check === undefined || each.examined.conditions === undefined ? 'n' : undefined;
}

interface ChunkText {
  readonly each: PredictedChunk;
  readonly n: number;
  readonly steps: ChunkSteps;
  readonly numbers: ReadonlyMap<ChunkKey, number>;
  readonly directory: string;
  readonly settings: ProgramSettings;
  readonly predicted: readonly PredictedChunk[];
  /** The folder of the trial that the chunk is in. */
  readonly trial?: string;
}

/** Worst first, so that the reason given is the worst one. A prereq stands between those that fail and the others. */
const REQUIRED: readonly (readonly [string, readonly RequisiteType[]])[] = [
  ['slab_require', ['require', 'watch', 'onchanges']],
  ['slab_require_any', ['require_any']],
  ['slab_require_any', ['watch_any']],
  ['slab_onchanges_any', ['onchanges_any']],
];
const AWAITED: readonly (readonly [string, readonly RequisiteType[]])[] = [
  ['slab_onfail', ['onfail']],
  ['slab_onfail', ['onfail_any']],
  ['slab_onfail_all', ['onfail_all']],
  ['slab_onchanges', ['onchanges', 'onchanges_any']],
];

function chunkScript(text: ChunkText): Script {
  const { each, n, directory } = text;
  const steps = withCheck(text);
  const { check, settings, chunk } = each.examined;
  const watched = numbersOf(text, targetsOf(chunk, ['watch', 'watch_any']));
  const heard = numbersOf(text, targetsOf(chunk, ['listen']));
  const refresh = steps.refresh.map((step, i) => stepLine(step, steps.own.length + i, text));
  const last = steps.own.length + steps.refresh.length;
  return joinScripts([
    each.listener ? sh`slab_begin ${n} listen` : sh`slab_begin ${n}`,
    ...(each.listener ? [sh`slab_onchanges ${heard}`] : requisiteGuards(text)),
    ...conditionGuard(text, chunk.key),
    ...steps.own.map((step, index) => stepLine(step, index, text)),
    ...(each.listener ? refresh : []),
    ...(each.listener || refresh.length === 0 || watched.length === 0
      ? []
      : [sh`slab_watch ${watched}`, ...refresh]),
    ...(check === undefined || text.trial !== undefined
      ? []
      : [withInput(sh`slab_check ${last}`, stepProgram(checkScript(check.commands), directory))]),
    settings?.failhard === true ? sh`slab_end failhard` : sh`slab_end`,
  ]);
}

function settleScript(text: ChunkText, state: string): Script {
  const failhard = text.each.examined.settings?.failhard === true ? ['failhard'] : [];
  return joinScripts([
    sh`slab_begin ${text.n}`,
    ...requisiteGuards(text),
    sh`slab_settle ${[state, ...failhard]}`,
  ]);
}

/** The `check_cmd` of what is on trial is asked while it is tried. */
function withCheck({ each, steps, trial }: ChunkText): ChunkSteps {
  const { check } = each.examined;
  const last = [...steps.own, ...steps.refresh].filter(isTrialStep).at(-1);
  if (check === undefined || trial === undefined || last === undefined) return steps;
  const asked = checkScript(check.commands);
  const confirm = last.trial.confirm === undefined ? asked : joinScripts([last.trial.confirm, asked]);
  const swap = (step: Step): Step => (step === last ? { ...last, trial: { ...last.trial, confirm } } : step);
  return { own: steps.own.map(swap), refresh: steps.refresh.map(swap) };
}

function stepLine(step: Step, index: number, { directory, trial, n }: ChunkText): Script {
  if (trial !== undefined && isTrialStep(step)) {
    const kept = stageScript(trial, `${n}.${index}`, step);
    return withInput(sh`slab_stage ${index}`, stepProgram(kept, directory));
  }
  const line =
    step.timeoutMs === undefined
      ? sh`slab_step ${index}`
      : sh`slab_step ${index} ${Math.ceil(step.timeoutMs / 1000)}`;
  return withInput(line, stepProgram(step.script, directory));
}

function conditionGuard({ settings, directory, predicted }: ChunkText, key: ChunkKey): readonly Script[] {
  const conditions = settings.conditions.get(key);
  const answer = predicted.find(({ planned }) => planned.key === key)?.examined.conditions?.answer;
  return conditions === undefined
    ? []
    : [withInput(sh`slab_guard`, stepProgram(conditionsGuard(conditions, answer?.heard), directory))];
}

/** Numbers of chunks, as words. */
function numbersOf({ numbers }: ChunkText, keys: readonly ChunkKey[]): readonly string[] {
  return keys
    .map((key) => numbers.get(key))
    .filter((number) => number !== undefined)
    .map(String);
}

function requisiteGuards(text: ChunkText): readonly Script[] {
  const { each } = text;
  const { chunk } = each.examined;
  const rows = (guards: typeof REQUIRED, of: Chunk): readonly Script[] =>
    guards
      .map(([guard, types]) => [guard, numbersOf(text, targetsOf(of, types))] as const)
      .filter(([, numbers]) => numbers.length > 0)
      .map(([guard, numbers]) => sh`${guard} ${numbers}`);
  const first = numbersOf(text, targetsOf(chunk, ['prereq'])).slice(0, 1);
  const before = numbersOf(text, each.prerequired);
  const ahead = each.ahead.flatMap((key) => text.predicted.find(({ planned }) => planned.key === key) ?? []);
  return [
    ...rows(REQUIRED, chunk),
    ...(before.length === 0 ? [] : [sh`slab_require ${before}`]),
    ...ahead.flatMap((target) => {
      const known = withoutLater(target.examined.chunk, text);
      const guards = [...rows(REQUIRED, known), ...rows(AWAITED, known)];
      return [sh`slab_ahead`, ...guards, ...conditionGuard(text, known.key), sh`slab_looked`];
    }),
    ...(first.length === 0 ? [] : [sh`slab_prereq ${first}`]),
    ...rows(AWAITED, chunk),
  ];
}

/** A prereq's target without those of its requisites that come after the prereq: nothing is known of them yet. */
function withoutLater(target: Chunk, { numbers, n }: ChunkText): Chunk {
  const requisites = target.requisites
    .map((each) => ({ ...each, targets: each.targets.filter((key) => (numbers.get(key) ?? 0) < n) }))
    .filter((each) => each.targets.length > 0);
  return { ...target, requisites };
}

/**
 * The program of one step's shell. It writes down its process group first; its own standard input is empty, and a text
 * that was cut in the middle is a syntax error, so nothing of it runs.
 */
function stepProgram(body: Script, directory: string): string {
  const group = sh`[ -n "$slab_timed" ] || echo "$$" >${directory}/pid
unset slab_timed
`.text;
  const text = sh`{
set -eu
umask 022
${body}
} </dev/null
`.text;
  // What goes coded is fed to slab_step through a pipe, and the runner would lose what it learns in that subshell.
  return `${group}${isPlainText(text) ? text : `${withInput(sh`sh -s`, text).text}\n`}`;
}
