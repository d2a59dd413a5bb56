import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { cli } from '../fakes/cli-harness';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed } from './story';
import { until } from './until';

const [useless, quiet, slow, worse] = ['useless', 'quiet', 'slow', 'worse'].map(serviceName) as [string, string, string, string];
let sink: FakeWebhook;
let h: Harness;
let ben: ApiClient;
let showKey: string;

beforeAll(async () => {
  sink = await startWebhook();
  h = await startHarness({
    services: [useless, quiet, slow, worse],
    incidents: { maxHypotheses: 1 },
    notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url }],
  });
  showKey = (await h.store.keys.create({ name: 'vera', role: 'viewer' }, new Date().toISOString())).key;
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(async () => {
  await h.close();
  await sink.close();
});

interface Told {
  readonly incidentId: string;
  readonly reason: string;
  readonly text: string;
}

/** What was measured stands in these words in view, timeline, notification and command line, and nothing there says recovered. */
async function toldAs(view: IncidentView, words: RegExp): Promise<void> {
  const timeline = (await h.api.timeline(view.incidentId)).filter((entry) => entry.kind === 'verified' || entry.kind === 'escalated');
  const all = (): Told[] => sink.received.map((hook) => JSON.parse(hook.body) as Told);
  const own = (): Told | undefined => all().find((n) => n.incidentId === view.incidentId && n.reason === 'escalated');
  const sent = await until(() => Promise.resolve(own()), 'the notification');
  const settings = { apiUrl: h.system.apiUrl, apiKey: showKey, keyFile: '', home: '' };
  const page = await cli(h.system.apiUrl, ['incident', 'show', view.incidentId], { deps: { clientSettings: () => settings } });
  const places = [view.reason ?? '', ...timeline.map((entry) => entry.summary), sent.text, page.out];
  expect(timeline.map((entry) => entry.kind)).toEqual(['verified', 'escalated']);
  for (const place of places) expect(place).toMatch(words);
  expect(places.filter((place) => place.includes('recovered'))).toEqual([]);
}

const escalated = (v: IncidentView): boolean => v.status === 'escalated';

test('when as many remedies were tried as the configuration allows, a person is asked', async () => {
  const asked = await proposed(h, useless);
  h.practice(useless).bad.add('1.4.0');
  const view = await approved(h, ben, asked, escalated);
  expect(view.reason).toContain('1 remedies were tried');
  expect(view.remediation?.verdict).toBe('unchanged');
  expect(h.practice(useless).ledger).toHaveLength(1);
}, 90_000);

test('a service that serves nothing after the remedy is not called recovered: a person is asked', async () => {
  const asked = await proposed(h, quiet);
  h.practice(quiet).deployMs = 1_500;
  await approved(h, ben, asked, (v) => v.status === 'remediating');
  await until(() => Promise.resolve(h.practice(quiet).ledger[0]), 'the rollback begins', PATIENCE);
  h.practice(quiet).rate = 0;
  const view = await h.incident(quiet, escalated, PATIENCE);
  expect(view.remediation?.verdict).toBe('unknown');
  expect(view.reason).toMatch(/^unknown \(nobody can tell whether it helped\): Only \d+ requests/);
  expect(await kinds(h, view)).not.toContain('undone');
  await toldAs(view, /unknown \(nobody can tell whether it helped\): Only \d+ requests/);
}, 90_000);

test('errors that gave way to slow answers are told as partial, in every place', async () => {
  const asked = await proposed(h, slow);
  h.practice(slow).slow.add('1.4.0');
  const view = await approved(h, ben, asked, escalated);
  expect(view.remediation?.verdict).toBe('partial');
  await toldAs(view, /partial \(it helped in part only\): P95 latency is .*; no longer: \d+ % of requests fail/);
}, 90_000);

test('what made things worse is undone once, with a token of its own, and it is told', async () => {
  const asked = await proposed(h, worse);
  h.practice(worse).terrible.add('1.4.0');
  const view = await approved(h, ben, asked, escalated);
  expect(view.remediation?.verdict).toBe('worse');
  const { ledger } = h.practice(worse);
  expect(ledger.map((e) => e.release)).toEqual(['1.4.0', '1.5.0']);
  expect(new Set(ledger.map((e) => e.token)).size).toBe(2);
  const undone = (await h.api.timeline(view.incidentId)).filter((e) => e.kind === 'undone');
  expect(undone).toHaveLength(1);
  expect(undone[0]).toMatchObject({ summary: 'The change made things worse and was undone.', data: { done: true, effects: [ledger[1]?.token] } });
}, 90_000);
