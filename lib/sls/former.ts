import type { Common } from './common.ts';
import type { Divergence } from './divergence.ts';
import type { RootFile, Roots, Trees } from './roots.ts';

/** Another revision of what a compiler is made from: whoever has a host compiled is told whether it would come out there the same. */
export interface Former {
  readonly states: Trees;
  readonly pillar: Trees;
  /** Whether its inventory has the same hosts and groups. */
  readonly sameHosts: boolean;
  readonly divergence: Divergence;
  readonly common: Common;
}

/** Roots that tell when somebody looks where they differ from those of another revision. */
export function besideFormer(roots: Roots, former: Roots, divergence: Divergence): Roots {
  const files = new Map<string, boolean>();
  const lists = new Map<string, boolean>();
  const look = (path: string): void => {
    const same = files.get(path) ?? isSameFile(roots.find(path), former.find(path));
    files.set(path, same);
    if (!same) divergence.meet();
  };
  const lookAll = (beginning: string, end: string): void => {
    const key = `${beginning}\0${end}`;
    const same = lists.get(key) ?? isSameList(roots.list(beginning, end), former.list(beginning, end));
    lists.set(key, same);
    if (!same) divergence.meet();
  };
  return {
    find(path) {
      look(path);
      return roots.find(path);
    },
    text(path) {
      look(path);
      return roots.text(path);
    },
    list(beginning, end = '') {
      lookAll(beginning, end);
      return roots.list(beginning, end);
    },
    near(path) {
      lookAll('', '');
      return roots.near(path);
    },
    unseen: () => roots.unseen(),
  };
}

function isSameFile(one: RootFile | undefined, other: RootFile | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.file === other.file &&
    one.saltenv === other.saltenv &&
    Buffer.compare(one.bytes, other.bytes) === 0 &&
    one.executable() === other.executable()
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((path, index) => path === other[index]);
}
