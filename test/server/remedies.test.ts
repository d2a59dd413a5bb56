import type { IncidentView } from '../../domain/incident-view';
import type { IntentRow } from '../../ports/store';
import type { ApiClient } from '../../cli/client';
import { keysOf } from '../fakes/aws/identity';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { putDocument } from '../fakes/aws/services/ssm-store';
import { putRole } from '../fakes/aws/services/sts';
import { cli } from '../fakes/cli-harness';
import { startWebhook } from '../fakes/webhook';
import type { FakeWebhook } from '../fakes/webhook';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { someone } from './people';
import { approved, kinds, PATIENCE, proposed, settled } from './story';
import { until } from './until';

const [useless, quiet, slow, worse, far] = ['useless', 'quiet', 'slow', 'worse', 'far'].map(serviceName) as [string, string, string, string, string];
const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'];
const ROLE = `arn:aws:iam::${ACCOUNT}:role/nightshift-actuator`;
const BY_AUTOMATION = `
id: restart-far-away
version: 1
title: Restart far away
description: An automation that takes long.
for: { causes: [bad-release] }
risk: low
reversible: false
steps:
  - { id: restart, name: Restart, uses: ssm.automation, with: { automation: restart }, timeout: 10m }
`;
let aws: FakeAws;
let sink: FakeWebhook;
let h: Harness;
let ben: ApiClient;
let showKey: string;

beforeAll(async () => {
  sink = await startWebhook();
  aws = await startFakeAws();
  const { accessKeyId, secretAccessKey } = keysOf('999988887777');
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const place = aws.place(REGION, ACCOUNT);
  putRole(place, { arn: ROLE, externalId: 'ours' });
  const steps = [
    { name: 'ask', action: 'aws:approve' as const },
    { name: 'do', effect: { kind: 'service.restart', parameter: 'Service' } },
  ];
  putDocument(place, { name: 'Restart-Service', type: 'Automation', parameters: { Service: null }, steps });
  const actuator = { role: ROLE, externalId: { env: 'EXTERNAL_ID' } };
  h = await startHarness({
    services: [useless, quiet, slow, worse, far],
    incidents: { maxHypotheses: 1, activity: { effect: { heartbeat: '1s' } } },
    runbook: BY_AUTOMATION,
    env: { EXTERNAL_ID: 'ours' },
    sections: {
      aws: {
        ...{ endpoint: aws.endpoint, acting: { poll: '50ms', pollMost: '200ms' } },
        accounts: [{ id: ACCOUNT, regions: [REGION], environment: 'test', role: 'nightshift-observer', actuator }],
      },
    },
    hands: {
      [far]: { kind: 'aws', account: ACCOUNT, region: REGION, automations: [{ name: 'restart', document: 'Restart-Service', parameters: { Service: [far] } }] },
    },
    notifications: [{ channel: 'hook', kind: 'webhook', allowPrivate: true, url: sink.url }],
  });
  showKey = (await h.store.keys.create({ name: 'vera', role: 'viewer' }, new Date().toISOString())).key;
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(async () => {
  await h.close();
  await sink.close();
  await aws.close();
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

test('a remediation that is cancelled in the middle of a long execution has it stopped, gives the target back, and leaves the incident to a person', async () => {
  await settled(h, far);
  const pipeline = await someone(h, 'pipeline', 'responder');
  await pipeline.send('POST', '/v1/changes', { kind: 'deployment', service: far, environment: 'test', author: 'ana', from: '1.4.0', to: '1.5.0' });
  h.practice(far).deploy('1.5.0', 'ana');
  const asked = await h.incident(far, (v) => v.status === 'awaiting-approval', PATIENCE);
  await approved(h, ben, asked, (v) => v.status === 'remediating');
  const begun = async (): Promise<string | undefined> => (await intentOf(asked))?.reference;
  const id = await until(begun, 'the automation is accepted', PATIENCE);
  const remediation = h.client.workflow.getHandle(`remediation:aws/aws/${ACCOUNT}/${REGION}/service/test/${far}`);
  await remediation.cancel();
  const view = await h.incident(far, escalated, PATIENCE);
  expect(view.reason).toContain(id);
  expect(aws.effects.entries.map(({ kind, id: of }) => [kind, of])).toEqual([
    ['ssm.automation', id],
    ['ssm.stop', id],
  ]);
  expect(await intentOf(asked)).toMatchObject({ state: 'failed', detail: expect.stringContaining('Cancelled') as string });
  expect((await remediation.describe()).status.name).not.toBe('RUNNING');
}, 90_000);

async function intentOf({ incidentId }: IncidentView): Promise<IntentRow | undefined> {
  return (await h.store.intents.between(0, Date.now() + 60_000, 100)).find((intent) => intent.incidentId === incidentId);
}
