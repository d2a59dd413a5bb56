import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { errorCode, errorMessage } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';

/** What was asked for, as it was last seen, and how asking goes now. */
export interface Polled<T> {
  readonly value?: T;
  /** When `value` came, epoch milliseconds. */
  readonly at?: number;
  /** Set while the newest try failed; `value` is from before. */
  readonly failure?: { readonly code: ErrorCode | undefined; readonly message: string };
  /** Asks at once. */
  readonly refresh: () => void;
}

/** After an answer that asking is too much, the pause is this many times longer. */
const SLOWER = 5;

/**
 * Asks again and again, `everyMs` after the last answer, while the page can be seen. `load` gets the value before, and begins anew when `about` changes: an answer to what was
 * asked before that is dropped.
 */
export function usePoll<T>(load: (before: T | undefined) => Promise<T>, everyMs: number, about: string): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'refresh'> & { readonly about: string }>({ about });
  const loader = useRef(load);
  loader.current = load;
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let round = 0;
    let before: T | undefined;
    const run = async (): Promise<void> => {
      clearTimeout(timer);
      const mine = (round += 1);
      let pause = everyMs;
      try {
        const value = await loader.current(before);
        if (mine !== round) return;
        before = value;
        setState({ about, value, at: Date.now() });
      } catch (error) {
        if (mine !== round) return;
        const code = errorCode(error);
        if (code === 'rate_limited') pause *= SLOWER;
        setState((last) => ({ ...(last.about === about ? last : { about }), failure: { code, message: errorMessage(error) } }));
      }
      if (!document.hidden) timer = setTimeout(() => void run(), pause);
    };
    const seen = (): void => {
      if (!document.hidden) void run();
    };
    ask.current = () => void run();
    document.addEventListener('visibilitychange', seen);
    void run();
    return () => {
      round += 1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [everyMs, about]);

  const refresh = useCallback(() => ask.current(), []);
  const { about: loadedAbout, ...shown } = state;
  return loadedAbout === about ? { ...shown, refresh } : { refresh };
}

/** The time now in epoch milliseconds, moving on every second, so that "2 m ago" does not stand still. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
