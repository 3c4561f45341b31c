import type { SourceRange } from './source.ts';
import type { Dict } from './value.ts';

/** How the top files of several saltenvs become one: Salt's `top_file_merging_strategy`. */
export type TopStrategy = 'merge' | 'same' | 'merge_all';

/** How two dicts become one: `pillar_source_merging_strategy`, and the `strategy` of `slsutil.merge`. */
export type MergeStrategy = 'smart' | 'recurse' | 'overwrite' | 'aggregate' | 'list' | 'none';

/** A folder of a saltenv, as written: relative to the project. */
export interface RootFolder {
  readonly path: string;
  readonly source: SourceRange;
}

/** A pillar key whose value is encrypted (`decrypt_pillar`), with the place that says so. */
export interface EncryptedKey {
  readonly key: string;
  readonly source: SourceRange;
}

/** Salt's master options that decide what is compiled; every one has Salt's default. */
export interface SaltOptions {
  /** Folders of states by saltenv, the first that has a file wins; without `base`, the state trees of the project are `base`. */
  readonly fileRoots: ReadonlyMap<string, readonly RootFolder[]>;
  /** The same for pillar; without `base`, the folder `pillar` beside the inventory is `base`. */
  readonly pillarRoots: ReadonlyMap<string, readonly RootFolder[]>;
  readonly topFileMergingStrategy: TopStrategy;
  /** The saltenvs that count, in the order in which their top files are merged; empty: all, `base` first. */
  readonly envOrder: readonly string[];
  /** Where `same` looks for the section of a saltenv that has no top file. */
  readonly defaultTop: string;
  /** The only saltenv whose top file and section count; undefined: all. */
  readonly saltenv?: string;
  /** The same for pillar. */
  readonly pillarenv?: string;
  readonly pillarSourceMergingStrategy: MergeStrategy;
  readonly pillarMergeLists: boolean;
  readonly pillarIncludesOverrideSls: boolean;
  /** Whether states without `order` are numbered in the order of the files. */
  readonly stateAutoOrder: boolean;
  readonly decryptPillar: readonly EncryptedKey[];
  readonly decryptPillarDelimiter: string;
  /** GnuPG's home folder, relative to the project; undefined: GnuPG's own. */
  readonly gpgKeydir?: string;
  /** Whether a text that cannot be decrypted is an error; otherwise it stays as it is, with a warning. */
  readonly gpgDecryptMustSucceed: boolean;
  /** What every host gives to the others (`mine.get`), beside what its pillar says; it wins over that. */
  readonly mineFunctions?: Dict;
}
