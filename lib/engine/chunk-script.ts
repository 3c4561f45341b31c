import { stageScript } from '../confirm/scripts.ts';
import type { Script } from '../model/script.ts';
import type { Chunk, ChunkKey, RequisiteType } from '../model/state.ts';
import type { Step } from '../model/step.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { targetsOf } from '../plan/requisites.ts';
import type { Retry } from '../plan/run-settings.ts';
import { isPlainText, withInput } from '../shell/input.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { checkScript } from './check-command.ts';
import { isTrialStep, type ChunkSteps } from './chunk-steps.ts';
import { conditionsGuard, type ChunkConditions } from './conditions.ts';
import { mindScript, reactsScript, type Naming } from './left-behind.ts';

/** A chunk in its program. */
export interface ChunkText {
  readonly each: PredictedChunk;
  readonly n: number;
  readonly steps: ChunkSteps;
  readonly numbers: ReadonlyMap<ChunkKey, number>;
  readonly directory: string;
  readonly conditions: ReadonlyMap<ChunkKey, ChunkConditions>;
  readonly predicted: readonly PredictedChunk[];
  /** The folder of the trial that the chunk is in. */
  readonly trial?: string;
  /** Which states react to which. */
  readonly reactions: ReadonlyMap<ChunkKey, readonly PredictedChunk[]>;
  readonly naming: Naming;
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

/** What the runner does for a chunk: its guards, its steps, and how it ended. */
export function chunkScript(text: ChunkText): Script {
  const { each, n, directory } = text;
  const steps = withCheck(text);
  const { check, settings, chunk } = each.examined;
  const watched = numbersOf(text, targetsOf(chunk, ['watch', 'watch_any']));
  const heard = numbersOf(text, targetsOf(chunk, ['listen']));
  const refresh = steps.refresh.map((step, i) => stepLine(step, steps.own.length + i, text));
  const last = steps.own.length + steps.refresh.length;
  const mind = mindScript(each, text.reactions.get(each.planned.key) ?? [], text.naming);
  const first = steps.own.length > 0 || each.listener;
  return joinScripts([
    each.listener ? sh`slab_begin ${n} listen` : sh`slab_begin ${n}`,
    ...reactsScript(each),
    ...(each.listener ? [sh`slab_onchanges ${heard}`] : requisiteGuards(text)),
    ...conditionGuard(text, chunk.key),
    ...(first ? mind : []),
    ...ownLines(steps.own, text),
    ...(each.listener ? refresh : []),
    ...(each.listener || refresh.length === 0 || watched.length === 0
      ? []
      : [sh`slab_watch ${watched}`, ...(first ? [] : mind), ...refresh]),
    ...(check === undefined || text.trial !== undefined
      ? []
      : [withInput(sh`slab_check ${last}`, stepProgram(checkScript(check.commands), directory))]),
    settings?.failhard === true ? sh`slab_end failhard` : sh`slab_end`,
  ]);
}

/** Ends a chunk that has nothing to do, but whose end hangs on others. */
export function settleScript(text: ChunkText, state: string): Script {
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

/** The steps of a chunk: between those of different parts the runner is told so, and when the parts are over. */
function ownLines(steps: readonly Step[], text: ChunkText): readonly Script[] {
  const lines = steps.flatMap((step, index) => {
    const begins = step.part !== undefined && step.part !== steps[index - 1]?.part;
    const ends = step.part === undefined && steps[index - 1]?.part !== undefined;
    return [
      ...(begins ? [sh`slab_apart`] : []),
      ...(ends ? [sh`slab_joined`] : []),
      stepLine(step, index, text),
    ];
  });
  return steps.at(-1)?.part === undefined ? lines : [...lines, sh`slab_joined`];
}

function stepLine(step: Step, index: number, { directory, trial, n }: ChunkText): Script {
  if (trial !== undefined && isTrialStep(step)) {
    const kept = stageScript(trial, `${n}.${index}`, step);
    return withInput(sh`slab_stage ${index}`, stepProgram(kept, directory));
  }
  if (step.reboots === true) return sh`slab_ask_reboot ${index}`;
  const line =
    step.timeoutMs === undefined
      ? sh`slab_step ${index}`
      : sh`slab_step ${index} ${Math.ceil(step.timeoutMs / 1000)}`;
  const told = step.reports === true ? sh`slab_follow ${index} ${line}` : line;
  return withInput(told, stepProgram(step.script, directory));
}

function conditionGuard({ directory, predicted, ...text }: ChunkText, key: ChunkKey): readonly Script[] {
  const conditions = text.conditions.get(key);
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
  const makers = numbersOf(text, each.standsOn);
  const ahead = each.ahead.flatMap((key) => text.predicted.find(({ planned }) => planned.key === key) ?? []);
  return [
    ...rows(REQUIRED, chunk),
    ...(before.length === 0 ? [] : [sh`slab_require ${before}`]),
    ...(makers.length === 0 ? [] : [sh`slab_stand_on ${makers}`]),
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
  const group = sh`[ -n "$slab_timed" ] || echo "$$" >>${directory}/pid || exit 1
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

/** A section for each attempt, so that each is seen when it happens; the text goes over once, as a function. */
export function attempts(body: Script, n: number, retry: Retry): readonly Script[] {
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
