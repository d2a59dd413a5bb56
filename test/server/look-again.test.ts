import type { IncidentView } from '../../domain/incident-view';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, settled } from './story';
import { until } from './until';

const [faint, taken] = ['faint', 'taken'].map(serviceName) as [string, string];
let h: Harness;

beforeAll(async () => {
  h = await startHarness({ services: [faint, taken] });
}, 60_000);
afterAll(() => h.close());

const sign = (service: string, severity: 'sev3' | 'sev4', id: string): Promise<void> =>
  h.alert(service, { id, name: `Queue${id}`, fingerprint: id, severity, summary: 'the queue is long', signal: 'saturation' });

/** What the workflow itself knows: of a sign that changes nothing nobody is told at once. */
const joined = (view: IncidentView, count: number): Promise<IncidentView> =>
  until(
    async () => {
      const now = await h.client.workflow.getHandle(view.workflowId).query<IncidentView>('incident');
      return now.alertCount === count ? now : undefined;
    },
    `${String(count)} alerts`,
    PATIENCE,
  );

test('a faint sign names no cause; the trouble that follows is looked at anew, from its own beginning, and repaired', async () => {
  await settled(h, faint);
  await sign(faint, 'sev4', 'one');
  const unknown = await h.incident(faint, (v) => v.status === 'escalated', PATIENCE);
  expect(unknown).toMatchObject({ cause: 'undetermined', round: 1 });
  // What is no graver says nothing new.
  await sign(faint, 'sev4', 'two');
  expect(await joined(unknown, 2)).toMatchObject({ status: 'escalated', round: 1 });
  h.practice(faint).deploy('1.5.0', 'ana');
  const asked = await h.incident(faint, (v) => v.status === 'awaiting-approval', PATIENCE);
  expect(asked).toMatchObject({ incidentId: unknown.incidentId, cause: 'bad-release', round: 2 });
  const done = await approved(h, await h.as('ben', 'approver'), asked, (v) => v.remediation?.verdict === 'recovered');
  expect(h.practice(faint).ledger).toHaveLength(1);
  expect(await kinds(h, done)).toEqual(expect.arrayContaining(['escalated', 'note', 'proposed']));
}, 120_000);

test('what a person has taken is left to them', async () => {
  await sign(taken, 'sev4', 'three');
  const unknown = await h.incident(taken, (v) => v.status === 'escalated', PATIENCE);
  await h.api.tell(unknown.incidentId, 'take-over');
  await h.incident(taken, (v) => v.status === 'handed-over', PATIENCE);
  await sign(taken, 'sev3', 'four');
  expect(await joined(unknown, 2)).toMatchObject({ status: 'handed-over', round: 1 });
}, 120_000);
