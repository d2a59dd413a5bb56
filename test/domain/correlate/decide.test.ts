import fc from 'fast-check';
import { Likeness } from '../../../domain/correlate/alike';
import { callMapOf, type CallMap } from '../../../domain/correlate/call-map';
import { decide } from '../../../domain/correlate/decide';
import { CORRELATE_DEFAULTS, type CorrelateRule, type CorrelateSettings, type Member, type OpenIncident } from '../../../domain/correlate/types';
import { World } from '../../../domain/correlate/world';

/** The defaults, turned on. */
const ON: CorrelateSettings = { ...CORRELATE_DEFAULTS, enabled: true };

const MINUTE = 60_000;
const mapOf = (...calls: readonly string[]): CallMap =>
  callMapOf(calls.map((call) => call.split('>')).map(([caller = '', callee = '']) => ({ caller, callee, from: 'configuration' as const })));
const fires = (service: string, over: Partial<Member> = {}): Member => ({
  ...{
    service,
    fingerprint: `${service}/${over.name ?? 'ErrorShareHigh'}`,
    source: 'generic',
    name: 'ErrorShareHigh',
    severity: 'sev2',
    startsAt: 0,
    firing: true,
  },
  ...over,
});
const incident = (service: string, members: readonly Member[] = [fires(service)], over: Partial<OpenIncident> = {}): OpenIncident => ({
  ...{ workflowId: `incident:prod:${service}`, environment: 'prod', service, openedAt: 0, split: [], members },
  ...over,
});
const rule = (over: Partial<CorrelateRule>): CorrelateRule => ({ name: 'r', match: {}, services: [], environments: [], action: 'join', ...over });
const asked = (alert: Member, incidents: readonly OpenIncident[], map: CallMap, settings: Partial<CorrelateSettings> = {}) => {
  const decision = decide(alert, incidents, { map, settings: { ...ON, ...settings } });
  return {
    joins: decision.kind === 'joins' ? decision.incident.service : null,
    relates: decision.relates.map(({ incident: { service } }) => service),
    decision,
  };
};

test('a caller joins the incident of a failing callee, and the callee that of its caller', () => {
  expect(asked(fires('orders', { startsAt: 40_000 }), [incident('payments')], mapOf('orders>payments')).decision).toMatchObject({
    kind: 'joins',
    reason: 'orders calls payments, 40 s after ErrorShareHigh on payments, both ErrorShareHigh',
  });
  expect(asked(fires('payments', { startsAt: 40_000 }), [incident('orders')], mapOf('orders>payments')).joins).toBe('orders');
});

test('two services that call a third of which nothing is heard stay apart', () => {
  expect(asked(fires('web'), [incident('orders')], mapOf('web>db', 'orders>db'))).toMatchObject({ joins: null, relates: [] });
});

test('beyond the window, the hops, or a silent service between unlike alerts, they are two incidents', () => {
  const chain = mapOf('a>b', 'b>c', 'c>d');
  expect(asked(fires('a', { startsAt: 11 * MINUTE }), [incident('b')], chain)).toMatchObject({ joins: null, relates: ['b'] });
  expect(asked(fires('a'), [incident('d')], chain)).toMatchObject({ joins: null, relates: [] });
  expect(asked(fires('a', { name: 'DiskFull' }), [incident('c')], chain)).toMatchObject({ joins: null, relates: ['c'] });
  expect(asked(fires('a'), [incident('c')], chain)).toMatchObject({ joins: 'c', relates: [] });
});

test('what has another possible cause than all the rest there is related only', () => {
  const shared = incident('b', [fires('b'), fires('c')]);
  expect(asked(fires('d'), [shared], mapOf('a>b', 'c>b', 'c>d'))).toMatchObject({ joins: null, relates: ['b'] });
});

test('a failed build and what is only foretold neither join nor draw others', () => {
  const build = { name: 'BuildFailed', source: 'builds' };
  const foretold = { name: 'PredictedBreach', source: 'forecast' };
  for (const apart of [build, foretold]) {
    expect(asked(fires('orders', apart), [incident('payments')], mapOf('orders>payments')).decision).toEqual({ kind: 'own', relates: [] });
    expect(asked(fires('orders'), [incident('payments', [fires('payments', apart)])], mapOf('orders>payments')).joins).toBeNull();
  }
});

test('conditions that have ended draw nothing to them', () => {
  expect(asked(fires('orders'), [incident('payments', [fires('payments', { firing: false })])], mapOf('orders>payments')).joins).toBeNull();
});

test('of two incidents that it could join the nearest takes it, and names the other', () => {
  const open = [incident('c'), incident('b')];
  expect(asked(fires('a'), open, mapOf('a>b', 'b>c'))).toMatchObject({ joins: 'b', relates: ['c'] });
});

test('the first rule that fits a pair decides, over the call graph', () => {
  const map = mapOf('orders>payments');
  const pair = [incident('payments')];
  expect(asked(fires('orders'), pair, map, { rules: [rule({ services: ['orders', 'payments'], action: 'never' })] })).toMatchObject({
    joins: null,
    relates: [],
  });
  expect(asked(fires('orders'), pair, map, { rules: [rule({ services: ['orders', 'payments'], action: 'relate' })] })).toMatchObject({
    joins: null,
    relates: ['payments'],
  });
  expect(asked(fires('mail'), pair, map, { rules: [rule({ services: ['mail', 'payments'] })] }).joins).toBe('payments');
  expect(asked(fires('mail'), pair, map, { rules: [rule({ services: ['mail', 'payments'], environments: ['stage'] })] }).joins).toBeNull();
  expect(asked(fires('mail', { startsAt: 11 * MINUTE }), pair, map, { rules: [rule({ services: ['mail', 'payments'] })] }).joins).toBeNull();
});

