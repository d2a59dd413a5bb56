import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed } from './story';
import { until } from './until';

const [useless, quiet, worse] = ['useless', 'quiet', 'worse'].map(serviceName) as [string, string, string];
let h: Harness;
let ben: ApiClient;

beforeAll(async () => {
  h = await startHarness({ services: [useless, quiet, worse], incidents: { maxHypotheses: 1 } });
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(() => h.close());

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
  expect(view.reason).toMatch(/^unknown: /);
  expect(await kinds(h, view)).not.toContain('undone');
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
