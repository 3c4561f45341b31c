import type { Host } from '../model/inventory.ts';
import type { SourceRange } from '../model/source.ts';
import type { Dict, Grains } from '../model/value.ts';
import type { Answers } from '../questions/index.ts';

/** What one host is known by. */
export interface KnownHost {
  readonly grains: Grains;
  readonly answers: Answers;
}

/**
 * The hosts beside the one that is compiled, as far as they are known. `unknown`: nobody has asked it yet; what hangs on
 * it is thrown away. `absent`: it cannot be asked, so it gives nothing.
 */
export interface Others {
  find(host: Host): KnownHost | 'unknown' | 'absent';
}

/** Nobody was asked. */
export const nobody: Others = { find: () => 'unknown' };

/** One call of `mine.get`. */
export interface MineRequest {
  readonly target: string;
  /** Salt's `tgt_type`. */
  readonly type: string;
  readonly names: readonly string[];
  readonly excludeSelf: boolean;
  readonly source: SourceRange;
}

/** Values by host, for each name asked for. */
export type MineOf = (request: MineRequest) => ReadonlyMap<string, Dict>;

/** A mine in which there is nothing: what pillar sees that is compiled for the sake of another host's mine. */
export const emptyMine: MineOf = () => new Map();
