import { armScript, stageFunctions, trialFolder } from '../confirm/scripts.ts';
import type { Script, Section } from '../model/script.ts';
import type { ChunkKey } from '../model/state.ts';
import type { Step } from '../model/step.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { arrangeTrials } from './arrange-trials.ts';
import { attempts, chunkScript, settleScript } from './chunk-script.ts';
import { isTrialStep, settledState, stepsOf } from './chunk-steps.ts';
import type { ChunkConditions } from './conditions.ts';
import { forgetScripts, reactionsIn, type Naming } from './left-behind.ts';
import { lockFunctions } from './lock-functions.ts';

const runner = scriptFile(import.meta.url, './runner.sh');
const leftBehind = scriptFile(import.meta.url, './left-behind.sh');
/** The functions of the shell that a run has on a host. */
const FUNCTIONS = [runner.text, lockFunctions, leftBehind.text];

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
  readonly steps: readonly Step[];
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
  /** Says where what it leaves undone is written down. */
  readonly leaves: Script;
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
  /** The first of the runs that go on with each other, or itself; none where no other goes on with it. */
  readonly origin?: string;
  /** How states are called in what is written down on the host: without secrets. */
  readonly naming?: Naming;
  /** What earlier runs left that this one settles. */
  readonly settles?: { readonly gone: readonly string[]; readonly again: readonly string[] };
  /** How long a trial may take until the host takes it back; 60 unless said otherwise. */
  readonly trialSeconds?: number;
}

/**
 * Turns a host's plan into a program for its runner. Chunks that cannot do anything are left out; what they count as
 * for those that require them is told to the runner beforehand.
 */
export function buildProgram(predicted: readonly PredictedChunk[], settings: ProgramSettings): Program {
  const { conditions } = settings;
  const directory = `/run/slab/${settings.run}`;
  const numbers = new Map<ChunkKey, number>(predicted.map((each, n) => [each.planned.key, n]));
  const settled: Script[] = [];
  const chunks: ProgramChunk[] = [];
  // Chunks with nothing to do whose end still hangs on others: what requires them has to know of a failure above.
  const live = new Set<ChunkKey>();
  let pending: Script[] = [];
  const reactions = reactionsIn(predicted);
  const { naming = (text) => text, run, who, origin = run, settles = { gone: [], again: [] } } = settings;
  const resumed = settings.origin === undefined ? [] : ['resumed'];
  const leaves = sh`slab_leaves ${`${origin}-${run}`} ${JSON.stringify({ run, who })} ${resumed}`;
  const stages = arrangeTrials(predicted);
  const add = (each: PredictedChunk, trial?: { readonly folder: string }): readonly Section[] => {
    const n = numbers.get(each.planned.key) ?? 0;
    const steps = stepsOf(each);
    const state = settledState(each, steps.own.length + steps.refresh.length);
    const text = {
      ...{ each, n, steps, numbers, directory, conditions, predicted, reactions, naming },
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
    const all = [...steps.own, ...steps.refresh];
    chunks.push({
      predicted: each,
      section,
      attempts: further.map(({ name }) => name),
      titles: [...all.map((step) => step.title), 'check_cmd'],
      steps: all,
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
    leaves,
    chunks,
    sections: parts[0]?.before ?? [],
    trials,
    open: {
      name: 'open',
      inline: true,
      script: joinScripts([
        ...[...FUNCTIONS, ...functions],
        leaves,
        sh`slab_open ${directory} ${who} ${settings.leaseSeconds ?? LEASE_SECONDS}`,
        ...settled,
        ...forgetScripts(predicted, settles),
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
      ...[...FUNCTIONS, stageFunctions],
      program.leaves,
      sh`slab_reopen ${program.directory} ${who} ${LEASE_SECONDS}`,
      sh`slab_decided ${well ? 'c' : 'f'} ${ends} ${numbers}`,
    ]),
  };
}

/** The fields that have a value. */
function given<T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { readonly [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: string;
  };
}
