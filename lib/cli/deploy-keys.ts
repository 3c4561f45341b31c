import type { Console } from './console.ts';
import type { DeployOptions } from './deploy-options.ts';
import { canAsk } from './ask.ts';
import { whoAmI } from './follow-run.ts';
import type { Interrupts } from './interrupts.ts';
import { inForeground, watchKeys } from './keys.ts';

/** What a person has typed while a roll-out runs. */
export interface DeployKeys {
  /** Resolves once nobody holds the next batch, or the run is told to stop; undefined: nobody does. */
  readonly hold: () => Promise<void> | undefined;
  /** Begins to read keys. @returns what ends it. */
  readonly watch: (interrupts: Interrupts) => () => void;
}

/**
 * The keys of a roll-out at a terminal, told in the last row of its display: p pauses after the batch and goes on, a aborts
 * before the next step, v shows each change and each host. Without such a terminal, or begun in the background, there are none.
 */
export function deployKeys(options: DeployOptions, console: Console): DeployKeys {
  if (!console.isLive || !canAsk(options.input) || !inForeground())
    return { hold: () => undefined, watch: () => () => undefined };
  let letGo: (() => void) | undefined;
  let held: Promise<void> | undefined;
  let tellsMore = false;
  const hint = (): void => {
    const pause = held === undefined ? '[p] pause after this batch' : '[p] go on (a pause is asked for)';
    const more = tellsMore ? '[v] less' : '[v] verbose';
    console.hint(`${pause}   [a] abort   ${more}   Ctrl-C stop safely`);
  };
  const goOn = (): void => {
    letGo?.();
    held = undefined;
  };
  hint();
  const actions: Readonly<Record<string, (interrupts: Interrupts) => void>> = {
    p: () => {
      if (held === undefined) held = new Promise((resolve) => (letGo = resolve));
      else goOn();
    },
    a: (interrupts) => {
      if (interrupts.stop.aborted) return;
      console.emit({
        ...{ type: 'notice', level: 'warning', code: 'SLAB5208' },
        message: `aborted by ${whoAmI()}, at the terminal`,
      });
      interrupts.halt();
    },
    v: () => {
      tellsMore = !tellsMore;
      console.tellMore(tellsMore);
    },
  };
  return {
    hold: () => held,
    watch: (interrupts) => {
      interrupts.stop.addEventListener('abort', goOn);
      return watchKeys((key) => {
        actions[key]?.(interrupts);
        hint();
      });
    },
  };
}
