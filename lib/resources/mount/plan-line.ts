import type { MountDeclared } from './declared.ts';
import { fstabLine, parseFstab, sameEntry, type FstabEntry } from './fstab.ts';
import type { MountObserved } from './observe.ts';

/** What is to be done with one line of fstab. */
export interface LinePlan {
  /** The line as it is, and as it shall be; empty for none. Absent: nothing to do. */
  readonly edit?: { readonly before: string; readonly after: string };
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** The text of the file that the boot reads, or why it is not known. */
function configText({ config }: MountDeclared, observed: MountObserved): string | { readonly why: string } {
  if (!observed.facts.read) return { why: observed.facts.why };
  if (config !== '/etc/fstab')
    return observed.lookFailed === undefined
      ? (observed.config ?? '')
      : { why: `${config}: ${observed.lookFailed}` };
  const fstab = observed.facts.value.texts['fstab'];
  return fstab?.read === true ? fstab.value : { why: fstab?.why ?? 'fstab was not read' };
}

/**
 * Compares a wanted line, or none, with the file.
 * @param isMeant which entries are about the same thing.
 * @param noteOf what is to be said of an entry that is not.
 */
export function planLine(
  declared: MountDeclared,
  observed: MountObserved,
  {
    wanted,
    isMeant,
    keep = false,
    noteOf = () => undefined,
  }: {
    readonly wanted: FstabEntry | undefined;
    readonly isMeant: (entry: FstabEntry) => boolean;
    readonly keep?: boolean;
    readonly noteOf?: (entry: FstabEntry, line: number) => string | undefined;
  },
): LinePlan {
  const text = configText(declared, observed);
  const { config } = declared;
  if (typeof text !== 'string') return { problems: [text.why], notes: [] };
  const lines = parseFstab(text);
  const notes = lines.flatMap(({ broken, entry, number, text: line }) => {
    if (broken !== undefined) return [`${config} line ${number} cannot be read (${broken}): ${line.trim()}`];
    return (entry === undefined ? undefined : noteOf(entry, number)) ?? [];
  });
  const [first, ...more] = lines.filter(({ entry }) => entry !== undefined && isMeant(entry));
  if (more.length > 0) {
    const numbers = [first, ...more].map((line) => line?.number).join(', ');
    return { problems: [`${config} names this on lines ${numbers}: leave one of them`], notes };
  }
  if (wanted === undefined)
    return {
      ...(first === undefined ? {} : { edit: { before: first.text, after: '' } }),
      problems: [],
      notes,
    };
  const after = fstabLine(wanted);
  if (first?.entry === undefined) return { edit: { before: '', after }, problems: [], notes };
  if (sameEntry(first.entry, wanted)) return { problems: [], notes };
  if (keep)
    return {
      problems: [],
      notes: [...notes, `${config} says something else, and stays: ${first.text.trim()}`],
    };
  return { edit: { before: first.text, after }, problems: [], notes };
}
