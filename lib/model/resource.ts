import type { Action, Change, ObjectKey } from './change.ts';
import type { DiskView } from './disk-view.ts';
import type { Json, JsonObject } from './json.ts';
import type { Node } from './node.ts';
import type { HostRecords } from './records.ts';
import type { Script, SectionResult } from './script.ts';
import type { SourceRange } from './source.ts';
import type { Chunk } from './state.ts';
import type { Look, Refresh, Step } from './step.ts';
import type { Grains } from './value.ts';

/** One thing a person has to mend in an argument. */
export interface Complaint {
  /** The argument, or a path into it; empty means the state itself. */
  readonly at: readonly (string | number)[];
  readonly summary: string;
  readonly why?: string;
  readonly fix?: string;
  /** What it is called; by default SLAB2105, an argument with a wrong value. SLAB2104: an unknown one. SLAB2106: a source file is missing. */
  readonly code?: 'SLAB2104' | 'SLAB2105' | 'SLAB2106';
}

/** Files of the state tree, and templates rendered for the host at hand. */
export interface FileSource {
  /** The bytes behind a `salt://` URI; undefined when there is no such file. */
  read(uri: string): Uint8Array | undefined;
  /** Names in the state tree that look like this one, best first. */
  near(uri: string): readonly string[];
  /** Whether the file may be run by its owner; undefined when nobody knows. */
  executable?(uri: string): boolean | undefined;
  /** All files under a `salt://` folder, as URIs in order. */
  list(uri: string): readonly string[];
  /**
   * Renders a template for this host. Problems are reported where they stand in the template and answered here
   * with undefined, so a kind has nothing to add.
   */
  render(template: TemplateRequest): string | undefined;
  /** The files as a state of another saltenv sees them; undefined when they are these. */
  of?(saltenv: string): FileSource | undefined;
}

/** A template to render: a file of the tree, or text written in the state. */
export interface TemplateRequest {
  readonly uri?: string;
  readonly text?: Node;
  /** Where the state that wants it is written. */
  readonly usedAt?: SourceRange;
  /** `context` and `defaults` as they are written. */
  readonly context?: Node;
  readonly defaults?: Node;
  /** Arguments of the state that it does not know itself: Salt gives them to the template, below `defaults`. */
  readonly variables?: ReadonlyMap<string, Node>;
}

/** What a kind gets to read one chunk from. */
export interface ParseInput {
  readonly chunk: Chunk;
  readonly fun: string;
  readonly name: string;
  /** The function's own arguments as JSON, already valid under its schema; requisites and global arguments taken out. */
  readonly args: JsonObject;
  /** Arguments that the function does not know, where that is no mistake. */
  readonly unknown?: ReadonlyMap<string, Node>;
  /** Those of them that are a mistake unless the state's template uses them, which the kind finds out. */
  readonly variables?: readonly string[];
  readonly grains: Grains;
  readonly files: FileSource;
  /** What is on record of the host's disks; no disks and no approvals unless a project says otherwise. */
  readonly records: HostRecords;
}

/** A parsed declaration, or what is wrong with it. */
export type Parsed<D> = { readonly declared: D } | { readonly complaints: readonly Complaint[] };

/** One state function: `managed` of `file`. */
export interface FunctionSpec {
  readonly summary: string;
  /** JSON Schema of its own arguments (`type: object`, `additionalProperties: false`); `name` need not be listed. */
  readonly schema: JsonObject;
  /** With a `template`, arguments it does not know are variables of that. */
  readonly takesVariables?: boolean;
  /** SLS texts shown in the documentation; each compiles. */
  readonly examples: readonly string[];
}

/** What earlier steps of the same plan will have done by the time this one runs. */
export interface Prospect {
  /** The observation an earlier change leads to; undefined when no earlier change touches the object. */
  predicted(key: ObjectKey): Json | undefined;
  /** Objects changed earlier in this plan on this host, in order. */
  readonly earlier: readonly { readonly object: ObjectKey; readonly action: Action }[];
  /** Why a claim on this budget cannot be granted in this plan; undefined when it is, or nothing was counted yet. */
  readonly denied?: (budget: string) => string | undefined;
}

/** Something that only so many hosts of a plan may do at once. */
export interface Claim {
  /** What is counted together over all hosts: `new-disks:object`. */
  readonly budget: string;
  /** What it is for, in a few words that name it: `disk WFK1A2B3`. */
  readonly what: string;
  /** The most that this budget grants; of several claims the smallest counts. */
  readonly limit: number;
}

