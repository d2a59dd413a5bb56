import { createClient } from '../../console/client';
import { loadStandings } from '../../console/load-standings';
import type { AllStandings } from '../../console/load-standings';
import { hrefOf, routeOf } from '../../console/route';
import { aloneText, byRung, fitting, grantLines, modeText } from '../../console/view/standings';
import type { GrantShown } from '../../domain/confidence/grant';
import { signGrant } from '../../domain/confidence/grant-signature';
import { standingNumbers } from '../../domain/confidence/standing-lines';
import type { StandingView } from '../../domain/confidence/standing-view';
import type { Service } from '../../domain/inventory';
import { harness, NOW } from '../api/harness';
import type { Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import { sketched } from '../fakes/sketched-runbooks';

const DAY = 86_400_000;
const HOSTILE = '<img src=x onerror=alert(1)>\u202egnp.exe';
const iso = (at: number): string => new Date(at).toISOString();
const runbooks = sketched({ restart: { title: HOSTILE, risk: 'low' } }).map((each) => ({ ...each, runbook: { ...each.runbook, reversible: true } }));
const hash = runbooks[0]?.hash ?? '';
const service = (name: string): Service => ({
  ...{ name, environment: 'prod', tier: 'standard', dependsOn: [], limits: { minRequests: 1 } },
  hands: { kind: 'supervisor', url: '', target: { provider: 'local', partition: '', account: '', region: '', kind: 'process', id: name } },
});

async function loaded(services: readonly string[], prepare: (h: Harness) => Promise<void> = () => Promise.resolve()): Promise<AllStandings> {
  const catalogue = { current: () => Promise.resolve(runbooks), repository: () => Promise.resolve(undefined) };
  const h = await harness({ deps: { inventory: { services: services.map(service) }, runbooks: catalogue } });
  try {
    await h.store.keys.ensure({ name: 'ana', role: 'admin' }, FAKE_KEY, iso(NOW));
    await prepare(h);
    return await loadStandings(createClient(FAKE_KEY, { base: await h.app.listen({ host: '127.0.0.1', port: 0 }) }));
  } finally {
    await h.app.close();
  }
}

async function one(): Promise<StandingView> {
  const [first] = (await loaded(['shop'])).standings;
  if (first === undefined) throw new Error('there is no standing');
  return first;
}

const GRANT: GrantShown = {
  ...{ id: 'g1', runbook: 'restart', hash, environment: 'prod', services: ['shop'], mode: 'auto', person: 'ana', reason: 'rehearsed' },
  ...{ from: iso(NOW - DAY), until: iso(NOW + 30 * DAY) },
};

test('the page of standings has an address of its own', () => {
  expect(routeOf(hrefOf({ page: 'standings' }))).toEqual({ page: 'standings' });
  expect(routeOf('#/standings/x')).toEqual({ page: 'list', closedToo: false });
});

test('a standing has its mode, its numbers, why, what is missing, and the grants of people with their ends', async () => {
  const { standings, grants } = await loaded(['shop'], async ({ store }) => {
    await store.grants.add(signGrant(await store.doorKey.secret(), GRANT));
    for (let i = 0; i < 12; i += 1) {
      const line = { round: 1, runbook: 'restart', runbookHash: hash, environment: 'prod', service: 'shop', cause: 'bad-release', corroborated: true } as const;
      store.outcomes.put(`inc-${String(i)}`, { ...line, verdict: i === 3 ? 'unchanged' : 'recovered', mode: 'approve', score: 0.9 }, NOW - (12 - i) * DAY);
    }
  });
  const [of] = standings;
  expect(standings).toHaveLength(1);
  expect(of && standingNumbers(of)).toEqual([
    expect.stringMatching(/^bound \d\d % ?/),
    'outcomes 12 of 12 count',
    'harms 0',
    'uplift unknown',
    expect.stringMatching(/^gate 95 % \d+ recoveries away$/),
  ]);
  expect(of?.reasons[0]).toBe('11 of 12 outcomes recovered; 12 still count.');
  expect(of?.next?.missing[0]).toBe('Needs 8 more outcomes that count, of 20.');
  expect(of && modeText(of)).toMatch(/^Its record allows approve; policy at most approve: \w/);
  expect(of && grantLines(of, grants, NOW)).toEqual([
    { id: 'g1', inForce: true, text: expect.stringMatching(/^auto by ana, ends in 30 d \(.* UTC\)\. Reason: rehearsed$/) as string },
  ]);
});

test('text of others is made fit to be looked at before it is shown', async () => {
  expect((await one()).runbook.title).toBe('<img src=x onerror=alert(1)>\\u202egnp.exe');
});

test('all pages are read, until there are more than anybody reads, which is told', async () => {
  const page = (count: number, next?: string) => ({ standings: Array(count).fill({ mode: 'approve' }) as StandingView[], ...(next && { next }) });
  const client = createClient(FAKE_KEY);
  const asked: (string | undefined)[] = [];
  const from = (pages: number) => ({
    ...client,
    grants: () => Promise.resolve([]),
    standings: (cursor?: string) => Promise.resolve(page(200, asked.push(cursor) < pages ? `c${String(asked.length)}` : undefined)),
  });
  expect(await loadStandings(from(2))).toMatchObject({ standings: { length: 400 }, more: false });
  expect(asked.splice(0)).toEqual([undefined, 'c1']);
  expect(await loadStandings(from(9))).toMatchObject({ standings: { length: 1_000 }, more: true });
  expect(asked).toHaveLength(5);
});

test('what may act without an answer stands first and is counted', async () => {
  const of = await one();
  const list = (['suggest', 'auto', 'approve', 'veto'] as const).map((mode) => ({ ...of, mode }));
  expect(byRung(list).map(({ mode }) => mode)).toEqual(['auto', 'veto', 'approve', 'suggest']);
  expect(aloneText(list)).toBe('2 of 4 standings may act without an answer now.');
  expect(aloneText([of])).toBe('None of 1 standing acts without an answer.');
});

test('words that are typed leave only the standings that have all of them', async () => {
  const { standings } = await loaded(['shop', 'till']);
  const found = (typed: string): string[] => fitting(standings, typed).map((each) => each.service);
  expect([found(''), found('TILL restart'), found('approve shop'), found('till shop')]).toEqual([['shop', 'till'], ['till'], ['shop'], []]);
});

test('a grant by which it acts is named', async () => {
  expect(modeText({ ...(await one()), mode: 'veto', grantedBy: 'ana' })).toMatch(/^Granted by ana\. Its record allows approve;/);
});

test('grants that do not hold any more say so, behind those that do; those of others are not shown', async () => {
  const grants: GrantShown[] = [
    { ...GRANT, id: 'revoked', revoked: { at: iso(NOW - 2 * DAY), by: 'ben', why: 'new storage' } },
    { ...GRANT, id: 'ended', until: iso(NOW) },
    { ...GRANT, id: 'older', hash: 'h0' },
    { ...GRANT, id: 'elsewhere', services: ['till'] },
    { ...GRANT, id: 'staging', environment: 'staging' },
    { ...GRANT, id: 'other', runbook: 'other' },
    { ...GRANT, id: 'held' },
  ];
  const lines = grantLines(await one(), grants, NOW);
  expect(lines.map(({ id, inForce }) => [id, inForce])).toEqual([
    ['held', true],
    ['revoked', false],
    ['ended', false],
    ['older', false],
  ]);
  expect(lines.map(({ text }) => text).slice(1)).toEqual([
    'auto by ana, revoked 2 d ago by ben: new storage. Reason: rehearsed',
    expect.stringMatching(/^auto by ana, ended /),
    expect.stringMatching(/UTC\), for another version\. Reason: rehearsed$/),
  ]);
});
