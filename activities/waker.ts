/** A pause that can be cut short. A wake that comes while nobody waits is kept for the next wait. */
export interface Waker {
  wake(): void;
  /** Ends after `ms` milliseconds or at the next wake, whichever comes first. */
  wait(ms: number): Promise<void>;
}

/** Makes a waker for one waiting loop. */
export function createWaker(): Waker {
  let pending = false;
  let finish: (() => void) | undefined;
  return {
    wake() {
      if (finish === undefined) pending = true;
      else finish();
    },
    async wait(ms) {
      if (!pending) await pause(ms, (end) => (finish = end));
      pending = false;
      finish = undefined;
    },
  };
}

function pause(ms: number, hand: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    hand(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
