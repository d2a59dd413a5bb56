import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { harness, NOW } from '../api/harness';
import type { Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import type { CliResult } from '../fakes/cli-harness';
import { cli } from '../fakes/cli-harness';

const READABLE = readFileSync(join(packageRoot(), 'test', 'samples', 'alertmanager', 'two-alerts.json'));
let h: Harness;
let url: string;
beforeEach(async () => {
  h = await harness();
  await h.store.keys.ensure({ name: 'ana', role: 'admin' }, FAKE_KEY, new Date(NOW).toISOString());
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => h.app.close());

const ingest = (...args: readonly string[]): Promise<CliResult> => cli(url, ['ingest', ...args]);
/** Sends what cannot be read; its id. */
async function broken(text: string): Promise<string> {
  await h.call('responder', 'POST', '/v1/sources/alertmanager', text);
  return [...h.store.setAside.rows.keys()].at(-1) ?? '';
}
/** As if a later version could read it. */
function mend(id: string): void {
  const row = h.store.setAside.rows.get(id);
  if (row) h.store.setAside.rows.set(id, { ...row, body: READABLE });
}

test('lists what could not be read, with the reason', async () => {
  expect((await ingest('aside')).out).toBe('Nothing is set aside.\n');
  const id = await broken('{"password":"hunter2hunter2');
  const { out, code } = await ingest('aside');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^ID +SOURCE +CAME +SIZE +BY +WHY\n${id} +alertmanager .* 27 B +key +The message is no JSON`)),
  ]);
  expect(out).not.toContain('hunter2');
  expect((await ingest('aside', '--json')).json<{ messages: unknown[] }>().messages).toEqual([expect.objectContaining({ id, source: 'alertmanager' })]);
});

test('tries one again, and says that it stays', async () => {
  const id = await broken('{');
  const { out, code } = await ingest('replay', id);
  expect([code, out]).toEqual([1, `${id}  stays: The message is no JSON, or it is cut short.\n`]);
});

test('tries all again, more than one call takes', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 60; i += 1) ids.push(await broken(`{${'['.repeat(i)}`));
  for (const id of ids.slice(1)) mend(id);
  const { code, json } = await ingest('replay', '--all', '--json');
  const outcomes = json<{ results: { outcome: string }[] }>().results.map(({ outcome }) => outcome);
  expect([code, outcomes.filter((each) => each === 'taken').length, outcomes.length]).toEqual([1, 59, 60]);
  expect(h.store.inbox.waiting).toHaveLength(2);
});

test('needs either ids or --all', async () => {
  for (const args of [['replay'], ['replay', '--all', 'aside-1']])
    expect(await ingest(...args)).toMatchObject({ code: 2, err: expect.stringMatching(/--all/) as string });
});

test('drops one for good', async () => {
  const id = await broken('{');
  expect(await ingest('drop', id)).toMatchObject({ code: 0, out: `dropped ${id}\n` });
  expect(h.store.setAside.rows.size).toBe(0);
  expect((await ingest('drop', id)).code).not.toBe(0);
});
