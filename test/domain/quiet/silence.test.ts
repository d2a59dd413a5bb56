import { readSilences } from '../../../domain/quiet/alertmanager-silences';
import { labelTest } from '../../../domain/quiet/label-matcher';
import { windowsAt, type MaintenanceWindow } from '../../../domain/quiet/maintenance';
import { globFits, matches, type Matched } from '../../../domain/quiet/match';
import { incidentSilence, readySilence, silencing, type Silence } from '../../../domain/quiet/silence';
import { newSilence, silenceInput } from '../../../domain/quiet/silence-intake';
import { sampleIncident } from '../../fakes/sample-incident';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 2, 1, 12);
const of = (over: Partial<Matched> = {}): Matched => ({
  ...{ service: 'bookshop', environment: 'prod', title: 'ErrorShareHigh', severity: 'sev2', labels: { route: '/pay' } },
  ...over,
});

test.each([
  ['bookshop', 'bookshop', true],
  ['book*', 'bookshop', true],
  ['*shop', 'bookshop', true],
  ['b*k*p', 'bookshop', true],
  ['*', '', true],
  ['a*a', 'a', false],
  ['book', 'bookshop', false],
  ['*book', 'bookshop', false],
  ['b*x*p', 'bookshop', false],
])('%s fits %s: %s', (pattern, text, fits) => {
  expect(globFits(pattern, text)).toBe(fits);
});

test('a pattern of many stars is asked in a moment', () => {
  expect(globFits(`${'a*'.repeat(100)}b`, 'a'.repeat(200))).toBe(false);
});

test('all that a match names must fit, labels too; labels that are not known fit nothing', () => {
  expect(matches({}, of())).toBe(true);
  expect(matches({ service: 'book*', severity: ['sev1', 'sev2'], labels: { route: '/p*' } }, of())).toBe(true);
  expect(matches({ service: 'book*', severity: ['sev1'] }, of())).toBe(false);
  expect(matches({ labels: { other: '*' } }, of())).toBe(false);
  expect(matches({ labels: { toString: '*' } }, of())).toBe(false);
  const { labels: _labels, ...unknown } = of();
  expect(matches({ labels: { route: '*' } }, unknown)).toBe(false);
});

describe('matchers of Alertmanager', () => {
  const test_ = (name: string, value: string, isRegex: boolean, isEqual: boolean) => labelTest([{ name, value, isRegex, isEqual }])(of());
  test.each([
    ['route', '/pay', false, true, true],
    ['route', '/pay', false, false, false],
    ['route', '/p.*', true, true, true],
    ['route', '/p', true, true, false],
    ['route', '/search|/pay', true, false, false],
    ['alertname', 'ErrorShareHigh', false, true, true],
    ['service', 'book.+', true, true, true],
    ['absent', '', false, true, true],
    ['absent', '.+', true, false, true],
  ])('%s %s (regular expression: %s, equal: %s) fits: %s', (name, value, isRegex, isEqual, fits) => {
    expect(test_(name, value, isRegex, isEqual)).toBe(fits);
  });

  test('an expression that would keep others busy for hours answers at once', () => {
    const labels = { route: 'a'.repeat(200) };
    expect(labelTest([{ name: 'route', value: '(a+)+b', isRegex: true, isEqual: true }])(of({ labels }))).toBe(false);
  });

  test('of an incident, whose labels are not known, those of labels fit nothing, in either sense', () => {
    const { labels: _labels, ...unknown } = of();
    for (const isEqual of [true, false]) expect(labelTest([{ name: 'route', value: 'x', isRegex: false, isEqual }])(unknown)).toBe(false);
  });
});

describe('what an Alertmanager answers', () => {
  const told = (over: object = {}) => ({
    ...{
      id: 'a1',
      status: { state: 'active' },
      updatedAt: '2026-03-01T11:00:00.000Z',
      startsAt: '2026-03-01T11:00:00.000Z',
      endsAt: '2026-03-01T13:00:00.000Z',
    },
    ...{ matchers: [{ name: 'service', value: 'bookshop', isRegex: false, isEqual: true }], createdBy: 'ana', comment: 'token=abcdef123456' },
    ...over,
  });

  test('becomes silences with owner, reason and end; only active ones, and no secret in them', () => {
    const { silences, problems } = readSilences([told(), told({ id: 'a2', status: { state: 'expired' } })], 'http://am');
    expect(problems).toEqual([]);
    expect(silences).toMatchObject([{ origin: 'alertmanager', owner: 'ana', endsAt: NOON + HOUR, from: 'http://am' }]);
    expect(JSON.stringify(silences)).not.toContain('abcdef123456');
  });

  test('is told where it cannot be used, and then silences nothing', () => {
    const bad = [told({ matchers: [{ name: 'service', value: '(?<a', isRegex: true, isEqual: true }] }), told({ matchers: [] }), told({ endsAt: 'soon' }), 7];
    const { silences, problems } = readSilences([...bad, told({ id: 'good' })], 'http://am');
    expect(silences).toHaveLength(1);
    expect(problems).toHaveLength(4);
    expect(() => readSilences({ no: 'list' }, 'http://am')).toThrow();
  });
});

