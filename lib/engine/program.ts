import type { Outcome } from '../model/event.ts';
import type { Step } from '../model/resource.ts';
import type { Script, Section, SectionResult } from '../model/script.ts';
import type { ChunkKey, RequisiteType } from '../model/state.ts';
import type { PredictedChunk } from '../plan/predict.ts';
import { label } from '../plan/requisites.ts';
import { exitConflict } from '../shell/exit.ts';
import { isPlainText, withInput } from '../shell/input.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { conditionsGuard, type ChunkConditions } from './conditions.ts';

const runner = scriptFile(import.meta.url, './runner.sh');

/** One chunk of a host's program. */
export interface ProgramChunk {
  readonly predicted: PredictedChunk;
  /** The name of its section. */
  readonly section: string;
  /** Titles of its steps, those of the refresh last. */
  readonly titles: readonly string[];
}

/** What is sent to a host to bring a plan about. */
export interface Program {
  readonly open: Section;
  readonly chunks: readonly ProgramChunk[];
  readonly sections: readonly Section[];
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
  readonly conditions: ReadonlyMap<ChunkKey, ChunkConditions>;
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
  const sections: Section[] = [];
  predicted.forEach((each, n) => {
    const steps = stepsOf(each);
    const state = settledState(each, steps.own.length + steps.refresh.length);
    if (state !== undefined) {
      if (state !== 'u') settled.push(sh`slab_r${n}=${state}`);
      return;
    }
    const section = `c${n}`;
    chunks.push({
      predicted: each,
      section,
      titles: [...steps.own, ...steps.refresh].map((step) => step.title),
    });
    sections.push({
      name: section,
      inline: true,
      script: chunkScript({
        each,
        n,
        steps,
        numbers,
        directory,
        conditions: settings.conditions.get(each.planned.key),
      }),
    });
  });
  return {
    directory,
    chunks,
    sections,
    open: {
      name: 'open',
      inline: true,
      script: joinScripts([runner.text, sh`slab_open ${directory} ${settings.who}`, ...settled]),
    },
    close: { name: 'close', inline: true, script: sh`slab_close` },
  };
}

interface ChunkSteps {
  readonly own: readonly Step[];
  readonly refresh: readonly Step[];
}

function stepsOf(each: PredictedChunk): ChunkSteps {
  const { kind, declared, observed } = each.examined;
  const own = kind.steps(declared, each.planned.changes, observed);
  const { problems } = each.planned;
  return {
    own: own.length > 0 && problems.length > 0 ? [...own, fallShort(problems)] : own,
    refresh: each.refresh?.steps ?? [],
  };
}

/** Ends a chunk that did what it could: it has failed, and says what is left. */
function fallShort(problems: readonly string[]): Step {
  return {
    title: 'do the rest',
    script: sh`printf '%s\n' ${problems}
exit 1`,
    risk: 'read',
  };
}

/** What the runner is to think of a chunk that has no section: `u` unchanged, `f` failed, `b` blocked, `n` not run. */
function settledState(each: PredictedChunk, steps: number): string | undefined {
  switch (each.planned.verdict) {
    case 'fail':
      return 'f';
    case 'maybe':
      return steps > 0 ? undefined : each.planned.problems.length > 0 ? 'f' : 'u';
    case 'skip':
      return each.broken ? 'b' : mayTurn(each) && steps > 0 ? undefined : 'n';
    case 'none':
      return steps === 0 ? 'u' : undefined;
    case 'act':
      return steps === 0 ? 'u' : undefined;
  }
}

/** Only a failure that nobody expects makes an onfail state run, so it has to be sent along. */
function mayTurn(each: PredictedChunk): boolean {
  return each.examined.chunk.requisites.some((requisite) => requisite.type.startsWith('onfail'));
}

interface ChunkText {
  readonly each: PredictedChunk;
  readonly n: number;
  readonly steps: ChunkSteps;
  readonly numbers: ReadonlyMap<ChunkKey, number>;
  readonly directory: string;
  readonly conditions: ChunkConditions | undefined;
}

const GUARDS: readonly (readonly [string, readonly RequisiteType[]])[] = [
  ['slab_require', ['require', 'watch', 'onchanges']],
  ['slab_require_any', ['require_any', 'watch_any']],
  ['slab_onchanges', ['onchanges', 'onchanges_any']],
  ['slab_onfail', ['onfail', 'onfail_any']],
  ['slab_onfail_all', ['onfail_all']],
];

function chunkScript(text: ChunkText): Script {
  const { each, n, steps, numbers, directory } = text;
  const targets = (types: readonly RequisiteType[]) =>
    each.examined.chunk.requisites
      .filter((requisite) => types.includes(requisite.type))
      .flatMap((requisite) => requisite.targets)
      .map((key) => numbers.get(key))
      .filter((number) => number !== undefined)
      .map(String);
  const guards = GUARDS.map(([guard, types]) => [guard, targets(types)] as const)
    .filter(([, numbers]) => numbers.length > 0)
    .map(([guard, numbers]) => sh`${guard} ${numbers}`);
  const run = (step: Step, index: number) =>
    withInput(
      step.timeoutMs === undefined
        ? sh`slab_step ${index}`
        : sh`slab_step ${index} ${Math.ceil(step.timeoutMs / 1000)}`,
      stepProgram(step.script, directory),
    );
  const watched = targets(['watch', 'watch_any', 'listen']);
  return joinScripts([
    sh`slab_begin ${n}`,
    ...guards,
    ...(text.conditions === undefined
      ? []
      : [withInput(sh`slab_guard`, stepProgram(conditionsGuard(text.conditions), directory))]),
    ...steps.own.map(run),
    ...(steps.refresh.length === 0 || watched.length === 0
      ? []
      : [sh`slab_watch ${watched}`, ...steps.refresh.map((step, i) => run(step, steps.own.length + i))]),
    sh`slab_end`,
  ]);
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

/** How a chunk ended, from what its section printed. */
export function readOutcome(
  chunk: ProgramChunk,
  result: SectionResult,
  chunks: readonly ProgramChunk[],
): Outcome {
  const text = Buffer.from(result.stdout).toString('utf8');
  const [head = '', ...rest] = text.split('\n');
  const output = rest.join('\n').trimEnd();
  const [state = '', go, at = '0', code = '', why = ''] = head.split(' ');
  const step = chunk.titles[Number(at)] ?? chunk.titles[0] ?? '';
  const cause = () => {
    const found = chunks.find((each) => each.section === `c${why}`);
    return found === undefined ? 'a state it requires' : label(found.predicted.planned.key);
  };
  switch (state) {
    case 'c':
      return { status: 'changed' };
    case 'u':
      return { status: 'unchanged' };
    case 'f':
      return {
        status: 'failed',
        step,
        code: Number(code),
        output: Number(code) === exitConflict ? conflictText(output) : output,
      };
    case 'b':
      return { status: 'skipped', because: `requires ${cause()}, which failed` };
    case 'x':
      return { status: 'skipped', because: 'the run was stopped' };
    case 'n':
      return {
        status: 'skipped',
        because: go === 'condition' ? output || 'its condition says no' : `only if ${cause()} does`,
      };
    default:
      return { status: 'unknown', step, cause: `the runner answered ${JSON.stringify(head.slice(0, 80))}` };
  }
}

function conflictText(output: string): string {
  const text = 'the host is no longer as the plan saw it; nothing was changed. Plan again.';
  return output === '' ? text : `${text}\n${output}`;
}
