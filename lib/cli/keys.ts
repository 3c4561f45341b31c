import { spawnSync } from 'node:child_process';

/** Does something for each key that is pressed. */
export type OnKey = (key: string) => void;

/** What a terminal in raw mode sends in place of a signal. */
const SIGNALS: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001a': 'SIGTSTP',
  '\u001c': 'SIGQUIT',
};

/**
 * Reads single keys from the terminal at stdin until told otherwise. What Ctrl-C, Ctrl-Z and Ctrl-\ mean stays: the whole
 * process group gets the signal, as from the terminal itself. In the background, where reading would stop the process,
 * nothing is read; back in the foreground it is.
 * @returns what ends it and leaves the terminal as it was.
 */
export function watchKeys(onKey: OnKey): () => void {
  const { stdin } = process;
  let isRaw = false;
  const release = (): void => {
    if (!isRaw) return;
    isRaw = false;
    stdin.setRawMode(false);
    stdin.pause();
  };
  const take = (): void => {
    if (isRaw || !inForeground()) return;
    isRaw = true;
    stdin.setRawMode(true);
    stdin.resume();
  };
  const read = (typed: Buffer): void => {
    const keys = Array.from(typed.toString('utf8'));
    for (const key of keys) {
      const signal = SIGNALS[key];
      if (signal !== undefined) {
        if (signal !== 'SIGINT') release();
        process.kill(0, signal);
      } else if (keys.length === 1) onKey(key);
      // Several at once are an arrow key or a text that was pasted: no letter of it is meant.
    }
  };
  stdin.on('data', read);
  // Listening alone begins to read, which the foreground only may.
  stdin.pause();
  process.on('SIGCONT', take);
  take();
  return () => {
    process.off('SIGCONT', take);
    stdin.off('data', read);
    release();
  };
}

/** Whether the terminal is this process's: whoever sets or reads it from the background is stopped (tcsetattr(3), SIGTTOU). */
export function inForeground(): boolean {
  const { stdout, status } = spawnSync('ps', ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Without a ps that can say it, there are no keys.
  if (status !== 0) return false;
  const [own, foreground] = stdout.trim().split(/\s+/);
  return own !== undefined && own !== '' && own === foreground;
}