test('of several silences the one that ends last counts; before its begin and at its end it is none', () => {
  const silence = (id: string, endsAt: number): Silence => ({
    id,
    origin: 'person',
    match: { service: 'bookshop' },
    owner: 'a',
    reason: 'b',
    startsAt: NOON,
    endsAt,
  });
  const ready = [silence('short', NOON + HOUR), silence('long', NOON + 2 * HOUR)].map(readySilence);
  expect(silencing(ready, of(), NOON)?.id).toBe('long');
  expect(silencing(ready, of(), NOON - 1)).toBeUndefined();
  expect(silencing(ready, of(), NOON + 2 * HOUR)).toBeUndefined();
});

test('an incident is silent when every condition that fires is', () => {
  const note = (name: string) => ({
    fingerprint: name,
    name,
    source: 'generic',
    status: 'firing' as const,
    severity: 'sev2' as const,
    summary: '',
    startsAt: '',
  });
  const ready = [readySilence({ id: 's', origin: 'person', match: { title: 'Error*' }, owner: 'a', reason: 'b', startsAt: NOON, endsAt: NOON + HOUR })];
  expect(incidentSilence(ready, sampleIncident('inc-a', { alerts: [note('ErrorShareHigh')] }), NOON)?.id).toBe('s');
  expect(incidentSilence(ready, sampleIncident('inc-a', { alerts: [note('ErrorShareHigh'), note('LatencyHigh')] }), NOON)).toBeUndefined();
  expect(incidentSilence([], sampleIncident('inc-a'), NOON)).toBeUndefined();
});

describe('a silence of a person', () => {
  const make = (over: object): Silence =>
    newSilence(silenceInput.parse({ match: { service: 'book*' }, reason: 'new shelves', ...over }), {
      person: 'ana',
      now: NOON,
      longestMs: 24 * HOUR,
      salt: 'x',
    });

  test('has an owner, a reason and an end', () => {
    expect(make({ for: '2h' })).toMatchObject({ origin: 'person', owner: 'ana', reason: 'new shelves', startsAt: NOON, endsAt: NOON + 2 * HOUR });
    expect(make({ endsAt: '2026-03-01T15:00:00+01:00', owner: 'shop-team' })).toMatchObject({ owner: 'shop-team', endsAt: NOON + 2 * HOUR });
  });

  test.each([
    [{}, /must have an end/],
    [{ for: '2h', endsAt: '2026-03-01T15:00:00Z' }, /must have an end/],
    [{ for: '2h', match: {} }, /fits everything/],
    [{ for: '2h', reason: ' ' }, /reason/],
    [{ for: '25h' }, /more than 1d away/],
    [{ endsAt: '2026-03-01T11:00:00Z' }, /over already/],
    [{ for: '2' }, /no unit/],
  ])('%j is refused with what to do', (over, message) => {
    expect(() => make(over)).toThrow(message);
  });
});

describe('a maintenance window by the clock on the wall', () => {
  const window = (over: Partial<MaintenanceWindow>): MaintenanceWindow => ({
    ...{ name: 'patching', match: { service: 'db' }, owner: 'platform', reason: 'patches', zone: 'Europe/Berlin', from: 'Sun 02:30', to: 'Sun 04:00' },
    ...over,
  });
  const at = (iso: string, over: Partial<MaintenanceWindow> = {}) =>
    windowsAt([window(over)], Date.parse(iso)).map(({ endsAt }) => new Date(endsAt).toISOString());

  test('holds every week, and at no other time', () => {
    expect(at('2026-03-22T01:29:59Z')).toEqual([]);
    expect(at('2026-03-22T01:30:00Z')).toEqual(['2026-03-22T03:00:00.000Z']);
    expect(at('2026-03-22T03:00:00Z')).toEqual([]);
  });

  test('that begins at 02:30 on the night when there is no 02:30 begins when the clock jumps', () => {
    expect(at('2026-03-29T00:59:59Z')).toEqual([]);
    expect(at('2026-03-29T01:00:00Z')).toEqual(['2026-03-29T02:00:00.000Z']);
  });

  test('that begins at 02:30 on the night when there are two begins at the first', () => {
    expect(at('2026-10-25T00:29:59Z')).toEqual([]);
    expect(at('2026-10-25T00:30:00Z')).toEqual(['2026-10-25T03:00:00.000Z']);
    expect(at('2026-10-25T01:30:00Z')).toEqual(['2026-10-25T03:00:00.000Z']);
  });

  test('that ends at 02:30 on the night when there are two ends at the second', () => {
    expect(at('2026-10-25T01:29:59Z', { from: 'Sun 01:00', to: 'Sun 02:30' })).toEqual(['2026-10-25T01:30:00.000Z']);
  });

  test('has an owner and a reason, and is the same silence all the time that it lasts', () => {
    const [one] = windowsAt([window({})], Date.parse('2026-03-22T01:30:00Z'));
    const [two] = windowsAt([window({})], Date.parse('2026-03-22T02:30:00Z'));
    expect(one).toMatchObject({ origin: 'maintenance', owner: 'platform', reason: 'patching: patches', match: { service: 'db' } });
    expect(one?.id).toBe(two?.id);
  });
});
