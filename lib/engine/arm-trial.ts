import type { Armed } from '../confirm/answers.ts';
import { TransportError } from '../diagnostics/errors.ts';
import type { ExchangeListener, Session } from '../model/ports.ts';
import type { Section, SectionResult } from '../model/script.ts';
import type { ProgramTrial } from './program.ts';

interface Arming {
  readonly sections: readonly Section[];
  /** The trial that the last of them arms. */
  readonly next: ProgramTrial | undefined;
  readonly listener: ExchangeListener;
}

/**
 * An exchange that may end in arming a trial. A line that is lost just then says nothing of the trial, which may run: the host
 * has to be asked (`lost`), with the results until then.
 */
export async function exchangeAndArm(
  session: Session,
  { sections, next, listener }: Arming,
): Promise<{ readonly results: readonly SectionResult[]; readonly lost?: Armed }> {
  const results: SectionResult[] = [];
  let begun = '';
  const told: ExchangeListener = {
    ...listener,
    started(section) {
      begun = section;
      listener.started?.(section);
    },
    finished(result) {
      results.push(result);
      listener.finished?.(result);
    },
  };
  try {
    return { results: await session.exchange(sections, told) };
  } catch (error) {
    if (!(error instanceof TransportError) || next === undefined || begun !== next.arm.name) throw error;
    return { results, lost: { is: 'lost', why: error.message } };
  }
}
