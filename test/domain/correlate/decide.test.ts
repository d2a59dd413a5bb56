import fc from 'fast-check';
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
