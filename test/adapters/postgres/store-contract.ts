/* eslint-disable jest/no-export -- a suite that is run against every database */
import { digestOf } from '../../../domain/digest';
import type { Service } from '../../../domain/inventory';
import type { Proposal } from '../../../domain/proposal';
import type { RunbookSnapshot } from '../../../domain/runbook';
import type { Store } from '../../../ports/store';
import { alert, at, incident, NOON, transition } from './samples-of-data';
import { incidentContract, outboxContract, transitionContract } from './transition-contract';

const ZEROS = '0'.repeat(64);

/** What every store must do, whichever database is behind it. The store has CHANNELS. */
export function storeContract(getStore: () => Store): void {
  describe('inbox', () => {
    inboxContract(getStore);
  });
  describe('transitions', () => {
    transitionContract(getStore);
  });
  describe('outbox', () => {
    outboxContract(getStore);
  });
  describe('incidents', () => {
    incidentContract(getStore);
  });
  describe('intents', () => {
    intentContract(getStore);
  });
  describe('keys', () => {
    keyContract(getStore);
  });
  describe('the rest', () => {
    restContract(getStore);
  });
}

function inboxContract(getStore: () => Store): void {
  test('takes a thousand alerts at once, each id once, and gives them out in the order in which they came', async () => {
    const { inbox } = getStore();
    const batch = Array.from({ length: 1000 }, (_, i) => alert(`many-${999 - i}`));
    expect(await inbox.accept(batch, NOON, 5000)).toEqual({ accepted: 1000, duplicates: 0 });
    expect(await inbox.accept([alert('many-1'), alert('one-more'), alert('one-more')], NOON + 500, 5000)).toEqual({ accepted: 3, duplicates: 2 });
    const waiting = await inbox.undelivered(2000);
    expect(waiting.map((item) => item.alert.id)).toEqual([...batch.map((a) => a.id), 'one-more']);
    expect(await inbox.backlog(NOON + 2000)).toEqual({ count: 1001, oldestMs: 2000 });
    await inbox.markDelivered(
      waiting.slice(0, 1000).map((item) => item.position),
      'incident:prod:bookshop',
    );
    expect(await inbox.backlog(NOON + 2000)).toEqual({ count: 1, oldestMs: 1500 });
    await inbox.markDelivered([waiting[1000]?.position ?? 0], 'incident:prod:bookshop');
    expect(await inbox.undelivered(10)).toEqual([]);
    expect(await inbox.backlog(NOON)).toEqual({ count: 0, oldestMs: 0 });
  });

  test('stores nothing and says overloaded when it is full, but still says yes to what it has', async () => {
    const { inbox } = getStore();
    await inbox.accept([alert('full-1'), alert('full-2')], NOON, 2);
    await expect(inbox.accept([alert('full-3')], NOON, 2)).rejects.toMatchObject({ code: 'overloaded' });
    expect(await inbox.accept([alert('full-1')], NOON, 2)).toEqual({ accepted: 1, duplicates: 1 });
    const waiting = await inbox.undelivered(10);
    expect(waiting.map((item) => item.alert.id)).toEqual(['full-1', 'full-2']);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });

  test('keeps outside text exactly, and refuses an id that cannot be stored without harm to what follows', async () => {
    const { inbox } = getStore();
    const odd = alert('odd', { summary: `NUL \0, half a pair \ud800, "quotes" {and,braces} ${String.fromCharCode(92)}` });
    await inbox.accept([odd], NOON, 100);
    await expect(inbox.accept([alert('nul\0')], NOON, 100)).rejects.toMatchObject({ code: 'invalid_input' });
    const waiting = await inbox.undelivered(10);
    expect(waiting.map((item) => item.alert)).toEqual([odd]);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });
}

