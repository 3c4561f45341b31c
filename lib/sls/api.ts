import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Decrypt } from '../model/ports.ts';
import type { FileSource } from '../model/resource.ts';
import type { Chunk, LowState } from '../model/state.ts';
import type { Dict, Grains } from '../model/value.ts';
import type { Answers } from '../questions/index.ts';
import type { Common } from './common.ts';
import type { RecordedCall } from './functions/recorded.ts';
import type { Former } from './former.ts';
import type { SlsBranch } from './high-state.ts';
import type { PillarLayer } from './pillar.ts';
import type { PillarCompilation } from './pillar-compiler.ts';
import type { Trees } from './roots.ts';
import type { Others } from './others.ts';
import type { TopTarget } from './top.ts';

/** What a compiler is made from. */
export interface CompilerInput {
  /** State trees, the first that has a file wins: those of `base`, or those of every saltenv. */
  readonly states: Trees;
  readonly pillar: Trees;
  readonly inventory: Inventory;
  readonly limits?: CompilerLimits;
  /** Pillar of the command line: it wins over every file. */
  readonly pillarData?: Dict;
  /** Recorded answers of execution functions; they go before slab's own functions. */
  readonly recorded?: readonly RecordedCall[];
  /** Decrypts messages that `gpg` and `decrypt_pillar` find; without it they are errors. */
  readonly decrypt?: Decrypt;
  /** Another revision, to know of each compilation whether it would come out the same there. */
  readonly former?: Former;
  /** What the compiler of a newer revision, to which this one's is the former, shares with it; it compiles each host first. */
  readonly common?: Common;
}

/** What one compilation is asked for. */
interface CompileOptions {
  /** Names or globs of SLS to compile in place of what the top file says, of `base` unless an option says otherwise. */
  readonly sls?: readonly string[];
  /** What the host has answered. Questions that are open afterwards have to be asked, and the host compiled again. */
  readonly answers?: Answers;
  /** What is known of other hosts, for `mine.get`; left out, nobody was asked. */
  readonly others?: Others;
}

/** Bounds that keep a template from hanging a run. */
interface CompilerLimits {
  /** Evaluation steps one rendering may take. */
  readonly templateSteps?: number;
}

/** Everything the compiler found out about one host. */
export interface HostCompilation {
  /** Of every SLS, collected; the caller fills in the host. With an error among them nothing may be run. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Absent when something could not be read or has the wrong shape. A requisite that names nothing (SLAB2014) and a
   * cycle (SLAB2015) leave it there, to be shown.
   */
  readonly low?: LowState;
  /** The chunks that could be read in spite of errors, so that their arguments are checked in the same run. */
  readonly found: readonly Chunk[];
  readonly pillar: Dict;
  /** The SLS names and globs of the top file that match, in order. */
  readonly top: readonly string[];
  readonly files: FileSource;
  readonly origin: Origin;
  /** What `files.render` complained of since. */
  lateDiagnostics(): readonly Diagnostic[];
  /**
   * Texts that must not be shown: pillar values under the inventory's secret keys, and whatever was encrypted. Of other
   * hosts too, as soon as a template has asked for their mine.
   */
  readonly secrets: readonly string[];
  /** Adds to what is found out later about a chunk who included its SLS. */
  includedFrom(diagnostic: Diagnostic): Diagnostic;
}

/** What a host was compiled from, for explaining where something came from. */
export interface Origin {
  /** What the SLS of its pillar gave, in the order in which they were merged. */
  readonly layers: readonly PillarLayer[];
  /** The targets of the top file that mean it. */
  readonly targets: readonly TopTarget[];
  /** Its SLS with what they include. */
  readonly roots: readonly SlsBranch[];
}

/** Compiles hosts one after the other; templates, documents and low states are shared between them. */
export interface Compiler {
  compile(host: Host, grains: Grains, options?: CompileOptions): HostCompilation;
  compilePillar(host: Host, grains: Grains, options?: Omit<CompileOptions, 'sls'>): PillarCompilation;
}
