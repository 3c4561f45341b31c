import type { Session } from '../model/ports.ts';
import type { Event } from '../model/event.ts';
import { createAnswers, type Answers, type Question } from '../questions/index.ts';

/** A chain of questions, each asked because of the answer before it, is no longer than this. */
const ROUNDS = 10;

/** Who is asked, and who is told of it. */
interface Asked {
  readonly session: Session;
  /** Filled with what the host says; left out, nobody but the compilation sees the answers. */
  readonly answers?: Answers;
  readonly emit: (event: Event) => void;
}

/**
 * Compiles until nothing is left to ask: whatever one compilation wants to know of the host is one exchange, and then it
 * is compiled again. A tree that asks nothing costs nothing.
 * @returns the last compilation; with questions still open after ten rounds it holds them as errors (SLAB2007).
 * @throws TransportError as the session does.
 */
export async function compileAsking<T>(
  { session, emit, answers = createAnswers() }: Asked,
  compile: (answers: Answers) => T,
): Promise<T> {
  let compiled = compile(answers);
  for (let round = 1; answers.open().length > 0 && round <= ROUNDS; round += 1) {
    const commands = answers.open().filter(({ spec }) => spec.runs === true);
    answers.learn(await session.exchange(answers.sections()));
    if (commands.length > 0) emit(ranCommands(session.host, commands));
    compiled = compile(answers);
  }
  return compiled;
}

/** Nothing is run in secret: templates may hold commands, and those run during a plan. */
function ranCommands(host: string, commands: readonly Question[]): Event {
  const shown = commands.map(({ args }) => args.texts('cmd').join(' ').trim().split('\n')[0] ?? '');
  const count = `${commands.length} command${commands.length === 1 ? '' : 's'}`;
  const message = `ran ${count} of templates: ${shown.join('; ')}`;
  return { type: 'notice', level: 'info', host, code: 'SLAB2007', message };
}
