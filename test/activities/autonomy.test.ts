import { sql } from 'kysely';
import { createAutonomy } from '../../activities/autonomy';
import type { Db } from '../../adapters/postgres/database';
import { migrate } from '../../adapters/postgres/migrate';
import { tableSink } from '../../adapters/postgres/audit-sink';
import { soleProcess } from '../../adapters/postgres/sole-process';
import { createStore } from '../../adapters/postgres/store';
import { canonicalJson } from '../../domain/canonical-json';
import type { AutonomyGrant } from '../../domain/confidence/grant';
import { signGrant } from '../../domain/confidence/grant-signature';
import type { StandingKey } from '../../domain/confidence/outcome';
import { CONFIDENCE_DEFAULTS } from '../../domain/confidence/settings';
import type { LedgerOutcome } from '../../domain/incident-view';
import type { Service } from '../../domain/inventory';
import type { AutonomyQuestion, AutonomyVerdict } from '../../ports/autonomy';
import type { Store } from '../../ports/store';
import { memoryDatabase } from '../adapters/postgres/memory-database';
import { incident, transition } from '../adapters/postgres/samples-of-data';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 1);
const NOW = BEGIN + 40 * DAY;
const KEY: StandingKey = { runbook: 'restart-service', hash: 'h1', cause: 'bad-release', environment: 'prod', service: 'shop', tier: 'standard' };
const SERVICES: Service[] = ['shop', 'till', 'search'].map((name) => ({
  ...{ name, environment: 'prod', tier: 'standard', dependsOn: [], limits: { minRequests: 1 } },
  ...(name === 'search' ? { likeness: 'indexes' } : {}),
}));
/** Earned after 23 recoveries, so that a test needs not hundreds. */
const SETTINGS = { ...CONFIDENCE_DEFAULTS, needs: { ...CONFIDENCE_DEFAULTS.needs, auto: { outcomes: 20, bound: 0.8 } } };

let db: Db;
let store: Store;
beforeAll(async () => {
  db = await memoryDatabase();
  await migrate(db);
  store = createStore({ db, sink: tableSink(db), channels: [], coordination: soleProcess(), where: 'memory', release: () => db.destroy() });
  await store.keys.create({ name: 'ana', role: 'admin' }, iso(BEGIN));
  await store.keys.create({ name: 'ben', role: 'approver' }, iso(BEGIN));
}, 120_000);
afterAll(() => store.close());
afterEach(async () => {
  await sql`truncate nightshift.outcome_lines, nightshift.outcomes, nightshift.autonomy_grants`.execute(db);
  await sql`delete from nightshift.loop_state`.execute(db);
});

function iso(at: number): string {
  return new Date(at).toISOString();
}

const LINE: LedgerOutcome = {
  ...{ round: 1, runbook: 'restart-service', runbookHash: 'h1', environment: 'prod', service: 'shop', cause: 'bad-release', verdict: 'recovered' },
  ...{ actedBy: 'nightshift', version: 1, mode: 'approve', tier: 'standard', corroborated: true, score: 0.97 },
};

/** One incident with these lines. */
async function tell(at: number, lines: readonly LedgerOutcome[], id = incident()): Promise<string> {
  const outcome = lines.find(({ actedBy }) => actedBy === 'nightshift');
  const beside = lines.filter((line) => line !== outcome);
  await store.transitions.apply(transition(id, 1, 1, { ...(outcome && { outcome }), beside }, { updatedAt: iso(at) }));
  return id;
}

async function recoveries(count: number, over: Partial<LedgerOutcome> = {}, from = BEGIN): Promise<void> {
  for (let i = 0; i < count; i += 1) await tell(from + i * DAY, [{ ...LINE, ...over }]);
}

async function leftAlone(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await tell(BEGIN + i * DAY, [{ ...LINE, actedBy: 'nobody', verdict: 'unchanged', waitedMs: 600_000 }]);
}

async function earned(): Promise<void> {
  await leftAlone(6);
  await recoveries(32);
}

function ask(over: Partial<AutonomyQuestion> = {}): Promise<AutonomyVerdict> {
  const autonomy = createAutonomy({ ...store, inventory: { services: SERVICES }, settings: SETTINGS, verificationMs: 300_000 });
  return autonomy.verdictOf({ key: KEY, danger: { risk: 'low', reversible: true }, ceiling: 'auto', score: 0.97, corroborated: true, at: NOW, ...over });
}

function granted(over: Partial<AutonomyGrant> = {}): AutonomyGrant {
  return {
    ...{ id: 'g1', runbook: 'restart-service', hash: 'h1', environment: 'prod', services: ['shop'], mode: 'auto' as const, person: 'ana', reason: 'rehearsed' },
    ...{ from: iso(NOW - DAY), until: iso(NOW + 30 * DAY) },
    ...over,
  };
}

