import { NightshiftError } from '../../domain/errors';
import type { ErrorCode } from '../../domain/errors';
import { persist, PERSISTENCE } from '../../domain/persist';

/** Tries at a door that takes `tookMs` and then fails with the codes in turn, the last of them for ever. */
async function tries(tookMs: number, ...codes: readonly (ErrorCode | 'ok')[]): Promise<{ readonly sent: number; readonly ms: number; readonly end: unknown }> {
  let ms = 0;
  let sent = 0;
  const call = async (): Promise<string> => {
    ms += tookMs;
    const code = codes[Math.min(sent, codes.length - 1)] ?? 'ok';
    sent += 1;
    if (code !== 'ok') throw new NightshiftError(code, `answer ${String(sent)}`);
    return Promise.resolve('taken');
  };
  const options = { again: ['not_recorded'], now: () => ms, pause: (pauseMs: number) => Promise.resolve(void (ms += pauseMs)) } as const;
  const end = await persist(call, options).catch((error: unknown) => error);
  return { sent, ms, end };
}

test('an answer that was not recorded is sent again until it is', async () => {
  expect(await tries(10, 'not_recorded', 'not_recorded', 'ok')).toMatchObject({ sent: 3, end: 'taken' });
});

test('a door that fails at once is given up after a few tries, with its last error', async () => {
  expect(await tries(10, 'not_recorded')).toMatchObject({ sent: PERSISTENCE.retries + 1, end: { message: `answer ${String(PERSISTENCE.retries + 1)}` } });
});

test('a door that waits in vain, as while a worker begins anew, is tried for a minute', async () => {
  const { ms, end } = await tries(5000, 'not_recorded');
  expect(end).toMatchObject({ code: 'not_recorded' });
  expect(ms).toBeGreaterThan(PERSISTENCE.forMs);
  expect(ms).toBeLessThan(PERSISTENCE.forMs + 10_000);
});

test('what is refused is not sent again', async () => {
  expect(await tries(10, 'conflict')).toMatchObject({ sent: 1, end: { code: 'conflict' } });
});
