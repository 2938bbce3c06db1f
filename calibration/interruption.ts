/** A verb that does not end by itself within this time after it was told to is ended. */
const endSecondsMax = 3;

export interface Interruption {
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
}

/**
 * Everything that makes a verb break off: Ctrl-C, SIGTERM, a terminal that was closed (SIGHUP, or
 * writing to it fails). A second Ctrl-C ends the program at once; nothing needs to be tidied up, for
 * nothing takes force before a verb has finished.
 */
export function watchInterruption(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    setTimeout(() => process.exit(1), endSecondsMax * 1000).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      if (!controller.signal.aborted) interrupt();
    });
  }
  return { signal: controller.signal, interrupt };
}
