import type { AlertNote } from '../../domain/alert';
import type { Service } from '../../domain/inventory';
import { limitSeverity } from '../../domain/limit-severity';
import type { WindowStats } from '../../domain/metrics';
import { SEVERITIES, TIERS } from '../../domain/names';
import type { Severity, Tier } from '../../domain/names';
import { triage } from '../../domain/triage';
import { DEFAULT_TRIAGE, inHours } from '../../domain/triage-rules';
import type { TriageRules } from '../../domain/triage-rules';
import { windowStats } from '../../domain/windows';

/** A Wednesday, 10:00 in Berlin. */
const AT = Date.parse('2026-03-04T09:00:00Z');
const alert = (severity: Severity, over: Partial<AlertNote> = {}): AlertNote => ({
  ...{ fingerprint: 'f', name: 'ErrorShareHigh', source: 'detector', status: 'firing', severity, summary: '', startsAt: '', signal: 'errorShare' },
  ...over,
});
const shop = (tier: Tier = 'standard'): Service => ({ name: 'shop', environment: 'prod', tier, dependsOn: [] });
const failing = (errorShare: number): WindowStats => ({ ...windowStats([], 0, 1), upShare: 1, requests: 1000, errors: 1000 * errorShare, errorShare });
interface Given {
  readonly alerts?: readonly AlertNote[];
  readonly now?: WindowStats;
  readonly tier?: Tier;
  readonly at?: number;
}
const judged = (rules: Partial<TriageRules>, { alerts = [alert('sev3')], now = failing(0.1), tier = 'standard', at = AT }: Given = {}) =>
  triage('shop', shop(tier), alerts, now, { environment: 'prod', rules: { ...DEFAULT_TRIAGE, ...rules }, at });

describe('without rules', () => {
  const worse = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? a : b);
  const cases = TIERS.flatMap((tier) => SEVERITIES.map((told) => [tier, told] as const));

  it.each(cases)('a service of tier %s has the severity of its alert, %s, or that of being down', (tier, told) => {
    const alerts = [alert(told)];
    expect(judged({}, { alerts, tier }).severity).toBe(told);
    expect(judged({}, { alerts, tier, now: failing(0.7) }).severity).toBe(worse(told, limitSeverity(tier, 'silence')));
  });

  it('the tier is the impact, and who says how bad it is the urgency', () => {
    expect(judged({}, { tier: 'critical', now: failing(0.7) })).toMatchObject({
      ...{ severity: 'sev1', impact: 'high', urgency: 'high' },
      reasons: ['impact high: shop is of tier critical', 'urgency high: 70 % of requests fail', 'impact high and urgency high make sev1'],
    });
  });

  it('an alert that is worse than the tier allows raises the impact, and the reason says so', () => {
    expect(judged({}, { tier: 'low', alerts: [alert('sev1')] }).reasons?.[0]).toBe(
      'impact high: shop is of tier low, but the alert ErrorShareHigh says sev1, and nothing else is so bad',
    );
  });
});

describe('with rules', () => {
  it('the worst impact and the worst urgency of those that match count, whatever their order', () => {
    const rules: TriageRules['rules'] = [
      { when: { environment: 'prod' }, impact: 'low', urgency: 'low' },
      { when: { errorShare: 0.05 }, urgency: 'high', reason: 'customers cannot buy' },
      { when: { tier: 'critical' }, impact: 'high' },
    ];
    for (const each of [rules, [...rules].reverse()]) expect(judged({ rules: each })).toMatchObject({ severity: 'sev3', impact: 'low', urgency: 'high' });
    expect(judged({ rules }).reasons).toEqual([
      'impact low: rule 1 (environment prod)',
      'urgency high: rule 2 (errorShare 0.05), customers cannot buy',
      'impact low and urgency high make sev3',
    ]);
  });

  it('a rule can lower what an alert says', () => {
    expect(judged({ rules: [{ when: { service: 'shop' }, impact: 'low', urgency: 'low' }] }, { alerts: [alert('sev1')] }).severity).toBe('sev4');
  });

  it.each<[string, TriageRules['rules'][number]['when'], boolean]>([
    ['an alert of that signal', { signal: 'errorShare' }, true],
    ['another signal', { signal: 'silence' }, false],
    ['an alert whose name fits', { alert: 'Error*' }, true],
    ['no such alert', { alert: 'Disk*' }, false],
    ['enough failed requests', { failedRequests: 100 }, true],
    ['too few failed requests', { failedRequests: 101 }, false],
    ['a larger share of errors', { errorShare: 0.2 }, false],
    ['a service that is up', { down: false }, true],
    ['a service that is down', { down: true }, false],
    ['a prediction', { foretold: true }, false],
    ['another service', { service: 'cart' }, false],
    ['everything', {}, true],
  ])('a condition on %s', (_what, when, holds) => {
    expect(judged({ rules: [{ when, urgency: 'high' }] }).urgency).toBe(holds ? 'high' : 'medium');
  });

  it('what is not measured fulfils no condition on it', () => {
    const rules: TriageRules['rules'] = [{ when: { errorShare: 0 }, urgency: 'high' }];
    expect(triage('shop', shop(), [alert('sev3')], null, { environment: 'prod', rules: { ...DEFAULT_TRIAGE, rules }, at: AT }).urgency).toBe('medium');
  });

  it('business hours are those of the wall in their zone, the end left out', () => {
    const hours = { zone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '10:00', to: '17:00' } as const;
    const at = (time: string): boolean => inHours(hours, Date.parse(time));
    expect([at('2026-03-04T08:59:00Z'), at('2026-03-04T09:00:00Z'), at('2026-03-04T16:00:00Z'), at('2026-07-01T08:00:00Z')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(at('2026-03-07T11:00:00Z')).toBe(false);
    const rules: TriageRules['rules'] = [{ when: { hours: 'other' }, urgency: 'low' }];
    expect(judged({ rules, hours }).severity).toBe('sev3');
    expect(judged({ rules, hours }, { at: Date.parse('2026-03-04T23:00:00Z') }).severity).toBe('sev4');
  });

  it('another matrix makes other severities', () => {
    expect(judged({ matrix: { ...DEFAULT_TRIAGE.matrix, medium: ['sev1', 'sev1', 'sev4'] } }).severity).toBe('sev1');
  });
});
