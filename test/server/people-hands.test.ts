import { remediationWorkflowId } from '../../domain/identity';
import { targetId } from '../../domain/inventory';
import type { Target } from '../../domain/inventory';
import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, digestOf, rawUpdate, records, seen, someone, workflowOf } from './people';
import type { Someone } from './people';
import type { IncidentView } from '../../domain/incident-view';
import { until } from './until';

/** Restarts first, which does not help, so that whoever stops it in between finds the service as broken as before. */
const TWO_STEPS = `
id: restart-then-roll-back
version: 2
title: Restart, then roll back
description: Two steps, to stop between them.
for: { causes: [bad-release] }
risk: medium
reversible: false
parameters:
  from: { description: Release that runs. }
  to: { description: Release to go back to. }
preconditions:
  - { check: release/current, with: { release: '\${{ parameters.from }}' } }
steps:
  - { id: restart, name: Restart, uses: service/restart }
  - { id: deploy, name: Deploy, uses: release/deploy, with: { release: '\${{ parameters.to }}' } }
`;
const [desk, brake, old, held, gone, cut] = [
  serviceName('desk'),
  serviceName('brake'),
  serviceName('old'),
  serviceName('held'),
  serviceName('gone'),
  serviceName('cut'),
] as const;
const services = [desk, brake, old, held, gone, cut];
const VALID_FOR_MS = 5_000;
let h: Harness;
let ben: Someone;
let views: Record<string, IncidentView>;
const kinds = (service: string): string[] => h.practice(service).ledger.map((e) => e.kind);
const begun = (service: string) => until(() => Promise.resolve(kinds(service).length > 0 ? true : undefined), `an effect on ${service}`);

beforeAll(async () => {
  h = await startHarness({
    services,
    runbook: TWO_STEPS,
    policy: { approvals: { allowUnverified: false, validFor: '5s' }, limits: { actionsPerHour: 100, attemptsPerTargetPerDay: 100 } },
  });
  ben = await someone(h, 'ben', 'approver');
  const found = await breakServices(h, services);
  views = Object.fromEntries(services.map((service, i) => [service, found[i] as IncidentView]));
}, 90_000);
afterAll(() => h.close());

test('what people say stands in timeline, projection and the queries of the workflow', async () => {
  const view = views[desk] as IncidentView;
  expect(await h.api.tell(view.incidentId, 'acknowledge', 'on it')).toMatchObject({ result: 'acknowledged' });
  expect(await h.api.tell(view.incidentId, 'note', 'the sale began at nine')).toMatchObject({ result: 'noted' });
  await seen(h, desk, (v) => v.acknowledgedBy === 'tester');
  await records(h, view, (r) => r.kind === 'note' && r.actor === 'person:tester' && r.summary === 'the sale began at nine');
  const workflow = workflowOf(h, view);
  expect(await workflow.query('incident')).toMatchObject({ incidentId: view.incidentId, acknowledgedBy: 'tester' });
  expect(await workflow.query('timeline')).toContainEqual(expect.objectContaining({ kind: 'note', summary: 'the sale began at nine' }));
});

test('a command that was meant for another incident, or says not who or what, is refused', async () => {
  const view = views[desk] as IncidentView;
  for (const name of ['acknowledge', 'note', 'takeOver', 'handBack', 'resolve']) {
    expect(await rawUpdate(h, view, name, { person: 'ben', note: 'hello', incidentId: 'inc-aaaaaaaaaaaaaaaa' })).toBe('conflict');
    expect(await rawUpdate(h, view, name, null)).toBe('invalid_input');
  }
  const rita = await someone(h, 'rita', 'responder');
  expect(await rita.send('POST', `/v1/incidents/${view.incidentId}/resolve`, {})).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await rita.send('POST', `/v1/incidents/${view.incidentId}/hand-back`, {})).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await rawUpdate(h, view, 'resolve', { person: 'ben', note: '  ' })).toBe('invalid_input');
});

