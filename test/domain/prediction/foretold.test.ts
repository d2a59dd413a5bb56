import type { AlertNote } from '../../../domain/alert';
import type { Hypothesis } from '../../../domain/diagnosis';
import { foretoldDiagnosis, isForetold } from '../../../domain/prediction/foretold';
import { triage } from '../../../domain/triage';
import type { Service } from '../../../domain/inventory';
import { windowStats } from '../../../domain/windows';

const prediction: AlertNote = {
  ...{ fingerprint: 'p', name: 'PredictedBreach', source: 'forecast', status: 'firing', severity: 'sev3', startsAt: '', signal: 'saturation:order-handles' },
  summary: 'bookshop: order handles will be full in 2 to 5 hours. It will rise above 0.99.',
};
const slow: AlertNote = { ...prediction, fingerprint: 's', name: 'LatencyHigh', source: 'detector', severity: 'sev2', summary: 'slow', signal: 'latencyP95Ms' };
const service: Service = { name: 'bookshop', environment: 'prod', tier: 'critical', dependsOn: [] };
const quiet = windowStats([], 0, 60_000);
const resource: Hypothesis = {
  id: 'r',
  cause: 'resource-exhaustion',
  title: 'handles 80 % full',
  score: 0.7,
  supporting: ['E03'],
  contradicting: [],
  runbook: 'restart-service',
};
const release: Hypothesis = { ...resource, id: 'c', cause: 'bad-release', title: 'Release 2 came as the trouble began', score: 0.9, supporting: ['E01'] };

test('an incident of predictions alone says what is to come and that nobody is affected yet', () => {
  expect(triage('bookshop', service, [prediction], quiet)).toMatchObject({
    severity: 'sev3',
    title: 'bookshop: order handles will be full in 2 to 5 hours',
    affected: 'nobody yet; users of bookshop when it comes',
  });
});

test('with anything that is broken, the title is about that', () => {
  const measured = { ...quiet, upShare: 1, requests: 100, errorShare: 0, latencyP95Ms: 900 };
  expect(triage('bookshop', service, [prediction, slow], measured)).toMatchObject({ severity: 'sev2', title: 'bookshop: p95 latency is 900 ms' });
  expect(triage('bookshop', service, [prediction], { ...measured, upShare: 0 })).toMatchObject({ severity: 'sev1', title: 'bookshop does not answer' });
  expect(triage('bookshop', service, [prediction], { ...measured, errorShare: 0.7 }).title).not.toContain('will be');
});

test('predictions alone are foretold, also when they have ended; an alert of that name from elsewhere is none', () => {
  expect(isForetold([prediction])).toBe(true);
  expect(isForetold([{ ...prediction, status: 'resolved' }])).toBe(true);
  expect(isForetold([prediction, { ...slow, status: 'resolved' }])).toBe(true);
  expect(isForetold([prediction, slow])).toBe(false);
  expect(isForetold([{ ...prediction, source: 'generic' }])).toBe(false);
  expect(isForetold([])).toBe(false);
});

test('its diagnosis blames nothing for trouble that is not there', () => {
  const found = { verdict: 'determined', cause: 'bad-release', hypotheses: [release, resource], ruledOut: [], unknown: [] } as const;
  expect(foretoldDiagnosis(found)).toMatchObject({
    verdict: 'determined',
    cause: 'resource-exhaustion',
    hypotheses: [resource],
    ruledOut: [{ title: release.title, reason: 'nothing is broken yet that it could be blamed for', evidence: ['E01'] }],
  });
  expect(foretoldDiagnosis({ ...found, hypotheses: [release] })).toMatchObject({ verdict: 'undetermined', cause: 'undetermined', hypotheses: [] });
});
