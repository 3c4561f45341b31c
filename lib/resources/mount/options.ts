import type { Mount } from '../../disks/facts.ts';
import { familyOf, formsOf } from './option-forms.ts';
import {
  isCompared,
  isDefault,
  isForHelpers,
  isShown,
  isUncertain,
  keyOf,
  needsNewMount,
} from './option-rules.ts';

/** What a state says of options that cannot be seen. */
export interface OptionRules {
  readonly invisible: readonly string[];
  readonly invisibleKeys: readonly string[];
  readonly ignored: Readonly<Record<string, readonly string[]>>;
  readonly translated: Readonly<Record<string, string>>;
}

/** How the options of a mount differ from those that are declared; each as it is declared. */
export interface OptionDrift {
  /** Missing ones that can be given to it while it is in use. */
  readonly live: readonly string[];
  /** Missing ones that only hold once it is mounted anew. */
  readonly anew: readonly string[];
  /** Those of which the kernel does not show whether they hold. */
  readonly unseen: readonly string[];
  /** Those that are shown with another value, which may be what was settled with a device or server: `rsize=1048576 (rsize=524288)`. */
  readonly settled: readonly string[];
}

/** What is mounted, as far as its options go. */
export interface MountOptions extends Pick<Mount, 'options' | 'superOptions' | 'type'> {
  readonly isBind: boolean;
  /** All options of an ext file system, those that mountinfo leaves out as well. */
  readonly all?: readonly string[];
}

/** Compares declared options with those that the kernel shows. */
export function compareOptions(
  declared: readonly string[],
  mount: MountOptions,
  rules: OptionRules,
): OptionDrift {
  const { type, isBind } = mount;
  const shown = isBind ? mount.options : [...mount.options, ...mount.superOptions, ...(mount.all ?? [])];
  const seen = new Set(shown.flatMap((option) => formsOf(option, type)));
  const drift = { live: new Set<string>(), anew: new Set<string>(), unseen: new Set<string>() };
  const settled = new Set<string>();
  for (const { said, form } of wantedOf(declared, type, rules)) {
    const verdict = judge(form, seen, { type, isBind });
    if (verdict.is === 'missing') drift[!isBind && needsNewMount(form, type) ? 'anew' : 'live'].add(said);
    else if (verdict.is === 'unseen') drift.unseen.add(said);
    else if (verdict.is === 'other') settled.add(`${said} (${verdict.shown})`);
  }
  const anew = [...drift.anew];
  const live = [...drift.live].filter((said) => !anew.includes(said));
  return { live, anew, unseen: [...drift.unseen], settled: [...settled] };
}

interface Wanted {
  /** As it is declared. */
  readonly said: string;
  readonly form: string;
}

/** What is compared: without what is for helpers, and of words that exclude each other the last. */
function wantedOf(declared: readonly string[], type: string, rules: OptionRules): readonly Wanted[] {
  const ignored = rules.ignored[type] ?? (type === 'ramfs' ? ['size'] : []);
  const all = declared.flatMap((said) =>
    formsOf(rules.translated[said] ?? said, type).map((form) => ({ said, form })),
  );
  const isQuiet = ({ said, form }: Wanted): boolean =>
    isForHelpers(form) ||
    isForHelpers(said) ||
    rules.invisible.includes(said) ||
    [...rules.invisibleKeys, ...ignored].includes(keyOf(form));
  const last = all.filter(
    (one, at) => !all.slice(at + 1).some((later) => groupOf(later.form) === groupOf(one.form)),
  );
  const strongest = ['strictatime', 'noatime', 'relatime'].find((word) =>
    last.some(({ form }) => form === word),
  );
  return last.filter(
    (one) => !isQuiet(one) && (!/^(noa|rela)time$/.test(one.form) || one.form === strongest),
  );
}

/** Options of which the last one holds have one group. Of strictatime, noatime and relatime the first of these holds: do_mount. */
function groupOf(option: string): string {
  if (/^(noa|rela)time$/.test(option)) return option;
  if (/^(ro|rw)$/.test(option)) return 'ro';
  if (/^(a?sync)$/.test(option)) return 'sync';
  if (/^(hard|soft)$/.test(option)) return 'hard';
  if (/^inode(32|64)$/.test(option)) return 'inode';
  return keyOf(option).replace(/^no/, '').replace('compress-force', 'compress');
}

type Verdict =
  { readonly is: 'there' | 'missing' | 'unseen' } | { readonly is: 'other'; readonly shown: string };

function judge(
  form: string,
  seen: ReadonlySet<string>,
  { type, isBind }: { readonly type: string; readonly isBind: boolean },
): Verdict {
  if (seen.has(form) || isCoveredBy(form, seen, type)) return { is: 'there' };
  // The kernel shows numbers.
  if (/^(uid|gid)=[^0-9]/.test(form)) return { is: 'there' };
  if (form === 'strictatime')
    return { is: seen.has('noatime') || seen.has('relatime') ? 'missing' : 'there' };
  if (form === 'relatime' && seen.has('noatime')) return { is: 'missing' };
  if (isUncertain(form, type)) return { is: 'unseen' };
  const key = keyOf(form);
  const other = [...seen].find((option) => keyOf(option) === key);
  const isOff = oppositesOf(form).some(
    (option) => seen.has(option) || [...seen].some((each) => keyOf(each) === option),
  );
  if (isOff) return { is: 'missing' };
  if (other !== undefined) return isCompared(key, type) ? { is: 'missing' } : { is: 'other', shown: other };
  if (isDefault(form, type)) return { is: 'there' };
  return { is: isShown(form, type, isBind) ? 'missing' : 'unseen' };
}

/** What is shown in place of an option that does not hold. */
function oppositesOf(form: string): readonly string[] {
  const pairs: Readonly<Record<string, readonly string[]>> = {
    ...{ rw: ['ro'], async: ['sync'], hard: ['soft'], inode32: ['inode64'], inode64: ['inode32'] },
    ...{ usrquota: ['noquota'], grpquota: ['noquota'], prjquota: ['noquota'], quota: ['noquota'] },
    ...{ 'compress=none': ['compress', 'compress-force'] },
  };
  if (pairs[form] !== undefined) return pairs[form];
  if (form.includes('=') || /^(ro|sync|noatime|relatime)$/.test(form)) return [];
  return form.startsWith('no') ? [form.slice(2)] : [`no${form}`];
}

/** Some values stand for several: a version of a protocol for its minor ones, a list for each of its words. */
function isCoveredBy(form: string, seen: ReadonlySet<string>, type: string): boolean {
  const family = familyOf(type);
  if (family !== 'nfs' && family !== 'cifs') return false;
  const [key = '', value = ''] = form.split('=');
  const shown = [...seen].find((option) => keyOf(option) === key)?.slice(key.length + 1);
  if (shown === undefined) return false;
  if (key === 'vers') return value === 'default' || shown.startsWith(`${value}.`);
  return key === 'sec' && value.split(':').includes(shown);
}
