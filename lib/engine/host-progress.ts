import type { Event } from '../model/event.ts';

type HostProgress = Extract<Event, { readonly type: 'host.progress' }>;

/**
 * How far a script on a host has come, as it says so: `STEP PHASE DONE TOTAL`. Whatever else a host says there is nothing.
 * @param titleOf what the script does, by the number of its step.
 */
export function readProgress(
  host: string,
  words: readonly string[],
  titleOf: (step: number) => string | undefined,
): HostProgress | undefined {
  const [, step = '', phase = '', done = '', total = ''] =
    /^([0-9]{1,4}) ([a-z]{1,20}) ([0-9]{1,15}) ([0-9]{1,15})$/.exec(words.join(' ')) ?? [];
  const what = titleOf(Number(step));
  if (what === undefined || phase === '' || Number(done) > Number(total)) return undefined;
  return { type: 'host.progress', host, what, phase, done: Number(done), total: Number(total) };
}
