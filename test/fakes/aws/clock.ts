/** Time as the fake sees it. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when so many milliseconds have passed, or when `signal` is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that stands until it is moved. */
export interface TestClock extends FakeClock {
  /** Moves it on; whoever waited until then goes on. */
  advance(ms: number): void;
  /** How many wait. */
  readonly waiting: number;
}

/** The clock of the machine. */
export function realClock(): FakeClock {
  return {
    now: () => Date.now(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const timer = setTimeout(done, ms);
        function done(): void {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        }
        signal?.addEventListener('abort', done);
      }),
  };
}

/** A clock that shows `start` (milliseconds since the epoch) until it is moved. */
export function testClock(start: number): TestClock {
  let time = start;
  const waiters = new Set<{ readonly until: number; readonly go: () => void }>();
  return {
    now: () => time,
    get waiting() {
      return waiters.size;
    },
    advance(ms) {
      time += ms;
      for (const waiter of [...waiters]) if (waiter.until <= time) waiter.go();
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        const waiter = {
          until: time + ms,
          go: () => {
            waiters.delete(waiter);
            resolve();
          },
        };
        waiters.add(waiter);
        signal?.addEventListener('abort', waiter.go);
      }),
  };
}
