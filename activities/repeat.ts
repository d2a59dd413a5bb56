import { createWaker } from './waker';

/** What is done again and again. */
export interface Repeated {
  /** Ends when the turn under way has ended; no other one begins. */
  stop(): Promise<void>;
}

/** Takes turns until it is stopped, the first after `firstMs`. A turn gives the time until the next in milliseconds, and handles its own errors. */
export function repeat(turn: () => Promise<number>, firstMs = 0): Repeated {
  const waker = createWaker();
  let stopped = false;
  const running = (async () => {
    if (firstMs > 0) await waker.wait(firstMs);
    while (!stopped) {
      const pauseMs = await turn();
      if (!stopped) await waker.wait(pauseMs);
    }
  })();
  return {
    async stop() {
      stopped = true;
      waker.wake();
      await running;
    },
  };
}
