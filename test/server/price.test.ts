import { randomUUID } from 'node:crypto';
import { billableActions } from '../../domain/billable';
import type { BillableEvent } from '../../domain/billable';
import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed } from './story';
import { until } from './until';

/** The bound for one alert that fires, repeats and ends, an approval, one step, a measurement and the watch. */
const MOST_ACTIONS = 26;
const [plain, same, differing, flaky, slow] = ['plain', 'same', 'differing', 'flaky', 'slow'].map(serviceName) as [string, string, string, string, string];
let h: Harness;
let ben: ApiClient;
/** Actions of the incident without its remediation, when nothing out of the ordinary happens; two steps that fall into one task save one. */
const USUAL = 20;

beforeAll(async () => {
  h = await startHarness({
    services: [plain, same, differing, flaky, slow],
    incidents: { watch: '6s' },
    policy: { approvals: { remindAfter: '8s', expireAfter: '10m' } },
  });
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(() => h.close());

const ended = (v: IncidentView): boolean => v.status === 'resolved' && v.outcome?.kind === 'fixed';
const own = async (view: IncidentView): Promise<readonly BillableEvent[]> => h.events(view.workflowId, view.runId);
const count = (events: readonly BillableEvent[], type: string): number => events.filter((e) => e.eventType === `EVENT_TYPE_${type}`).length;

/** Copies of the alert that opened the incident: new messages about the same condition. */
async function repeat(view: IncidentView, times: number, id: (n: number) => string): Promise<void> {
  const [first] = view.alerts;
  const { fingerprint, startsAt } = first ?? { fingerprint: '', startsAt: '' };
  await Promise.all(Array.from({ length: times }, (_, n) => h.alert(view.service, { id: id(n), fingerprint, startsAt, source: 'detector' })));
}

test('an incident with one alert that fires, repeats and ends costs at most 26 billable actions', async () => {
  const asked = await proposed(h, plain);
  await repeat(asked, 1, () => `${plain}/again`);
  const done = await approved(h, ben, asked, ended);
  const [parent, price] = [await own(done), await h.actions(done)];
  // Fires, repeats, ends; the fourth signal is the remediation's progress.
  expect(count(parent, 'WORKFLOW_EXECUTION_SIGNALED')).toBe(4);
  expect(price).toBeLessThanOrEqual(MOST_ACTIONS);
  expect(billableActions(parent)).toBeLessThanOrEqual(USUAL);
  expect(h.practice(plain).ledger).toHaveLength(1);
}, 90_000);

test.each([
  ['the same alert sent 50 times', () => same, () => 'the-same'],
  ['50 messages about the same condition', () => differing, () => randomUUID()],
])(
  '%s at once give one incident, one proposal and one rollback, and cost at most 3 more',
  async (_what, service, id) => {
    const asked = await proposed(h, service());
    await repeat(asked, 50, id);
    const done = await approved(h, ben, asked, ended);
    expect((await h.api.incidents({ service: service() })).incidents).toHaveLength(1);
    expect((await kinds(h, done)).filter((kind) => kind === 'proposed')).toHaveLength(1);
    expect(h.practice(service()).ledger).toHaveLength(1);
    // The usual incident had one repeated alert too.
    expect(billableActions(await own(done))).toBeLessThanOrEqual(USUAL - 1 + 3);
  },
  90_000,
);

test('an activity that fails once costs exactly 1 more', async () => {
  const { freeze } = h.store.evidence;
  const failing = (): Promise<never> => {
    Object.assign(h.store.evidence, { freeze });
    return Promise.reject(new Error('the disk is busy'));
  };
  Object.assign(h.store.evidence, { freeze: failing });
  const asked = await proposed(h, flaky);
  await repeat(asked, 1, () => `${flaky}/again`);
  const done = await approved(h, ben, asked, ended);
  const events = await own(done);
  expect(events.flatMap((e) => e.activityTaskStartedEventAttributes?.attempt ?? []).filter((attempt) => attempt > 1)).toEqual([2]);
  const withoutRetry = events.map((e) => (e.activityTaskStartedEventAttributes ? { ...e, activityTaskStartedEventAttributes: { attempt: 1 } } : e));
  expect(billableActions(events) - billableActions(withoutRetry)).toBe(1);
  expect(billableActions(events)).toBeLessThanOrEqual(USUAL + 1);
}, 90_000);

test('waiting costs at most 3 more, however long, and nothing while nobody does anything', async () => {
  const asked = await proposed(h, slow);
  await repeat(asked, 1, () => `${slow}/again`);
  await until(async () => ((await kinds(h, asked)).includes('reminded') ? true : undefined), 'a reminder', PATIENCE);
  const reminded = await until(
    async () => {
      const events = await own(asked);
      return events.at(-1)?.eventType === 'EVENT_TYPE_TIMER_STARTED' && count(events, 'TIMER_STARTED') === 2 ? events : undefined;
    },
    'the wait goes on after the reminder',
    PATIENCE,
  );
  const done = await approved(h, ben, asked, ended);
  const events = await own(done);
  expect(billableActions(events)).toBeLessThanOrEqual(USUAL + 3);
  // What follows is the answer: nothing of ours polled in between.
  expect(events[reminded.length]?.eventType).toMatch(/WORKFLOW_TASK_SCHEDULED|UPDATE_ACCEPTED/);
}, 90_000);