async function grant(over: Partial<AutonomyGrant> = {}, secret?: Buffer): Promise<AutonomyGrant> {
  const signed = signGrant(secret ?? (await store.doorKey.secret()), granted(over));
  await store.grants.add(signed);
  return signed;
}

describe('the record', () => {
  test('without outcomes a person is asked', async () => {
    expect(await ask()).toMatchObject({ mode: 'approve', confidence: 0, standing: { outcomes: 0 } });
  });

  test('verified recoveries earn what policy allows, and no more', async () => {
    await earned();
    expect(await ask()).toMatchObject({ mode: 'auto', confidence: 0.8, standing: { earned: 'auto', outcomes: 32, recovered: 32 } });
    expect(await ask({ ceiling: 'veto' })).toMatchObject({ mode: 'veto' });
    expect(await ask({ ceiling: 'observe' })).toMatchObject({ mode: 'observe' });
  });

  test('one harm demotes at once', async () => {
    await earned();
    await tell(NOW - DAY, [{ ...LINE, verdict: 'worse' }]);
    expect(await ask()).toMatchObject({ mode: 'approve', confidence: 0, standing: { harmsHeld: 1 } });
  });

  test('what is judged again counts only what was known then, a harm and recoveries of later not', async () => {
    await earned();
    await tell(NOW + DAY, [{ ...LINE, verdict: 'worse' }]);
    const deps = { ...store, inventory: { services: SERVICES }, settings: SETTINGS, verificationMs: 300_000 };
    const then = createAutonomy({ ...deps, knownThen: true });
    const question = { key: KEY, danger: { risk: 'low', reversible: true }, ceiling: 'auto', score: 0.97, corroborated: true } as const;
    expect(await then.verdictOf({ ...question, at: NOW })).toMatchObject({ mode: 'auto', standing: { harmsHeld: 0, outcomes: 32 } });
    expect(await then.verdictOf({ ...question, at: BEGIN + 2 * DAY + 1 })).toMatchObject({ mode: 'approve', standing: { outcomes: 3 } });
    expect(await createAutonomy(deps).verdictOf({ ...question, at: NOW })).toMatchObject({ mode: 'approve', standing: { harmsHeld: 1 } });
  });

  test('an incident whose cause no second source supports goes to a person', async () => {
    await earned();
    expect(await ask({ corroborated: false })).toMatchObject({ mode: 'approve', reasons: ['A person is asked, as no second source supports the cause.'] });
  });

  test('a diagnosis with a score that led to recovery seldom goes to a person', async () => {
    await earned();
    for (let i = 0; i < 30; i += 1) await tell(NOW - 30_000 + i, [{ ...LINE, runbook: 'other', cause: 'failed-build', verdict: 'unchanged', score: 0.3 }]);
    expect((await ask()).mode).toBe('auto');
    expect(await ask({ score: 0.3 })).toMatchObject({ mode: 'approve', reasons: [expect.stringContaining('led to recovery in')] });
  });

  test('nothing is earned where nobody knows how many heal alone, or where they were left for too short a time', async () => {
    await recoveries(32);
    expect((await ask()).mode).toBe('approve');
    for (let i = 0; i < 6; i += 1) await tell(BEGIN + i, [{ ...LINE, actedBy: 'nobody', verdict: 'unchanged', waitedMs: 200_000 }]);
    expect(await ask()).toMatchObject({ mode: 'approve', standing: { uplift: { untouched: 0 } } });
  });

  test('the same transition twice is one outcome', async () => {
    const id = await tell(BEGIN, [LINE]);
    await tell(BEGIN, [LINE], id);
    expect((await ask()).standing.outcomes).toBe(1);
  });

  test('a relapse takes a recovery back', async () => {
    const id = await tell(BEGIN, [LINE]);
    await tell(BEGIN + DAY, [{ ...LINE, verdict: 'relapsed' }], id);
    expect((await ask()).standing).toMatchObject({ outcomes: 1, recovered: 0 });
  });

  test('lines of a version that told less are no success, and their harms are harms', async () => {
    const old = (id: string, verdict: string, at: number) =>
      sql`insert into nightshift.outcomes values (${id}, 1, ${verdict}, 'restart-service', 'h1', 'prod', 'shop', 'bad-release', ${at})`.execute(db);
    for (let i = 0; i < 30; i += 1) await old(`inc-old-${String(i)}`, 'recovered', BEGIN + i);
    expect((await ask()).standing).toMatchObject({ outcomes: 0, bound: 0 });
    await old('inc-old-bad', 'worse', NOW - DAY);
    expect((await ask()).standing).toMatchObject({ outcomes: 1, harmsHeld: 1 });
  });

  test('outcomes of another cause, environment, runbook or of a service that is not alike are not its own', async () => {
    await leftAlone(6);
    const others: Partial<LedgerOutcome>[] = [{ cause: 'failed-build' }, { environment: 'test' }, { runbook: 'other' }, { service: 'search' }];
    for (const over of others) await recoveries(3, over);
    expect((await ask()).standing).toMatchObject({ outcomes: 0, effectiveOutcomes: 0 });
  });

  test('a store that was put back asks a person until the runbook has shown anew that it works here', async () => {
    await earned();
    const gap = { from: NOW - 3 * DAY, at: NOW - 2 * DAY };
    await store.state.save('outcomes-restored', gap);
    expect(await ask()).toMatchObject({
      mode: 'approve',
      standing: { reasons: expect.arrayContaining([expect.stringContaining('may be missing')]) as string[] },
    });
    await recoveries(5, { actedBy: 'person' }, NOW - DAY);
    expect((await ask({ at: NOW + 5 * DAY })).mode).toBe('approve');
    await recoveries(5, {}, NOW - DAY);
    expect((await ask({ at: NOW + 5 * DAY })).mode).toBe('auto');
  });
});

