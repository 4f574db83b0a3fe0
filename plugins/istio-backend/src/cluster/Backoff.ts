/** Waiting times that double from `firstMs` to `maxMs`, each between half and all of it so that retries spread out. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** The next waiting time in milliseconds. */
  next(): number {
    const full = Math.min(this.maxMs, this.firstMs * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 30);
    return full * (0.5 + this.random() / 2);
  }

  /** After a success the next failure waits short again. */
  reset(): void {
    this.attempts = 0;
  }
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. Keeps no process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener('abort', done, { once: true });
  });
}
