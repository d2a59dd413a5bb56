import { createClient } from '../../console/client';
import { adviceFor, canSendAgain, newIdempotencyKey, sendAnswer } from '../../console/decision';
import { loadIncident } from '../../console/load';
import { ERRORS } from '../../domain/errors';
import type { ErrorCode } from '../../domain/errors';
import { PERSISTENCE } from '../../domain/persist';
import { FAKE_KEY, startFakeApi } from '../fakes/api';
import type { FakeApi } from '../fakes/api';
import { sampleView, SAMPLE_DIGEST, SAMPLE_ID } from '../fakes/incident-samples';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.state.incidents = [sampleView()];
});
afterEach(() => api.close());

const client = (key = FAKE_KEY) => createClient(key, { base: api.url });
const answer = { verdict: 'approve', proposal: SAMPLE_DIGEST, reason: 'seen' } as const;

async function send(): Promise<{ readonly retried: number[]; readonly result: unknown }> {
  const retried: number[] = [];
  const options = { now: () => 0, pause: () => Promise.resolve(), retrying: (attempt: number) => void retried.push(attempt) };
  const result = await sendAnswer(client(), { id: SAMPLE_ID, answer, idempotencyKey: 'k1' }, options).catch((error: unknown) => error);
  return { retried, result };
}

describe('an answer', () => {
  test('names the digest that was shown, with its own key', async () => {
    expect(await send()).toEqual({ retried: [], result: { result: 'approved', message: 'so be it' } });
    expect(api.calls).toEqual([expect.objectContaining({ path: `/v1/incidents/${SAMPLE_ID}/decide`, idempotencyKey: 'k1', body: answer })]);
  });

  test('that is not recorded is sent again, the same with the same key, until it is', async () => {
    api.fail('/v1/incidents', 'not_recorded');
    api.before(() => {
      if (api.calls.length === 2) api.fail('/v1/incidents', undefined);
    });
    expect(await send()).toMatchObject({ retried: [1, 2], result: { result: 'approved' } });
    expect(api.calls.map(({ idempotencyKey, body }) => [idempotencyKey, body])).toEqual(Array(3).fill(['k1', answer]));
  });

  test('is given up at last, and it is told that nobody knows', async () => {
    api.fail('/v1/incidents', 'not_recorded', 'The incident did not answer.');
    expect(await send()).toMatchObject({ retried: [1, 2, 3, 4], result: { code: 'not_recorded', message: 'The incident did not answer.' } });
    expect(api.calls).toHaveLength(PERSISTENCE.retries + 1);
  });

  test.each(['stale_proposal', 'expired', 'forbidden', 'conflict', 'unauthenticated', 'rate_limited'] as const)(
    'refused as %s is not sent again by itself',
    async (code) => {
      api.fail('/v1/incidents', code);
      expect(await send()).toMatchObject({ retried: [], result: { code } });
    },
  );

  test('has advice for every way to fail, and can be sent again only where that helps', () => {
    const codes = Object.keys(ERRORS) as ErrorCode[];
    for (const code of codes) expect(adviceFor(code, SAMPLE_ID)).toMatch(/\w.*\.$|hand-back inc-/);
    expect(adviceFor('expired', SAMPLE_ID)).toContain(`npx nightshift incident hand-back ${SAMPLE_ID}`);
    expect(codes.filter(canSendAgain)).toEqual(['rate_limited', 'not_recorded', 'overloaded', 'unreachable']);
  });

  test('has a key that no other has, and that the door takes', () => {
    const keys = [newIdempotencyKey(), newIdempotencyKey()];
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,200}$/);
  });
});

describe('the client', () => {
  test('says in our errors that the key is wrong, that nothing answers, and that a stranger does', async () => {
    await expect(client('nsk_other').incident(SAMPLE_ID)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(createClient(FAKE_KEY, { base: 'http://127.0.0.1:9' }).incident(SAMPLE_ID)).rejects.toMatchObject({ code: 'unreachable' });
    api.fail('/v1/incidents', 'internal', 'The log has the reason.');
    await expect(client().incident(SAMPLE_ID)).rejects.toMatchObject({ code: 'internal', message: 'The log has the reason.' });
  });

  test('asks again only for what can have changed', async () => {
    const first = await loadIncident(client(), SAMPLE_ID, undefined, 0);
    const asked = (): string[] => api.calls.splice(0).map(({ path }) => path.replace(`/v1/incidents/${SAMPLE_ID}`, ''));
    expect(asked().sort()).toEqual(['', '/evidence', '/signals', '/timeline']);
    await loadIncident(client(), SAMPLE_ID, first, 1_000);
    expect(asked()).toEqual(['', '/evidence']);
    api.state.incidents = [sampleView({ version: 7 })];
    expect((await loadIncident(client(), SAMPLE_ID, first, 60_000)).view.version).toBe(7);
    expect(asked().sort()).toEqual(['', '/evidence', '/signals', '/timeline']);
  });
});
