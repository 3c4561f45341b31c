import type { Event } from '../model/event.ts';
import type { Question } from '../questions/index.ts';

/** Nothing is run in secret: templates may hold commands, and those run during a plan. */
export function ranCommands(host: string, questions: readonly Question[]): readonly Event[] {
  const commands = questions.filter(({ spec }) => spec.runs === true);
  if (commands.length === 0) return [];
  const shown = commands.map(({ args }) => args.texts('cmd').join(' ').trim().split('\n')[0] ?? '');
  const count = `${commands.length} command${commands.length === 1 ? '' : 's'}`;
  const message = `ran ${count} of templates: ${shown.join('; ')}`;
  return [{ type: 'notice', level: 'info', host, code: 'SLAB2007', message }];
}