test('a rule by labels needs them on both sides', () => {
  const rules = [rule({ match: { labels: { cell: 'eu-1' } } })];
  const inCell = { labels: { cell: 'eu-1' } };
  expect(asked(fires('mail', inCell), [incident('payments', [fires('payments', inCell)])], mapOf(), { rules }).joins).toBe('payments');
  expect(asked(fires('mail', inCell), [incident('payments')], mapOf(), { rules }).joins).toBeNull();
});

test('in whatever order alerts come, there are at most as many incidents as services, each alert is in one, and the same order gives the same', () => {
  const services = ['a', 'b', 'c', 'd', 'e'];
  const call = fc.tuple(fc.constantFrom(...services), fc.constantFrom(...services)).map(([from, to]) => `${from}>${to}`);
  const alert = fc.record({ service: fc.constantFrom(...services), name: fc.constantFrom('ErrorShareHigh', 'LatencyHigh', 'DiskFull'), minute: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 10 }), fc.array(alert, { maxLength: 25 }), (calls, alerts) => {
      const run = (): readonly OpenIncident[] => {
        const world = new World([]);
        for (const { service, name, minute } of alerts) {
          const member = fires(service, { name, fingerprint: `${service}/${name}`, startsAt: minute * MINUTE });
          const holder = world.all().find((each) => each.members.some(({ fingerprint }) => fingerprint === member.fingerprint));
          const own = holder ?? world.get(`incident:prod:${service}`);
          const decision = own ? undefined : decide(member, world.all(), { map: mapOf(...calls), settings: ON });
          world.take(own ?? (decision?.kind === 'joins' ? decision.incident : incident(service, [])), member);
        }
        return world.all();
      };
      const incidents = run();
      expect(incidents.length).toBeLessThanOrEqual(new Set(alerts.map(({ service }) => service)).size);
      const held = incidents.flatMap(({ members }) => members.map(({ fingerprint }) => fingerprint)).sort();
      expect(held).toEqual([...new Set(alerts.map(({ service, name }) => `${service}/${name}`))].sort());
      expect(run()).toEqual(incidents);
    }),
  );
});

test('an incident that holds as many conditions of other services as it may takes no more of them, by a rule neither', () => {
  const joined = Array.from({ length: 30 }, (_, i) => fires('web', { name: `Check${String(i)}` }));
  const full = [incident('payments', [fires('payments'), ...joined])];
  const map = mapOf('orders>payments', 'web>payments');
  expect(asked(fires('orders'), full, map)).toMatchObject({ joins: null, relates: ['payments'] });
  expect(asked(fires('orders'), full, map, { rules: [rule({ services: ['orders', 'payments'] })] })).toMatchObject({ joins: null, relates: ['payments'] });
  expect(asked(fires('orders'), [incident('payments', [fires('payments'), ...joined.slice(1)])], map).joins).toBe('payments');
});

/** How often the time of a condition is looked at in the first and in the last 500 of so many alerts that come to 50 open incidents of many conditions each. */
function looks(alerts: number, rules: readonly CorrelateRule[]): { readonly first: number; readonly last: number } {
  const services = Array.from({ length: 50 }, (_, i) => `s${String(i)}`);
  const map = mapOf(...services.flatMap((service) => [`web>${service}`, `shop-${service}>${service}`]));
  let count = 0;
  const seen = (service: string, name: string): Member =>
    Object.defineProperty(fires(service, { name }), 'startsAt', { enumerable: true, get: () => ((count += 1), 0) });
  const many = (service: string, of: string): Member[] => Array.from({ length: 40 }, (_, i) => seen(service, `${of} ${String(i)}`));
  const world = new World(services.map((service) => incident(service, many(service, 'Check'))));
  const likeness = new Likeness();
  const counts: number[] = [];
  for (let i = 0; i < alerts; i += 1) {
    const service = services[i % services.length] ?? '';
    // One of two is of the service of an incident, which grows; the others could join one.
    const member = seen((i / services.length) % 2 < 1 ? service : `shop-${service}`, `Alert ${String(i)}`);
    const own = world.get(`incident:prod:${member.service}`);
    const decision = own ? undefined : decide(member, world.all(), { map, settings: { ...ON, rules }, likeness });
    const to = own ?? (decision?.kind === 'joins' ? decision.incident : undefined);
    if (to) world.take(to, member);
    if (i % 500 === 499) counts.push(count);
  }
  return { first: counts[0] ?? 0, last: (counts.at(-1) ?? 0) - (counts.at(-2) ?? 0) };
}

test('in a storm over 50 incidents the last 500 of 2,000 alerts cost no more than the first 500', () => {
  const rules = [
    rule({ name: 'cell', match: { labels: { cell: 'eu-1' } }, action: 'relate' }),
    rule({ name: 'apart', services: ['shop-s1', 's1'], match: { title: 'Nothing' }, action: 'never' }),
  ];
  for (const some of [[], rules]) {
    const { first, last } = looks(2_000, some);
    expect(first).toBeGreaterThan(500);
    expect(last / first).toBeLessThan(1.2);
  }
});
