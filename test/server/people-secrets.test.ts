import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, seen, someone, workflowOf } from './people';
import { until } from './until';
import type { IncidentView } from '../../domain/incident-view';

/** What must be found nowhere; put together here, so that no scanner takes this file for a leak. */
const SECRETS = [`AKIA${'Q7'.repeat(8)}`, `bearer-${'x1y2'.repeat(6)}`, 'hunter2-in-the-url', 'sw0rdfish-in-a-field', `nsk_${'k9'.repeat(12)}`] as const;
const [KEY, BEARER, URL_PASSWORD, FIELD, OWN] = SECRETS;
const LEAK = `id ${KEY}, Authorization: Bearer ${BEARER}, postgres://app:${URL_PASSWORD}@db/shop password=${FIELD} ${OWN}`;
const service = serviceName('leaky');
let h: Harness;
let sinks: FakeWebhook[];
let folder: string;
let writing: NodeJS.Timeout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-leak-'));
  const file = join(folder, 'app.log');
  await writeFile(file, '');
  sinks = await Promise.all([startWebhook(), startWebhook()]);
  h = await startHarness({
    services: [service],
    logs: { [service]: file },
    notifications: sinks.map((sink, i) => ({
      channel: `hook-${String(i)}`,
      kind: 'webhook',
      allowPrivate: true,
      url: sink.url,
      format: i === 0 ? 'json' : 'slack',
    })),
  });
}, 60_000);
afterAll(async () => {
  clearInterval(writing);
  await h.close();
  await Promise.all(sinks.map((sink) => sink.close()));
  await rm(folder, { recursive: true, force: true });
});

test('secrets in alerts, labels, logs, changes and what people write are found in no history, row, notification or answer', async () => {
  const log = (): string =>
    Array.from({ length: 20 }, (_, i) => JSON.stringify({ time: new Date().toISOString(), level: 'error', msg: `checkout ${String(i)} failed: ${LEAK}` })).join(
      '\n',
    );
  writing = setInterval(() => void appendFile(join(folder, 'app.log'), `${log()}\n`), 250);
  h.practice(service).changes.push({
    ...{ id: 'leak', kind: 'configuration', environment: 'test', service, at: new Date(Date.now() + 2_000).toISOString() },
    ...{ author: `bot password=${FIELD}`, summary: `new settings ${LEAK}` },
  });
  const [asked] = (await breakServices(h, [service])) as [IncidentView];
  await h.alert(service, {
    id: `al ${LEAK}`,
    fingerprint: `fp ${LEAK}`,
    name: `Leak ${LEAK}`,
    summary: LEAK,
    labels: { password: FIELD, note: LEAK, [KEY]: 'label' },
    link: `https://app:${URL_PASSWORD}@host/x`,
  });
  const joined = async (): Promise<true | undefined> =>
    (await workflowOf(h, asked).query<IncidentView>('incident')).alertCount > asked.alertCount ? true : undefined;
  await until(joined, 'the alert to join');
  const ben = await someone(h, 'ben', 'approver');
  const said = await ben.send('POST', `/v1/incidents/${asked.incidentId}/note`, { note: LEAK });
  const bad = await ben.decide(asked, { proposal: 'f'.repeat(64), reason: LEAK });
  const done = await ben.decide(asked, { reason: LEAK });
  const ended = await seen(h, service, (v) => ['resolved', 'escalated'].includes(v.status), 40_000);

  const places: Record<string, string> = {
    history: readable(await h.history(ended.workflowId)),
    remediation: readable(await h.history(ended.remediation?.workflowId ?? '')),
    projection: JSON.stringify(ended),
    audit: JSON.stringify(await h.store.audit.read(ended.incidentId)) + JSON.stringify(await h.store.audit.read('system')),
    evidence: JSON.stringify(await h.store.evidence.ofRound(ended.incidentId, 1)),
    notifications: sinks.flatMap((sink) => sink.received.map((hook) => hook.body)).join('\n'),
    answers: JSON.stringify([said, bad, done]),
  };
  expect(places['evidence']?.includes('checkout')).toBe(true);
  // Proves that the payloads were read: a clean sentence beside the secrets is there.
  expect(places['history']?.includes('Leak id [redacted]')).toBe(true);
  const found = Object.entries(places).flatMap(([place, text]) => SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`));
  expect(found).toEqual([]);
}, 90_000);

/** Payloads stand in a history as Base64. */
function readable(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].map(([match]) => Buffer.from(match, 'base64').toString('utf8'));
  return [text, ...decoded].join('\n');
}
