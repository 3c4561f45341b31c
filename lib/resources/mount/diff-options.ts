import type { HostFacts, Mount } from '../../disks/facts.ts';
import { isReadOnly } from '../../disks/mountinfo.ts';
import type { Change } from '../../model/change.ts';
import { isSystem, type MountedDeclared } from './declared.ts';
import { mountedBelow, sourceOf } from './live.ts';
import type { MountObserved } from './observe.ts';
import { compareOptions } from './options.ts';

/** What differs between what is mounted now and what is declared. */
export interface LiveDiff {
  readonly changes: readonly Change[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly shortfalls: readonly string[];
}

/** No difference. */
export const NONE: LiveDiff = { changes: [], problems: [], notes: [], shortfalls: [] };

/** What is unmounted to be mounted anew must not bring to light what it hid. */
export function stackedProblem(point: string, top: Mount, facts: HostFacts): string | undefined {
  const below = mountedBelow(facts, point);
  return below === undefined
    ? undefined
    : `at ${point} ${sourceOf(top)} is mounted over ${sourceOf(below)}: unmount one of them first`;
}

/** Options of what is mounted as it should be. */
export function compareMounted(declared: MountedDeclared, top: Mount, observed: MountObserved): LiveDiff {
  const { point, options, rules, kind } = declared;
  const wrong = typeProblem(declared, top);
  const local = /^(ext[234]|xfs|btrfs|f2fs|jfs|vfat|msdos|exfat)$/.test(top.type);
  if (local && isReadOnly(top) && !options.includes('ro') && kind === 'block') {
    // Any remount without ro makes it writable again.
    const words = `${point} is mounted read only, and that is not declared: the kernel may have found errors on it`;
    return { ...NONE, problems: wrong, shortfalls: [words] };
  }
  const { allOptions } = observed;
  const mounted = {
    ...top,
    isBind: kind === 'bind',
    ...(allOptions === undefined ? {} : { all: allOptions }),
  };
  const { live, anew, unseen, settled } = compareOptions(options, mounted, rules);
  const kept = anew.length === 0 ? undefined : keptNote(point, top, anew);
  const isAnew = anew.length > 0 && kept === undefined;
  const stacked =
    isAnew && observed.facts.read ? stackedProblem(point, top, observed.facts.value) : undefined;
  const missing = isAnew ? [...live, ...anew] : live;
  const notes = [
    ...(kept === undefined ? [] : [kept]),
    ...(unseen.length === 0
      ? []
      : [`whether ${point} is mounted with ${unseen.join(', ')} is not to be seen: it is left as it is`]),
    ...(settled.length === 0
      ? []
      : [`${point} is shown otherwise than declared, and left as it is: ${settled.join(', ')}`]),
  ];
  return {
    ...{ problems: [...wrong, ...(stacked === undefined ? [] : [stacked])], notes, shortfalls: [] },
    changes: missing.length === 0 ? [] : [optionsChange(point, top, { missing, anew: isAnew ? anew : [] })],
  };
}

/** What is declared is another type of file system than what is there. */
function typeProblem({ point, kind, type }: MountedDeclared, top: Mount): readonly string[] {
  return type !== top.type &&
    kind === 'block' &&
    !/^(none|auto|bind)$/.test(type) &&
    !/^ext[234]$/.test(type) &&
    top.type !== 'fuseblk'
    ? [`${point} is ${top.type}, and ${type} is declared: it stays what it is`]
    : [];
}

/** Why a mount is not mounted anew, although options would need it. */
function keptNote(point: string, top: Mount, anew: readonly string[]): string | undefined {
  const words = `${anew.join(', ')} only ${anew.length === 1 ? 'holds' : 'hold'}`;
  if (isSystem(point)) return `${point}: ${words} from the next boot on: the running system lives there`;
  return /^(tmpfs|ramfs)$/.test(top.type)
    ? `${point}: ${words} when it is mounted anew, and what is in it would be lost: it is left as it is`
    : undefined;
}

function optionsChange(
  point: string,
  top: Mount,
  { missing, anew }: { readonly missing: readonly string[]; readonly anew: readonly string[] },
): Change {
  const before = [...new Set([...top.options, ...top.superOptions])].join(',');
  return {
    ...{ object: `mount:${point}`, field: 'options', action: 'update', certainty: 'exact' },
    ...{ before, after: `+${missing.join(',')}` },
    ...(anew.length === 0
      ? { risk: 'change', why: 'remounted while it is in use' }
      : {
          risk: 'disrupt',
          why: `${anew.join(', ')} only ${anew.length === 1 ? 'holds' : 'hold'} when it is mounted anew: unmounted and mounted, if nobody uses it`,
        }),
  };
}