test('who takes the incident over while it waits has it; handed back it begins a new round, and resolved with a reason it ends', async () => {
  const view = views[desk] as IncidentView;
  expect(await h.api.tell(view.incidentId, 'take-over', 'I know this one')).toMatchObject({ result: 'taken-over' });
  const taken = await seen(h, desk, (v) => v.status === 'handed-over');
  expect(taken).toMatchObject({ takenBy: 'tester', proposal: { state: 'withdrawn' } });
  expect(await ben.decide(view)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await h.api.tell(view.incidentId, 'hand-back')).toMatchObject({ result: 'handed-back' });
  const again = await seen(h, desk, (v) => v.round === 2 && v.status === 'awaiting-approval');
  expect(again.takenBy).toBeUndefined();
  expect(await h.api.tell(view.incidentId, 'resolve', 'a test of ours')).toMatchObject({ result: 'resolved' });
  const ended = await seen(h, desk, (v) => v.status === 'resolved');
  expect(ended.outcome).toEqual({ kind: 'resolved-by-person', summary: 'tester: a test of ours' });
  expect(ended.proposal?.state).toBe('withdrawn');
  expect(h.practice(desk).ledger).toEqual([]);
  const told = (await h.api.timeline(view.incidentId)).map((r) => r.kind);
  expect(told).toEqual(expect.arrayContaining(['acknowledged', 'note', 'handed-over', 'handed-back', 'withdrawn', 'resolved']));
  await expect(h.api.tell(view.incidentId, 'note', 'too late')).rejects.toMatchObject({ code: 'conflict' });
});

