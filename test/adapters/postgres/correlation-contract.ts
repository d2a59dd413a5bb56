/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { Member } from '../../../domain/correlate/types';
import type { IncidentView } from '../../../domain/incident-view';
import type { ConditionRoute, ServiceRelation } from '../../../ports/correlation';
import type { Store } from '../../../ports/store';
import { at, NOON, transition } from './samples-of-data';

const SECOND = 1000;
const member = (service: string): Member => ({
  ...{ service, fingerprint: 'f', source: 'generic', name: 'LatencyHigh', severity: 'sev2', startsAt: NOON, firing: true, labels: { cell: 'eu-1' } },
});

/** What holds for what correlation keeps, whichever database is behind it. Each test has an environment of its own. */
export function correlationContract(getStore: () => Store): void {
  const correlation = () => getStore().correlation;
  const opens = async (environment: string, service: string, second: number, over: Partial<IncidentView> = {}): Promise<string> => {
    const incidentId = `inc-${environment}-${service}-${String(second)}`;
    const view = { environment, service, workflowId: `incident:${environment}:${service}`, openedAt: at(second), ...over };
    await getStore().transitions.apply(transition(incidentId, 1, 1, {}, view));
    return incidentId;
  };
  const closed = (second: number): Partial<IncidentView> => ({ status: 'resolved', resolvedAt: at(second) });
  const tells = (relations: readonly ServiceRelation[]) => correlation().save({ routes: [], forget: [], relations });
  const relation = (environment: string, other: string, second: number, reason = 'db calls it'): ServiceRelation => ({
    ...{ environment, service: 'db', other, reason, at: NOON + second * SECOND },
  });
  const related = (environment: string, incidentId: string, service = 'db') => correlation().related({ incidentId, environment, service });

  test('routes are kept, changed and forgotten as one', async () => {
    const of = async () => (await correlation().routes()).filter(({ environment }) => environment === 'cor-routes');
    const route = (service: string, over: Partial<ConditionRoute> = {}): ConditionRoute => ({
      ...{ key: `k-${service}`, environment: 'cor-routes', workflowId: 'incident:cor-routes:db', home: 'db', member: member(service), at: NOON },
      ...over,
    });
    await correlation().save({ routes: [route('db'), route('payments', { joined: 'payments calls db' })], forget: [], relations: [] });
    expect(await of()).toEqual([route('db'), route('payments', { joined: 'payments calls db' })]);
    const ended = route('payments', { at: NOON + 1, member: { ...member('payments'), firing: false } });
    await correlation().save({ routes: [ended], forget: ['k-db'], relations: [] });
    expect(await of()).toEqual([ended]);
  });

  test('a service tells its open incident, with all that decides whether others join it, and the end of the last one', async () => {
    const environment = 'cor-open';
    await opens(environment, 'db', 0, closed(10));
    const note = {
      fingerprint: 'f',
      name: 'LatencyHigh',
      source: 'generic',
      status: 'firing' as const,
      severity: 'sev2' as const,
      summary: 's',
      startsAt: at(20),
    };
    const incidentId = await opens(environment, 'db', 20, { alerts: [note], workflowVersion: 5 });
    await correlation().split(incidentId, 'web', 'ada', NOON);
    await correlation().split(incidentId, 'mail', 'ada', NOON);
    await correlation().split(incidentId, 'mail', 'ben', NOON + 1);
    const remedy = { workflowId: 'r', target: 't', runbook: 'b', effects: [] };
    await opens(environment, 'web', 30, { remediation: remedy, status: 'remediating' });
    const open = { workflowId: `incident:${environment}:db`, incidentId, status: 'open', openedAt: NOON + 20 * SECOND, version: 5, acted: false };
    expect(await correlation().incidentsOf(environment, ['db', 'quiet', 'web'])).toMatchObject([
      { service: 'db', lastClosedAt: NOON + 10 * SECOND, open: { ...open, alerts: [note], split: ['mail', 'web'] } },
      { service: 'quiet' },
      { service: 'web', open: { acted: true, split: [] } },
    ]);
    const [, quiet, web] = await correlation().incidentsOf(environment, ['db', 'quiet', 'web']);
    expect([quiet, web?.open && 'version' in web.open]).toEqual([{ service: 'quiet' }, false]);
  });

  test('a relation is of the incidents that were open then, or opened next, on both sides', async () => {
    const environment = 'cor-related';
    const before = await opens(environment, 'db', 0, closed(10));
    await tells([relation(environment, 'web', 5, 'of before'), relation(environment, 'web', 20, 'of now')]);
    const now = await opens(environment, 'db', 21);
    const web = await opens(environment, 'web', 3);
    expect(await related(environment, before)).toEqual([{ incidentId: web, reason: 'of before' }]);
    expect(await related(environment, now)).toEqual([{ incidentId: web, reason: 'of now' }]);
    expect(await related(environment, web, 'web')).toEqual([
      { incidentId: before, reason: 'of before' },
      { incidentId: now, reason: 'of now' },
    ]);
    expect(await related(environment, 'inc-not-written-yet')).toEqual([]);
  });

  test('an incident names at most 20, those that were found first', async () => {
    const environment = 'cor-many';
    const own = await opens(environment, 'db', 0);
    const names = Array.from({ length: 25 }, (_, i) => `s${String(25 - i).padStart(2, '0')}`);
    for (const name of names) await opens(environment, name, 0);
    await tells(names.map((name, i) => relation(environment, name, i)));
    await tells(names.map((name, i) => relation(environment, name, 100 + i, 'told again')));
    const found = await related(environment, own);
    expect(found.map(({ incidentId }) => incidentId)).toEqual(names.slice(0, 20).map((name) => `inc-${environment}-${name}-0`));
    expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['db calls it']));
  });

  test('relations are forgotten with changes, and what was split off with them once its incident has ended', async () => {
    const environment = 'cor-old';
    const open = await opens(environment, 'db', 0);
    const web = await opens(environment, 'web', 0);
    await tells([relation(environment, 'web', -10), relation(environment, 'web', 10, 'later')]);
    await correlation().split(open, 'web', 'ada', NOON - 10 * SECOND);
    await correlation().split(web, 'db', 'ada', NOON - 10 * SECOND);
    const ended = transition(web, 2, 2, {}, { environment, service: 'web', workflowId: `incident:${environment}:web`, openedAt: at(0), ...closed(60) });
    await getStore().transitions.apply(ended);
    const { pruner } = getStore().archive;
    for (let more = true; more;) ({ more } = await pruner.prune({ points: 0, logs: 0, builds: 0, changes: NOON, measures: 0, deliveries: 0 }, 1));
    expect(await related(environment, open)).toEqual([{ incidentId: web, reason: 'later' }]);
    const [db] = await correlation().incidentsOf(environment, ['db']);
    expect(db?.open?.split).toEqual(['web']);
    const again = transition(web, 3, 3, {}, { environment, service: 'web', workflowId: `incident:${environment}:web`, openedAt: at(0) });
    await getStore().transitions.apply(again);
    expect((await correlation().incidentsOf(environment, ['web']))[0]?.open?.split).toEqual([]);
  });

  test('incidents of a time are those that were open in it, oldest first', async () => {
    const environment = 'cor-episodes';
    const ids = [await opens(environment, 'db', 0, closed(10)), await opens(environment, 'web', 5, closed(20)), await opens(environment, 'mail', 30)];
    const found = async (since: number) => (await correlation().episodes(NOON + since * SECOND, 1000)).filter((each) => each.environment === environment);
    expect((await found(0)).map(({ incidentId }) => incidentId)).toEqual(ids);
    expect(await found(15)).toMatchObject([
      { service: 'web', closedAt: NOON + 20 * SECOND },
      { service: 'mail', openedAt: NOON + 30 * SECOND },
    ]);
    expect(await correlation().episodes(NOON, 1)).toHaveLength(1);
  });

  test('a channel is told once that something of its services joined', async () => {
    const { transitions, outbox } = getStore();
    const id = 'inc-cor-joined';
    const joined = [{ service: 'guest', conditions: 1, firing: 1, reason: 'guest calls home' }];
    const due = async () =>
      (await outbox.due(NOON * 2, 5000)).filter(({ notification }) => notification.id.startsWith(`${id}/`)).map((row) => [row.channel, row.notification.id]);
    await transitions.apply(transition(id, 1, 1, { notify: 'opened' }, { service: 'cor-home' }));
    await transitions.apply(transition(id, 2, 2, { notify: 'joined' }, { service: 'cor-home', joined, round: 1 }));
    await transitions.apply(transition(id, 3, 3, { notify: 'joined' }, { service: 'cor-home', joined, round: 2 }));
    await transitions.apply(transition(id, 4, 4, { notify: 'joined' }, { service: 'cor-home', joined }), {
      kind: 'hold',
      hold: 'sil',
      until: NOON * 3,
      why: '',
    });
    expect(await due()).toEqual([
      ['terminal', `${id}/1/opened`],
      ['guests', `${id}/joined`],
    ]);
  });
}
