import type { Alert, AlertNote } from '../../../domain/alert';
import { diagnose } from '../../../domain/diagnose';
import { buildEvidence } from '../../../domain/evidence-build';
import { errorLinesAlert, newLineAlert } from '../../../domain/log-watch/log-alerts';
import { logsEndMs } from '../../../domain/log-watch/log-ends';
import type { WindowStats } from '../../../domain/metrics';
import { triage } from '../../../domain/triage';
import { verify } from '../../../domain/verify';
import { makeLines, T0 } from '../../fakes/bookshop-series';
import { badRelease, calmRaw, deployment } from '../../fakes/practice-faults';

const SHOP = { name: 'bookshop', environment: 'demo', tier: 'critical' as const };
const alert: Alert = newLineAlert(SHOP, { since: T0 }, { template: 'order handle <n> lost', text: 'order handle <n> lost' });
const note = (one: Alert): AlertNote => ({ ...one });
const window = (errorShare: number, latencyP95Ms = 40): WindowStats => ({
  ...{ from: 0, to: 4000, samples: 4, upShare: 1, requests: 400, errors: 400 * errorShare, errorShare, ratePerSecond: 100, latencyP95Ms },
  ...{ routes: {}, saturation: {} },
});
const verified = (before: WindowStats, after: WindowStats | null) =>
  verify({
    ...{ before, after, baseline: window(0.002), limits: undefined, signals: [alert.signal ?? ''], elapsedMs: 4000 },
    plan: { settleMs: 2000, windowMs: 4000, minRequests: 20, timeoutMs: 4000 },
  });

test('a remedy of what lines showed is judged by the guardrails that were broken with them', () => {
  expect(verified(window(0.3), window(0.004)).verdict).toBe('recovered');
  expect(verified(window(0.3), window(0.3)).verdict).toBe('unchanged');
  expect(verified(window(0.3), window(0.6)).verdict).toBe('worse');
});

test('where nothing that is measured was wrong, nobody can tell whether it helped, and the reason says why', () => {
  const { verdict, reason } = verified(window(0.002), window(0.002));
  expect(verdict).toBe('unknown');
  expect(reason).toContain('The alert came from errorLines, which is not measured here');
  expect(verified(window(0.002), null).verdict).toBe('unknown');
});

test('the incident of a new line says what it is about, and is as severe as the tier of the service', () => {
  expect(triage('bookshop', { ...SHOP, dependsOn: [] }, [note(alert)], window(0.002))).toMatchObject({
    ...{ severity: 'sev2', title: 'bookshop writes unusual error lines' },
  });
  expect(newLineAlert({ ...SHOP, tier: 'low' }, { since: T0 }, { template: 'x', text: 'x' }).severity).toBe('sev4');
});

test('a release just before the line came is named for a person to judge, and not taken back for what only lines tell', () => {
  const lines = makeLines('error', 44, 60, 90, (i) => `order handle ${String(100 + i)} lost`);
  const { targets = [] } = badRelease();
  // Answers are as good as ever: only lines tell.
  const raw = calmRaw({ firstAlertAt: T0 + 44_000, logs: lines, changes: [deployment(38, '1.4.0', '1.5.0')], targets });
  const bundle = buildEvidence(raw);
  const { cause, hypotheses, ruledOut } = diagnose(bundle, []);
  expect([cause, hypotheses]).toEqual(['undetermined', []]);
  const release = ruledOut.find(({ title }) => title.startsWith('Release 1.5.0 (after 1.4.0) on bookshop came'));
  expect(release?.reason).toMatch(/^its time and new lines in the log speak for it, which is for a person to judge/);
  expect(release?.evidence).toContain(bundle.items.find(({ kind }) => kind === 'logs')?.id);
});

test('the end of an alert has the identity of its begin', () => {
  const ended = newLineAlert(SHOP, { since: T0, endedAt: T0 + 600_000 }, { template: 'order handle <n> lost', text: 'order handle <n> lost' });
  expect(ended).toMatchObject({ fingerprint: alert.fingerprint, startsAt: alert.startsAt, status: 'resolved' });
  expect(ended.summary).toMatch(/has not come any more after 10 m$/);
  const spike = errorLinesAlert(SHOP, { since: T0, endedAt: T0 + 600_000 }, {});
  expect(spike.summary).toMatch(/^bookshop: error lines are as usual again since/);
  expect(errorLinesAlert(SHOP, { since: T0 }, {}).summary).toMatch(/again since .* UTC\.$/);
});

test('an incident waits for the end of what lines showed, only where they are watched', () => {
  expect(logsEndMs({ enabled: true, logs: true })).toBe(300_000);
  expect(logsEndMs({ enabled: false, logs: true })).toBe(0);
  expect(logsEndMs({ enabled: true, logs: false })).toBe(0);
});
