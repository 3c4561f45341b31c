import type { Session } from '../model/ports.ts';
import type { Event } from '../model/event.ts';
import type { Others } from '../sls/others.ts';
import type { Fleet } from './fleet.ts';
import { createAnswers, type Answers } from '../questions/index.ts';
import { ranCommands } from './ran-commands.ts';

/** A chain of questions, each asked because of the answer before it, is no longer than this. */
const ROUNDS = 10;

/** Who is asked, and who is told of it. */
interface Asked {
  readonly session: Session;
  /** Filled with what the host says; left out, nobody but the compilation sees the answers. */
  readonly answers?: Answers;
  readonly emit: (event: Event) => void;
  /** Knows the other hosts; without `read` they are not asked now. */
  readonly fleet: Pick<Fleet, 'view'> & Partial<Pick<Fleet, 'read'>>;
}

/**
 * Compiles until nothing is left to ask: whatever one compilation wants to know of the host is one exchange, and then it
 * is compiled again; what it wants to know of other hosts is asked of them before. A tree that asks nothing costs nothing.
 * @returns the last compilation; with questions still open after ten rounds it holds them as errors (SLAB2007).
 * @throws TransportError as the session does.
 */
export async function compileAsking<T>(
  { session, emit, answers = createAnswers(), fleet }: Asked,
  compile: (answers: Answers, others: Others) => T,
): Promise<T> {
  let others = fleet.view();
  let compiled = compile(answers, others);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const hosts = fleet.read === undefined ? [] : others.wanted();
    if (answers.open().length === 0 && hosts.length === 0) break;
    await fleet.read?.(hosts);
    if (answers.open().length > 0) {
      const questions = answers.open();
      answers.learn(await session.exchange(answers.sections()));
      for (const event of ranCommands(session.host, questions)) emit(event);
    }
    others = fleet.view();
    compiled = compile(answers, others);
  }
  return compiled;
}
