import type { IncidentView } from '../../domain/incident-view';
import type { ApiClient } from '../../cli/client';
import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, PATIENCE, proposed } from './story';
import { until } from './until';

const [slowToTell, neverTold] = [serviceName('slow-to-tell'), serviceName('never-told')] as const;
let h: Harness;
let ben: ApiClient;

beforeAll(async () => {
  // Shorter than the detector takes to tell an end, which is longer than a remedy is measured, also on a machine that does other things.
  h = await startHarness({ services: [slowToTell, neverTold], detector: { window: '4s' }, incidents: { watch: '1ms' } });
  ben = await h.as('ben', 'approver');
}, 2 * PATIENCE);
afterAll(() => h.close());

const waits = (view: IncidentView): Promise<string[]> =>
  h.api.timeline(view.incidentId).then((entries) => entries.filter((e) => e.summary.includes('the detector has not told the end of')).map((e) => e.summary));

test('a watch that is shorter than the detector takes to tell an end is no relapse: it goes on until that time', async () => {
  const done = await approved(h, ben, await proposed(h, slowToTell));
  expect(done).toMatchObject({ round: 1, outcome: { kind: 'fixed' } });
  expect(await waits(done)).toEqual([expect.stringMatching(/^Watched until .*: the detector has not told the end of ErrorShareHigh\.$/)]);
  expect((await kinds(h, done)).slice(-3)).toEqual(['watching', 'alert', 'resolved']);
}, 90_000);

test('a condition that the detector still sees after that time is a relapse', async () => {
  const asked = await proposed(h, neverTold);
  await h.alert(neverTold, { source: 'detector', name: 'StillThere', fingerprint: 'still-there', startsAt: asked.openedAt });
  const workflow = h.client.workflow.getHandle(asked.workflowId);
  await until(async () => (await workflow.query<IncidentView>('incident')).alertCount > 1 || undefined, 'it has joined');
  const again = await approved(h, ben, asked, (view) => view.round === 2 && view.status === 'escalated');
  expect(await waits(again)).toHaveLength(1);
  expect((await h.api.timeline(again.incidentId)).find((e) => e.kind === 'relapsed')?.summary).toMatch(
    /^Measured as recovered, yet it has not ended: .*StillThere/,
  );
}, 90_000);
