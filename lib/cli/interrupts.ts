/** Ctrl-C, in two steps: stop in order, then cancel. */
export interface Interrupts {
  /** No new steps: the first SIGINT. */
  readonly stop: AbortSignal;
  /** End what runs: the second SIGINT, or SIGTERM. */
  readonly cancel: AbortSignal;
  unwatch(): void;
}

/** Watches for signals until told otherwise; a third one ends the process as it would have without us. */
export function watchInterrupts(onStop?: () => void): Interrupts {
  const stop = new AbortController();
  const cancel = new AbortController();
  const interrupt = (): void => {
    if (cancel.signal.aborted) process.exit(130);
    if (stop.signal.aborted) cancel.abort();
    else {
      stop.abort();
      onStop?.();
    }
  };
  const terminate = (): void => {
    if (cancel.signal.aborted) process.exit(143);
    stop.abort();
    cancel.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    stop: stop.signal,
    cancel: cancel.signal,
    unwatch() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}