describe('a grant', () => {
  test('lets a runbook without a record act, in its time and on its service', async () => {
    await grant();
    expect(await ask()).toMatchObject({ mode: 'auto', standing: { grantedBy: 'ana', earned: 'approve' } });
    expect((await ask({ ceiling: 'approve' })).mode).toBe('approve');
    expect((await ask({ key: { ...KEY, service: 'till' } })).mode).toBe('approve');
    expect((await ask({ key: { ...KEY, hash: 'h2' } })).mode).toBe('approve');
    expect((await ask({ danger: { risk: 'medium', reversible: true } })).mode).toBe('approve');
    expect((await ask({ at: NOW + 31 * DAY })).mode).toBe('approve');
  });

  test('that a door of another store signed does not count', async () => {
    await grant({}, Buffer.alloc(32, 7));
    expect(await ask()).toMatchObject({
      mode: 'approve',
      standing: { reasons: expect.arrayContaining(['The grant of ana is not signed by a door of this store.']) as string[] },
    });
  });

  test('that nobody signed, or that was edited, does not count', async () => {
    await store.grants.add(granted());
    expect((await ask()).mode).toBe('approve');
    const signed = await grant({ id: 'g2', until: iso(NOW + DAY) });
    const edited = canonicalJson({ ...signed, until: iso(NOW + 60 * DAY) });
    await sql`update nightshift.autonomy_grants set body = ${edited}, ends_at = ${NOW + 60 * DAY} where id = 'g2'`.execute(db);
    expect((await ask()).mode).toBe('approve');
  });

  test('that was revoked does not count, and no edit of its row brings it back', async () => {
    await grant();
    expect(await store.grants.revoke('g1', 'ana', 'done', iso(NOW))).toMatchObject({ id: 'g1' });
    expect((await ask()).mode).toBe('approve');
    await sql`update nightshift.autonomy_grants set revoked_at = null`.execute(db);
    expect((await ask()).mode).toBe('approve');
    expect((await store.audit.read('system')).slice(-2)).toMatchObject([
      { kind: 'autonomy', actor: 'person:ana', summary: expect.stringContaining('granted auto to restart-service on shop in prod') as string },
      { kind: 'autonomy', actor: 'person:ana', summary: expect.stringContaining('revoked auto to restart-service on shop in prod') as string },
    ]);
  });

  test('of somebody who could not give it today does not count', async () => {
    await grant({ person: 'ben' });
    expect(await ask()).toMatchObject({
      mode: 'approve',
      standing: { reasons: expect.arrayContaining([expect.stringContaining("ben has no admin's key any more")]) as string[] },
    });
  });

  test('falls with the first harm', async () => {
    await grant();
    await tell(NOW - 1000, [{ ...LINE, verdict: 'worse' }]);
    expect(await ask()).toMatchObject({
      mode: 'approve',
      standing: { reasons: expect.arrayContaining(['The grant of ana fell with the harm that was done since.']) as string[] },
    });
  });

  test.each<[string, Partial<LedgerOutcome>]>([
    ['on another of its services', { service: 'till' }],
    ['for another cause', { cause: 'resource-exhaustion' }],
    ['of another version', { runbookHash: 'h2' }],
  ])('falls with a harm %s', async (_how, where) => {
    await grant({ services: ['shop', 'till'] });
    await tell(NOW - 2000, [{ ...LINE, ...where, verdict: 'worse' }]);
    await tell(NOW - 1000, [LINE]);
    expect(await ask()).toMatchObject({ mode: 'approve' });
  });
});
