import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Something that names a state or an SLS which is not part of the run. */
export interface Absence {
  readonly diagnostic: Diagnostic;
  readonly name: string;
  /** Whether something of the run looks like what was meant. */
  readonly hasLikeness: boolean;
}

/** The text of an SLS that could not be read, or not all of it. */
interface FaultyText {
  readonly file: string;
  readonly text: string;
}

/**
 * What is absent although some SLS could not be read and might have declared it: only what looks like a slip of the pen,
 * and stands nowhere else in their texts. The rest comes to light when they can be read.
 */
export function certainAbsences(
  absences: readonly Absence[],
  faulty: () => readonly FaultyText[],
): readonly Diagnostic[] {
  const likely = absences.filter(({ hasLikeness }) => hasLikeness);
  if (likely.length === 0) return [];
  const texts = faulty();
  return likely.filter((absence) => !mayStandIn(texts, absence)).map(({ diagnostic }) => diagnostic);
}

function mayStandIn(texts: readonly FaultyText[], { name, diagnostic: { source } }: Absence): boolean {
  return texts.some(({ file, text }) => {
    if (!text.includes(name)) return false;
    return (
      file !== source?.file ||
      text.split('\n').some((line, index) => index + 1 !== source.line && line.includes(name))
    );
  });
}
