import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Json } from '../../lib/model/json.ts';
import type { HostRecords } from '../../lib/model/records.ts';

/** One declared state of a case, and what is expected of it. Absent expectations are not looked at. */
export interface CaseState {
  readonly function: string;
  readonly name: string;
  readonly id?: string;
  readonly args?: Readonly<Record<string, Json>>;
  readonly objects?: readonly string[];
  readonly needs?: readonly string[];
  /** Exactly what is observed. */
  readonly observation?: Json;
  /** As many changes as are made, in order; each needs only the members that matter. */
  readonly changes?: readonly Readonly<Record<string, Json>>[];
  readonly predicted?: Readonly<Record<string, Json>>;
  /** As many steps as are made, in order; `script` lists excerpts. */
  readonly steps?: readonly {
    readonly title?: string;
    readonly risk?: string;
    readonly script?: readonly string[];
  }[];
  /** What a watched change triggers: its change (the members that matter), or null for nothing. */
  readonly refresh?: Readonly<Record<string, Json>> | null;
  readonly problems?: readonly string[];
  readonly notes?: readonly string[];
  readonly shortfalls?: readonly string[];
}

/** What a host answered to the probe. */
export interface CaseAnswer {
  readonly code?: number;
  readonly stdout?: string;
  readonly stdout64?: string;
  /** Its standard output is in this file, by its path below test/. */
  readonly stdoutFile?: string;
  readonly stderr?: string;
}

/** One recorded case: declared states and a host's answer give observations, changes and steps. */
export interface RecordedCase {
  readonly case: string;
  readonly grains?: Readonly<Record<string, Json>>;
  /** Files of the state tree, by `salt://` URI. */
  readonly files?: Readonly<Record<string, string>>;
  readonly states: readonly CaseState[];
  readonly answer?: CaseAnswer;
  /** What closer looks answer, in the order in which they are taken. */
  readonly looks?: readonly CaseAnswer[];
  /** What is on record of the host. */
  readonly records?: HostRecords;
  /** Observations that earlier changes of the plan lead to. */
  readonly prospect?: Readonly<Record<string, Json>>;
  /** Complaints instead of a declaration: summaries (and places `line:column`), as diagnostics show them. */
  readonly refused?: readonly string[];
  /** Text that must not be shown anywhere. */
  readonly secret?: string;
}

/**
 * One case that runs for real under a temporary folder, which stands for `{root}` in every text: probe, steps, probe
 * again. With `set -eu`: `setup` comes first, `between` after the probe, `check` last, all in that folder.
 */
export interface LiveCase {
  readonly live: string;
  readonly grains?: Readonly<Record<string, Json>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly states: readonly CaseState[];
  readonly setup?: string;
  readonly between?: string;
  readonly check?: string;
  /** Exit codes of the steps in order; by default all 0, and a second plan without changes. */
  readonly exits?: readonly number[];
}

/** The recorded cases of one kind; a case with a single state may write its members beside `case`. */
export function readRecordedCases(path: string): readonly RecordedCase[] {
  return readCases(path) as readonly RecordedCase[];
}

/** The live cases of one kind, written in the same way. */
export function readLiveCases(path: string): readonly LiveCase[] {
  return readCases(path) as readonly LiveCase[];
}

function readCases(path: string): readonly unknown[] {
  if (!existsSync(path)) return [];
  const cases = parse(readFileSync(path, 'utf8')) as readonly { readonly states?: unknown }[];
  return cases.map((each) => (each.states === undefined ? { ...each, states: [each] } : each));
}