/** The outcome of comparing what is declared with what was seen. */
export interface Diff {
  readonly changes: readonly Change[];
  /** What each object will look like afterwards; keys that others ask for through Prospect. */
  readonly predicted: Readonly<Record<ObjectKey, Json>>;
  /**
   * Keys of predictions that the changes stand on: what they are about was not seen, so the changes are made only when the
   * state that promised it has done it in this run.
   */
  readonly standsOn?: readonly ObjectKey[];
  /** Why this cannot work on this host, in the user's words; the chunk is then failed without a step. */
  readonly problems?: readonly string[];
  /** Things a person should know although nothing is wrong. */
  readonly notes?: readonly string[];
  /**
   * What stays undone although the changes are made, in the user's words: the changes are made and the chunk then
   * fails. Without changes it is the same as `problems`.
   */
  readonly shortfalls?: readonly string[];
  /**
   * What the changes draw from limits that hold over all hosts of a plan. When the claims on a budget are more than its
   * limit, none is granted, and the diff is asked again with `prospect.denied` saying so.
   */
  readonly claims?: readonly Claim[];
  /** Disks of the host as this chunk sees them, for the plan's picture of the host. */
  readonly disks?: readonly DiskView[];
  /**
   * Why the changes may end our own way to the host: `it holds the address slab is logged in at`. Its steps are then on
   * trial (`Step.trial`): the host itself takes them back unless a new login confirms them.
   */
  readonly access?: string;
}

/** Everything slab knows of one kind of resource. D: what is declared; O: what was observed. */
export interface KindSpec<D, O extends Json> {
  /** The state module: `file`. */
  readonly name: string;
  readonly summary: string;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  /** Reads a chunk; units are converted here, once. */
  readonly parse: (input: ParseInput) => Parsed<D>;
  /** The objects this declaration owns; two owners of one object on a host are a compile error. */
  readonly identify: (declared: D) => readonly ObjectKey[];
  /** Objects it silently depends on: declared ones come first if nothing speaks against it. */
  readonly needs?: (declared: D) => readonly ObjectKey[];
  /** What does not fit together in all that is declared of this kind on a host, without asking it. */
  readonly conflicts?: (declared: readonly D[]) => readonly Conflict[];
  /** What no other host of an environment may declare too. */
  readonly unshared?: (declared: D) => readonly Unshared[];
  /**
   * ONE script for all declared objects of this kind on a host. Reads only. Equal scripts of several kinds are sent once,
   * and each kind gets the answer.
   */
  readonly probe: (declared: readonly D[], grains: Grains) => Script;
  /** Reads the script's output; one observation for each declared, in order. Unreadable is neither absent nor empty. */
  readonly observe: (result: SectionResult, declared: readonly D[]) => readonly O[];
  /**
   * What has to be looked at more closely because of what was observed: one more exchange at most, none when all kinds of
   * a host answer with nothing. Equal looks are sent once. Chunks that are failed already are left out after an apply.
   */
  readonly deepen?: (declared: readonly D[], observed: readonly O[], grains: Grains) => readonly Look[];
  /** Reads the answers to `deepen`, in its order; one observation for each declared. Goes with `deepen`. */
  readonly observeDeeper?: (
    results: readonly SectionResult[],
    declared: readonly D[],
    observed: readonly O[],
  ) => readonly O[];
  readonly diff: (declared: D, observed: O, prospect: Prospect) => Diff;
  /** No change, no step: called only with changes, its own. */
  readonly steps: (declared: D, changes: readonly Change[], observed: O) => readonly Step[];
  /** What a watched change triggers (Salt's mod_watch): restart, reload, run. */
  readonly refresh?: (declared: D, observed: O) => Refresh | undefined;
  /** True when the state acts each time it runs and cannot be probed (a bare cmd.run): not verified after apply. */
  readonly alwaysRuns?: (declared: D) => boolean;
}

/** Two declarations of one host that do not fit together, or one that does not fit in. */
export interface Conflict {
  /** The place among what is declared of what is wrong. */
  readonly at: number;
  /** The place of what it does not fit to. */
  readonly with?: number;
  /** Some do it on purpose: a warning. */
  readonly mayBeMeant: boolean;
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
}

/** Something that a host declares and that no other host of the environment may have. */
export interface Unshared {
  /** Equal for two hosts exactly when both have it: `address 10.20.0.11`. */
  readonly key: string;
  /** What the hosts then have, after "have": `the address 10.20.0.11`. */
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** A declaration whose type only its own kind knows. */
export interface Declared {
  readonly kind: string;
  readonly objects: readonly ObjectKey[];
  readonly needs: readonly ObjectKey[];
  readonly alwaysRuns: boolean;
  /** The kind's own D. */
  readonly value: unknown;
}

/** A kind as the engine sees it: closed over its own types by `defineKind`. */
export interface Kind {
  readonly name: string;
  readonly summary: string;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  parse(input: ParseInput): Parsed<Declared>;
  conflicts(declared: readonly Declared[]): readonly Conflict[];
  unshared(declared: Declared): readonly Unshared[];
  probe(declared: readonly Declared[], grains: Grains): Script;
  observe(result: SectionResult, declared: readonly Declared[]): readonly Json[];
  deepen?(declared: readonly Declared[], observed: readonly Json[], grains: Grains): readonly Look[];
  observeDeeper?(
    results: readonly SectionResult[],
    declared: readonly Declared[],
    observed: readonly Json[],
  ): readonly Json[];
  diff(declared: Declared, observed: Json, prospect: Prospect): Diff;
  steps(declared: Declared, changes: readonly Change[], observed: Json): readonly Step[];
  refresh(declared: Declared, observed: Json): Refresh | undefined;
}
