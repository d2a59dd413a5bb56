import type { AlertNote } from '../../domain/alert';
import type { Service } from '../../domain/inventory';
import type { WindowStats } from '../../domain/metrics';
import { triage } from '../../domain/triage';

const note: AlertNote = {
  fingerprint: 'f',
  name: 'ErrorShareHigh',
  source: 'detector',
  status: 'firing',
  severity: 'sev3',
  summary: '',
  startsAt: '',
  signal: 'errorShare',
};
const service: Service = { name: 'bookshop', environment: 'demo', tier: 'critical', dependsOn: [] };
const routes = { '/checkout': { requests: 100, errors: 62 }, '/books': { requests: 140, errors: 0 } };
const now: WindowStats = {
  from: 0,
  to: 1,
  samples: 1,
  upShare: 1,
  requests: 240,
  errors: 62,
  errorShare: 62 / 240,
  ratePerSecond: 80,
  latencyP95Ms: 90,
  routes,
  saturation: {},
};

test('says how much fails and for whom', () => {
  expect(triage('bookshop', service, [note], now)).toEqual({
    severity: 'sev3',
    title: 'bookshop: 26 % of requests fail',
    affected: 'users of /checkout (62 of 100 failed)',
    impact: 'high',
    urgency: 'low',
    reasons: ['impact high: bookshop is of tier critical', 'urgency low: the alert ErrorShareHigh says sev3', 'impact high and urgency low make sev3'],
  });
});

test('takes the worst alert, and is worse when the service is as good as down', () => {
  expect(triage('bookshop', service, [note, { ...note, severity: 'sev2' }], now).severity).toBe('sev2');
  expect(triage('bookshop', service, [note], { ...now, errorShare: 0.6 }).severity).toBe('sev1');
  expect(triage('bookshop', service, [note], { ...now, upShare: 0 })).toMatchObject({
    severity: 'sev1',
    title: 'bookshop does not answer',
    affected: 'all users of bookshop',
  });
});

test('an alert that has ended no longer counts', () => {
  expect(triage('bookshop', service, [note, { ...note, severity: 'sev1', status: 'resolved' }], now).severity).toBe('sev3');
});

test('an unknown service has its alert for a title', () => {
  expect(triage('unrouted', undefined, [{ ...note, name: 'DiskFull' }], null)).toMatchObject({ title: 'unrouted: DiskFull', severity: 'sev3' });
});
