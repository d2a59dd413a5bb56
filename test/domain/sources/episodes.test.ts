import { firing, joinAlerts } from '../../../domain/incident-alerts';
import type { Joined } from '../../../domain/incident-alerts';
import { newIncidentState } from '../../../domain/incident-state';
import { sourceNamed } from '../../../domain/sources/recognise';
import { sorted } from '../../../domain/sources/sort';
import { CONTEXT, messageOf, samplesOf } from './samples';

/** What each sample of a source in turn does to one incident; samples that come in later do so a minute later. */
function told(name: string, ...samples: readonly string[]): readonly string[] {
  const source = sourceNamed(name);
  const state = newIncidentState({
    incidentId: 'inc-0000000000000000',
    workflowId: 'incident:staging:shop',
    runId: 'run',
    environment: 'staging',
    service: 'shop',
    now: 0,
  });
  return samples.map((wanted, minute) => {
    const sample = samplesOf(source).find((each) => each.name === wanted);
    if (!sample) throw new Error(`no sample ${wanted}`);
    const { alerts } = sorted(source.read(messageOf(sample), { ...CONTEXT, receivedAt: CONTEXT.receivedAt + minute * 60_000 }));
    return `${wanted}: ${did(joinAlerts(state, alerts, 100))}, ${String(firing(state).length)} firing`;
  });
}

function did({ added, refired, renewed, ended, duplicates }: Joined): string {
  const counts = { added, refired, renewed, ended };
  const words = Object.entries(counts).flatMap(([word, notes]) => (notes.length > 0 ? [word] : []));
  return [...words, ...(duplicates > 0 ? ['known'] : [])].join(' and ') || 'nothing';
}

test('PagerDuty: an acknowledgement is no news, and what is resolved can be opened again', () => {
  expect(told('pagerduty', 'triggered', 'acknowledged', 'priority-updated', 'resolved', 'reopened')).toEqual([
    'triggered: added, 1 firing',
    'acknowledged: known, 1 firing',
    'priority-updated: nothing, 1 firing',
    'resolved: ended, 0 firing',
    'reopened: refired, 1 firing',
  ]);
});

test('PagerDuty: a beginning that is delivered after the end opens nothing', () => {
  expect(told('pagerduty', 'triggered', 'resolved', 'priority-updated').at(-1)).toBe('priority-updated: nothing, 0 firing');
});

test('Datadog: a reminder is no news, and a recovery ends the condition', () => {
  expect(told('datadog', 'triggered', 'renotify', 'recovered')).toEqual([
    'triggered: added, 1 firing',
    'renotify: known, 1 firing',
    'recovered: ended, 0 firing',
  ]);
  expect(told('datadog', 'default-body', 'default-body-recovered')).toEqual(['default-body: added, 1 firing', 'default-body-recovered: ended, 0 firing']);
});

test('Grafana, legacy: the end follows the beginning though neither has a time', () => {
  expect(told('grafana', 'legacy-alerting', 'legacy-ok')).toEqual(['legacy-alerting: added, 1 firing', 'legacy-ok: ended, 0 firing']);
});

test('Argo CD: a deployment that degrades and is put right ends what it began', () => {
  expect(told('argocd', 'synced', 'synced-then-degraded', 'healthy-again')).toEqual([
    'synced: nothing, 0 firing',
    'synced-then-degraded: added and known, 1 firing',
    'healthy-again: ended and known, 0 firing',
  ]);
  expect(told('argocd', 'sync-failed', 'synced-after-failure')).toEqual(['sync-failed: added, 1 firing', 'synced-after-failure: ended, 0 firing']);
});