function intentContract(getStore: () => Store): void {
  const intent = (token: string, over: object = {}) => ({
    token,
    incidentId: 'inc-i',
    round: 1,
    step: 's1',
    target: `t-${token}`,
    runbook: 'r',
    intendedAt: NOON,
    ...over,
  });
  const limit = (most: number) => (facts: { counts: { onTargetLastDay: number } }) => (facts.counts.onTargetLastDay >= most ? ['too many'] : []);

  test('a limit holds between workers that prepare at the same moment', async () => {
    const { intents } = getStore();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => intents.prepare([intent(`race-${i}`, { target: 'raced', round: i })], limit(3))));
    expect(answers.filter((a) => a.refusals.length === 0)).toHaveLength(3);
  });

  test('counts the hour, and the day on the target, without the tokens that are prepared again', async () => {
    const { intents } = getStore();
    const hour = 3_600_000;
    const base = NOON + 100 * 24 * hour;
    const seen: object[] = [];
    const look = (facts: { counts: object }) => [...(seen.push(facts.counts) ? [] : [])];
    await intents.prepare([intent('c1', { target: 'x', intendedAt: base - 25 * hour })], look);
    await intents.prepare([intent('c2', { target: 'x', intendedAt: base - 2 * hour })], look);
    await intents.prepare([intent('c3', { target: 'y', intendedAt: base - 1 })], look);
    await intents.prepare([intent('c4', { target: 'x', intendedAt: base })], look);
    await intents.prepare([intent('c4', { target: 'x', intendedAt: base })], look);
    expect(seen.slice(-2)).toEqual([
      { lastHour: 1, onTargetLastDay: 1 },
      { lastHour: 1, onTargetLastDay: 1 },
    ]);
  });

  test('an allowed one writes intents and transition together, a refused one writes neither', async () => {
    const { intents, audit } = getStore();
    const [yes, no] = [incident(), incident()];
    const done = await intents.prepare([intent('p1')], () => [], transition(yes, 1, 1));
    expect(done).toEqual({ refusals: [], head: { count: 1, hash: (await audit.read(yes))[0]?.hash } });
    expect(await intents.get('p1')).toEqual({ ...intent('p1'), state: 'intended' });
    expect(await intents.prepare([intent('p2')], () => ['no'], transition(no, 1, 1))).toEqual({ refusals: ['no'] });
    expect(await intents.get('p2')).toBeUndefined();
    expect(await audit.read(no)).toEqual([]);
  });

  test('the repetition of a call that was committed answers the same, though it would be refused now', async () => {
    const { intents } = getStore();
    const id = incident();
    const first = await intents.prepare([intent('again')], () => [], transition(id, 1, 1));
    expect(await intents.prepare([intent('again')], () => ['halted now'], transition(id, 1, 1))).toEqual(first);
    expect(await intents.prepare([intent('again')], () => ['halted now'])).toEqual({ refusals: ['halted now'] });
  });

  test('states are kept, and an unknown token is refused', async () => {
    const { intents } = getStore();
    await intents.prepare([intent('m1')], () => []);
    await intents.mark('m1', 'done', 'release 1.4.0 runs');
    expect(await intents.get('m1')).toMatchObject({ state: 'done', detail: 'release 1.4.0 runs' });
    await intents.prepare([intent('m1')], () => []);
    expect((await intents.get('m1'))?.state).toBe('done');
    await expect(intents.mark('nothing', 'done', '')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('the kill switch is seen by the next prepare and stands in the audit', async () => {
    const { intents, killSwitch, audit } = getStore();
    const check = ({ halted }: { halted: boolean }) => (halted ? ['halted'] : []);
    expect((await killSwitch.halted()).on).toBe(false);
    await killSwitch.set(true, 'person:ana', 'storm', at(1));
    expect(await killSwitch.halted()).toEqual({ on: true, by: 'person:ana', at: at(1), reason: 'storm' });
    expect((await intents.prepare([intent('halted')], check)).refusals).toEqual(['halted']);
    await killSwitch.set(false, 'person:ana', '', at(2));
    expect((await intents.prepare([intent('halted')], check)).refusals).toEqual([]);
    expect((await audit.read('system')).slice(-2)).toMatchObject([
      { kind: 'halt', actor: 'person:ana', at: at(1), summary: 'Kill switch turned on: storm' },
      { kind: 'halt', summary: 'Kill switch turned off' },
    ]);
  });
}

function keyContract(getStore: () => Store): void {
  test('a key opens until it is revoked, and only whole', async () => {
    const { keys } = getStore();
    const { info, key } = await keys.create({ name: 'ana', role: 'approver' }, at(0));
    expect(key).toMatch(/^nsk_[a-z0-9]+_[A-Za-z0-9_-]{43}$/);
    expect(await keys.authenticate(key)).toEqual({ name: 'ana', role: 'approver' });
    for (const wrong of ['', 'nsk_', key.slice(0, -1), `${key}A`, key.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), key.toUpperCase()])
      expect(await keys.authenticate(wrong)).toBeUndefined();
    expect(await keys.list()).toContainEqual({ id: info.id, name: 'ana', role: 'approver', createdAt: at(0) });
    expect(JSON.stringify(await keys.list())).not.toContain(key.split('_').slice(2).join('_'));
    expect(await keys.revoke(info.id, at(1))).toBe(true);
    expect(await keys.revoke('nobody', at(1))).toBe(false);
    expect(await keys.authenticate(key)).toBeUndefined();
    expect(await keys.roleOf('ana')).toBeUndefined();
  });

  test('a person has the strongest role of the keys that are left', async () => {
    const { keys } = getStore();
    await keys.create({ name: 'ben', role: 'viewer' }, at(0));
    const { info } = await keys.create({ name: 'ben', role: 'admin' }, at(0));
    expect(await keys.roleOf('ben')).toBe('admin');
    await keys.revoke(info.id, at(1));
    expect(await keys.roleOf('ben')).toBe('viewer');
    expect(await keys.roleOf('nobody')).toBeUndefined();
  });

  test('a key of the configuration is made once, follows it, and stays revoked', async () => {
    const { keys } = getStore();
    const given = 'a-long-and-random-text-from-a-file-0001';
    await keys.ensure({ name: 'root', role: 'admin' }, given, at(0));
    await keys.ensure({ name: 'root', role: 'responder' }, given, at(1));
    expect(await keys.authenticate(given)).toEqual({ name: 'root', role: 'responder' });
    const mine = (await keys.list()).filter((k) => k.name === 'root');
    expect(mine).toHaveLength(1);
    await keys.revoke(mine[0]?.id ?? '', at(2));
    await keys.ensure({ name: 'root', role: 'admin' }, given, at(3));
    expect(await keys.authenticate(given)).toBeUndefined();
    await expect(keys.ensure({ name: 'root', role: 'admin' }, 'short', at(0))).rejects.toMatchObject({ code: 'invalid_input' });
    const { key } = await keys.create({ name: 'eve', role: 'viewer' }, at(0));
    const forged = key.slice(0, -43) + 'A'.repeat(43);
    await expect(keys.ensure({ name: 'root', role: 'admin' }, forged, at(0))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('all doors have one key of 32 bytes', async () => {
    const secrets = await Promise.all([getStore().doorKey.secret(), getStore().doorKey.secret()]);
    expect(secrets[0]).toHaveLength(32);
    expect(secrets[1]).toEqual(secrets[0]);
  });
}

function restContract(getStore: () => Store): void {
  const bookshop: Service = { name: 'bookshop', environment: 'prod', tier: 'standard', dependsOn: [] };

  test('changes of a service by time, each once', async () => {
    const { changes } = getStore();
    const change = (id: string, seconds: number) => ({
      id,
      kind: 'deployment' as const,
      environment: 'prod',
      service: 'bookshop',
      at: at(seconds),
      author: 'ana',
      summary: id,
    });
    await changes.record([change('c2', 20), change('c1', 10), { ...change('c3', 10), service: 'other' }]);
    await changes.record([{ ...change('c1', 10), summary: 'told again' }]);
    expect(await changes.list(bookshop, NOON + 10_000, NOON + 20_000)).toEqual([change('c1', 10), change('c2', 20)]);
    expect(await changes.list(bookshop, NOON + 10_001, NOON + 19_999)).toEqual([]);
    await expect(changes.record([{ ...change('c9', 0), at: 'yesterday' }])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('samples by time, each once, and forgotten when they are old', async () => {
    const { samples } = getStore();
    const sample = (offset: number) => ({
      service: 'bookshop',
      environment: 'prod',
      instance: 'i1',
      at: NOON + offset,
      up: true,
      routes: { '/': { requests: 1, errors: 0 } },
      latency: { le: [0.1, null], counts: [1, 2] },
      saturation: {},
    });
    await samples.append([sample(2), sample(1), sample(3)]);
    await samples.append([sample(2)]);
    expect(await samples.read('prod', 'bookshop', NOON + 1, NOON + 2)).toEqual([sample(1), sample(2)]);
    await samples.prune(NOON + 3);
    expect(await samples.read('prod', 'bookshop', 0, NOON * 2)).toEqual([sample(3)]);
    await samples.append(Array.from({ length: 5001 }, (_, i) => sample(-1 - i)));
    await samples.prune(NOON * 2);
    expect(await samples.read('prod', 'bookshop', 0, NOON * 2)).toEqual([]);
  });

  test('the first evidence of a round is frozen', async () => {
    const { evidence } = getStore();
    const bundle = { incidentId: incident(), round: 1, environment: 'prod', service: 'bookshop', gatheredAt: at(0), onset: NOON, items: [] };
    const digest = await evidence.freeze(bundle);
    expect(digest).toBe(digestOf(bundle));
    expect(await evidence.freeze({ ...bundle, gatheredAt: at(9) })).toBe(digest);
    expect(await evidence.read(digest)).toEqual(bundle);
    expect(await evidence.ofRound(bundle.incidentId, 1)).toEqual({ digest, bundle });
    expect(await evidence.ofRound(bundle.incidentId, 2)).toBeUndefined();
    expect(await evidence.read(ZEROS)).toBeUndefined();
  });

  test('runbooks by hash, states of loops by name', async () => {
    const { proposals, state } = getStore();
    const snapshot = { hash: 'h1', runbook: { id: 'rollback', version: 1, steps: [] } } as unknown as RunbookSnapshot;
    await proposals.saveRunbook(snapshot);
    await proposals.saveRunbook(snapshot);
    expect(await proposals.runbook('h1')).toEqual(snapshot);
    expect(await proposals.runbook('h2')).toBeUndefined();
    await proposals.saveProposal({ digest: 'd1', incidentId: 'inc-p', round: 1 } as Proposal);
    await proposals.saveProposal({ digest: 'd1', incidentId: 'inc-p', round: 1 } as Proposal);
    expect(await state.load('detector')).toBeUndefined();
    await state.save('detector', { firing: ['a'] });
    await state.save('detector', { firing: [] });
    expect(await state.load('detector')).toEqual({ firing: [] });
    await getStore().ping();
  });
}
