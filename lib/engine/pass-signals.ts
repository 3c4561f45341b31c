import type { Ports, Session } from '../model/ports.ts';
import type { Script } from '../model/script.ts';
import { sh } from '../shell/sh.ts';

/** What is passed on, and to which run. */
interface Passing {
  /** The run's directory on the host. */
  readonly directory: string;
  readonly stop: AbortSignal;
  readonly cancel: AbortSignal;
  /** Holds the session of the moment: a trial changes it. */
  readonly line: { readonly session: Session };
}

/**
 * Passes a stop on to the host: a file that the runner looks for between steps, and then a signal to the running step.
 * No `--` for kill: neither dash nor busybox ash knows it there.
 * @returns what ends the passing on.
 */
export function passSignals(
  host: string,
  { directory, stop, cancel, line }: Passing,
  ports: Pick<Ports, 'emit'>,
): () => void {
  const tell = (script: Script, what: string) => () => {
    const tellWhy = (reason: string): void => {
      const message = `${what} could not be passed on: ${reason}`;
      ports.emit({ type: 'notice', level: 'warning', host, code: 'SLAB3308', message });
    };
    line.session.aside(script).then(
      ({ code, stderr }) => {
        if (code !== 0) tellWhy(stderr.trim() || `exit code ${code}`);
      },
      (error: unknown) => tellWhy(error instanceof Error ? error.message : String(error)),
    );
  };
  const tellStop = tell(sh`: >${directory}/stop`, 'the stop');
  const tellCancel = tell(
    sh`: >${directory}/stop
group=$(cat ${directory}/pid)
case $group in '' | -) ;; *) kill -TERM "$group" ;; esac`,
    'the cancel',
  );
  stop.addEventListener('abort', tellStop);
  cancel.addEventListener('abort', tellCancel);
  return () => {
    stop.removeEventListener('abort', tellStop);
    cancel.removeEventListener('abort', tellCancel);
  };
}
