import type { GivenUp } from '../model/records.ts';
import type { SectionResult } from '../model/script.ts';
import type { Step } from '../model/step.ts';
import { exitConflict } from '../shell/exit.ts';
import { readHead } from './outcome.ts';
import type { ProgramChunk } from './program.ts';

/** What may be destroyed of what a person gave up, when nobody knows how far a chunk came. */
export function maybeDestroyed({ steps }: Pick<ProgramChunk, 'steps'>): readonly GivenUp[] {
  return steps.flatMap(({ destroys = [] }) => destroys);
}

/**
 * What a chunk, or an attempt of it, has destroyed of what a person gave up: all of a step that has begun, unless it says that
 * it found something else and wrote nothing. In doubt it is destroyed: who agreed is asked once more.
 */
export function destroyedBy(
  chunk: Pick<ProgramChunk, 'section' | 'steps'>,
  result: SectionResult,
): readonly GivenUp[] {
  const { steps } = chunk;
  const { state, at, code } = readHead(result);
  switch (state) {
    case 'u':
    case 'ru':
    case 'a':
    case 'b':
    case 'x':
    case 'k':
    case 'n':
      return [];
    case 'f':
    case 'rf': {
      // A condition that cannot be asked fails before the first step, with 0.
      const began = Number(code) !== exitConflict && Number(code) !== 0;
      const hasBegun = (step: Step, index: number): boolean =>
        index < at ||
        (index === at && began) ||
        (index > at && step.part !== undefined && step.part !== steps[at]?.part);
      return maybeDestroyed({ steps: steps.filter(hasBegun) });
    }
    default:
      return state === '' && result.name !== chunk.section ? [] : maybeDestroyed(chunk);
  }
}
