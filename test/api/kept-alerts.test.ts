import type { IncidentView } from '../../domain/incident-view';
import { sampleAlert, sampleIncident } from '../fakes/sample-incident';
import { harness } from './harness';
import type { Harness } from './harness';

const ALERT = { service: 'bookshop', name: 'ErrorShareHigh', startsAt: '2026-03-01T09:30:00Z' };
const ids = (body: { alerts: { id: string }[] }): string[] => body.alerts.map((alert) => alert.id);

const put = (h: Harness, view: IncidentView) => h.store.incidents.views.set(view.incidentId, view);

test('every alert that was taken in is listed, by pages, with the workflow that has it', async () => {
  const h = await harness();
  await h.call('responder', 'POST', '/v1/alerts', { alerts: ['a', 'b', 'c'].map((id) => ({ ...ALERT, id })) });
  await h.store.inbox.markDelivered([1], 'incident:prod:bookshop');
  const first = (await h.call('viewer', 'GET', '/v1/alerts?limit=2')).json();
  expect(first.alerts.map((alert: { id: string; workflowId: string | null }) => [alert.id, alert.workflowId])).toEqual([
    ['a', 'incident:prod:bookshop'],
    ['b', null],
  ]);
  const second = (await h.call('viewer', 'GET', `/v1/alerts?limit=2&after=${String(first.next)}`)).json();
  expect([ids(second), second.next]).toEqual([['c'], undefined]);
});

test('the alerts of an incident came to its workflow after the incident before had ended, and before its own end', async () => {
  const h = await harness();
  const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);
  const view = sampleIncident('inc-second', { openedAt: '2026-03-01T10:00:00Z', resolvedAt: '2026-03-01T11:00:00Z' });
  put(h, sampleIncident('inc-first', { openedAt: '2026-03-01T08:00:00Z', resolvedAt: '2026-03-01T09:00:00Z' }));
  put(h, view);
  for (const [i, time] of ['08:30', '09:59', '10:30', '11:30'].entries()) {
    await h.store.inbox.accept([sampleAlert(`came ${time}`)], at(`${time}:00`), 10);
    await h.store.inbox.markDelivered([i + 1], view.workflowId);
  }
  await h.store.inbox.accept([sampleAlert('of another')], at('10:30:00'), 10);
  await h.store.inbox.markDelivered([5], 'incident:prod:payments');
  expect(ids((await h.call('viewer', 'GET', '/v1/alerts?incident=inc-second')).json())).toEqual(['came 09:59', 'came 10:30']);
  expect((await h.call('viewer', 'GET', '/v1/alerts?incident=inc-none')).statusCode).toBe(404);
});
