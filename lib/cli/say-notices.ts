import type { Event } from '../model/event.ts';
import type { Console } from './console.ts';

/** Events for a command that shows no progress: its notices are said all the same. */
export function sayNotices(console: Console): (event: Event) => void {
  return (event) => {
    if (event.type === 'notice')
      console.say(event.host === undefined ? event.message : `${event.host}: ${event.message}`);
    else console.emit(event);
  };
}