test('the kill switch, turned on before the approval, lets nothing begin; only an admin turns it off, and a handed-back incident then goes on', async () => {
  const view = views[brake] as IncidentView;
  const rita = await someone(h, 'rita', 'responder');
  expect(await rita.send('PUT', '/v1/halt', { on: true, reason: 'storm' })).toMatchObject({ status: 200, body: { on: true } });
  await ben.decide(view);
  const refused = await seen(h, brake, (v) => v.status === 'escalated');
  expect(refused).toMatchObject({ reason: expect.stringContaining('The kill switch is on.'), proposal: { state: 'refused' } });
  expect(kinds(brake)).toEqual([]);
  expect(await rita.send('PUT', '/v1/halt', { on: false, reason: 'over' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  await h.api.setHalt(false, 'over');
  await h.api.tell(view.incidentId, 'hand-back');
  await seen(h, brake, (v) => v.round === 2 && v.status === 'awaiting-approval');
});

test('the kill switch, turned on in the first of two steps, stops before the second; afterwards the whole remedy can be done', async () => {
  const open = await seen(h, brake, (v) => v.round === 2 && v.status === 'awaiting-approval');
  h.practice(brake).deployMs = 2_000;
  await ben.decide(open);
  await begun(brake);
  await h.api.setHalt(true, 'wait');
  const halted = await seen(h, brake, (v) => v.status === 'escalated');
  expect(halted.reason).toContain('The kill switch stopped the remediation');
  expect(kinds(brake)).toEqual(['restart']);
  await h.api.setHalt(false, 'go on');
  await h.api.tell(open.incidentId, 'hand-back');
  h.practice(brake).deployMs = 50;
  const again = await seen(h, brake, (v) => v.round === 3 && v.status === 'awaiting-approval');
  await ben.decide(again);
  await seen(h, brake, (v) => v.status === 'resolved');
  expect(kinds(brake)).toEqual(['restart', 'restart', 'deploy']);
}, 60_000);

test('taken over in the first of two steps it stops at the safe point between them, with what was done in the history', async () => {
  const view = views[gone] as IncidentView;
  h.practice(gone).deployMs = 2_000;
  await ben.decide(view);
  await begun(gone);
  const rita = await someone(h, 'rita', 'responder');
  expect(await rita.send('POST', `/v1/incidents/${view.incidentId}/resolve`, { note: 'done' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await h.api.tell(view.incidentId, 'take-over');
  const taken = await seen(h, gone, (v) => v.status === 'handed-over');
  expect(kinds(gone)).toEqual(['restart']);
  expect(taken.remediation?.effects).toHaveLength(1);
  await records(h, view, (r) => r.kind === 'effect' && r.data?.['step'] === 'restart');
  expect(h.practice(gone).current).toBe('1.5.0');
}, 40_000);

test('who has an incident sees in its view that its alerts have ended, and that they are back; closing it stays with the person', async () => {
  const firing = (v: IncidentView): number => v.alerts.filter((alert) => alert.status === 'firing').length;
  h.practice(gone).deploy('1.4.0', 'cleo');
  expect(await seen(h, gone, (v) => firing(v) === 0)).toMatchObject({ status: 'handed-over', round: 1 });
  h.practice(gone).deploy('1.5.0', 'cleo');
  expect(await seen(h, gone, (v) => firing(v) > 0)).toMatchObject({ status: 'handed-over', round: 1 });
}, 60_000);

/** Takes a target's lock as another incident would; returns what gives it back. */
async function holdTarget(view: IncidentView): Promise<() => Promise<unknown>> {
  const workflowId = remediationWorkflowId(targetId(view.proposal?.proposal.target as Target));
  const holder = await h.client.workflow.start('remediation', { workflowId, taskQueue: serviceName('nobody'), args: [] });
  return () => holder.terminate('the test gives the target back');
}

test('an incident that waits for a target that another holds can be taken over at once', async () => {
  const view = views[held] as IncidentView;
  const release = await holdTarget(view);
  await ben.decide(view);
  await records(h, view, (r) => r.kind === 'waiting' && r.summary.includes('holds'));
  await h.api.tell(view.incidentId, 'take-over');
  expect((await seen(h, held, (v) => v.status === 'handed-over')).proposal?.state).toBe('withdrawn');
  await release();
  expect(kinds(held)).toEqual([]);
});

test('an approval that grew too old while it waited for the target is asked again', async () => {
  const view = views[old] as IncidentView;
  const release = await holdTarget(view);
  await ben.decide(view);
  const tooOld = Date.now() + VALID_FOR_MS + 500;
  await records(h, view, (r) => r.kind === 'waiting' && r.summary.includes('holds'));
  await until(() => Promise.resolve(Date.now() > tooOld ? true : undefined), 'the approval to grow old');
  await release();
  await records(h, view, (r) => r.kind === 'decision-refused' && r.actor === 'person:ben' && r.summary.includes('older than 5s'));
  const again = await seen(h, old, (v) => v.status === 'awaiting-approval');
  expect(again.proposal).toMatchObject({ state: 'open', approvals: [], proposal: { digest: digestOf(view) } });
  expect(kinds(old)).toEqual([]);
  await ben.decide(again);
  await seen(h, old, (v) => v.status === 'resolved');
  expect(kinds(old)).toEqual(['restart', 'deploy']);
}, 60_000);

test('cancelling the workflow in Temporal stops it at a safe point and closes the projection', async () => {
  const view = views[cut] as IncidentView;
  h.practice(cut).deployMs = 2_000;
  await ben.decide(view);
  await begun(cut);
  await workflowOf(h, view).cancel();
  const closed = await seen(h, cut, (v) => v.status === 'resolved');
  expect(closed.outcome).toMatchObject({ kind: 'resolved-by-person', summary: expect.stringContaining('cancelled') });
  expect(kinds(cut)).toEqual(['restart']);
  await records(h, view, (r) => r.kind === 'effect' && r.data?.['step'] === 'restart');
  await until(async () => ((await workflowOf(h, view).describe()).status.name === 'CANCELLED' ? true : undefined), 'the workflow to end as cancelled');
}, 40_000);
