/* eslint-disable jest/no-export -- a suite that is run against every database */
import { digestOf } from '../../../domain/digest';
import type { Service } from '../../../domain/inventory';
import type { Proposal } from '../../../domain/proposal';
import type { RunbookSnapshot } from '../../../domain/runbook';
import type { Store } from '../../../ports/store';
import { countContract, pointContract } from './archive-contract';
import { anomalyContract } from './anomaly-contract';
import { asideContract } from './aside-contract';
import { buildContract } from './build-contract';
import { correlationContract } from './correlation-contract';
import { inboxContract } from './inbox-contract';
import { keyContract } from './key-contract';
import { detectionContract } from './detection-contract';
import { knowledgeContract } from './knowledge-contract';
import { ledgerContract } from './ledger-contract';
import { measureContract } from './measure-contract';
import { reasoningContract } from './reasoning-contract';
import { servicesContract } from './services-contract';
import { at, incident, NOON, transition } from './samples-of-data';
import { incidentContract, outboxContract, transitionContract } from './transition-contract';
import { quietContract } from './quiet-contract';
import { watchContract } from './watch-contract';

const ZEROS = '0'.repeat(64);

/** What every store must do, whichever database is behind it. The store has CHANNELS. */
export function storeContract(getStore: () => Store): void {
  describe('inbox', () => {
    inboxContract(getStore);
  });
  describe('the watch', () => {
    watchContract(getStore);
    quietContract(getStore);
  });
  describe('transitions', () => {
    transitionContract(getStore);
  });
  describe('the ledger', () => {
    ledgerContract(getStore);
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
  describe('the brake', () => {
    brakeContract(getStore);
  });
  describe('services that were told of', () => {
    servicesContract(getStore);
  });
  describe('groups of services', () => {
    detectionContract(getStore);
  });
  describe('judged rows', () => {
    measureContract(getStore);
  });
  describe('what correlation keeps', () => {
    correlationContract(getStore);
  });
  describe('keys', () => {
    keyContract(getStore);
  });
  describe('points', () => {
    pointContract(getStore);
  });
  describe('counts and builds', () => {
    countContract(getStore);
  });
  describe('anomalies and what became of them', () => {
    anomalyContract(getStore);
  });
  describe('what models said and cost', () => {
    reasoningContract(getStore);
  });
  describe('what is set aside', () => {
    asideContract(getStore);
  });
  describe('lists of builds', () => {
    buildContract(getStore);
  });
  describe('documents and what is learnt', () => {
    knowledgeContract(getStore);
  });
  describe('the rest', () => {
    restContract(getStore);
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
      { lastHour: 1, onTargetLastDay: 1, inHand: [], recorded: 0 },
      { lastHour: 1, onTargetLastDay: 1, inHand: [], recorded: 0 },
    ]);
  });

  test('an attempt is begun by one alone of those who read the same, and keeps the id that the other side gave it', async () => {
    const { intents } = getStore();
    await intents.prepare([intent('s1', { target: 'swapped', intendedAt: NOON - 1 })], () => []);
    const read = { token: 's1', state: 'intended' } as const;
    const begun = { state: 'started', startedAt: NOON, detail: 'first attempt' } as const;
    expect(await Promise.all([intents.swap(read, begun), intents.swap(read, begun)])).toEqual(expect.arrayContaining([true, false]));
    expect(await intents.swap({ token: 's1', state: 'started', startedAt: NOON - 1 }, begun)).toBe(false);
    await intents.mark('s1', 'started', 'accepted', { reference: 'exec-7' });
    expect(await intents.get('s1')).toMatchObject({ state: 'started', startedAt: NOON, detail: 'accepted', reference: 'exec-7' });
    expect(await intents.swap({ token: 's1', state: 'started', startedAt: NOON }, { state: 'intended', startedAt: undefined, detail: 'not begun' })).toBe(true);
    const back = await intents.get('s1');
    expect([back, back?.startedAt]).toMatchObject([{ state: 'intended', detail: 'not begun', reference: 'exec-7' }, undefined]);
  });

  test('what is told of an id goes to the intent that has it, and its id is known as ours', async () => {
    const { intents } = getStore();
    await intents.prepare([intent('h1', { target: 'heard', intendedAt: NOON }), intent('h2', { target: 'heard', intendedAt: NOON })], () => []);
    await intents.mark('h1', 'started', 'accepted', { reference: 'exec-8' });
    expect(await intents.heard(['exec-8', 'exec-9'], NOON + 5)).toEqual(['exec-8']);
    expect(await intents.get('h1')).toMatchObject({ heardAt: NOON + 5, state: 'started' });
    expect((await intents.get('h2'))?.heardAt).toBeUndefined();
    expect(await intents.heard([], NOON + 6)).toEqual([]);
  });

  test('tells the targets of others that are in hand: being remedied or measured, of the newest round, within a day', async () => {
    const { intents, transitions } = getStore();
    const at0 = NOON + 300 * 24 * 3_600_000;
    const view = (status: 'remediating' | 'verifying' | 'watching', environment: string) => ({ status, environment });
    const begin = async (target: string, status: 'remediating' | 'verifying' | 'watching', environment: string, intendedAt = at0): Promise<void> => {
      const id = incident();
      await intents.prepare([intent(`h-${target}`, { incidentId: id, target, intendedAt })], () => [], transition(id, 1, 1, {}, view(status, environment)));
    };
    await begin('held-a', 'remediating', 'prod');
    await begin('held-b', 'verifying', 'test');
    await begin('done', 'watching', 'prod');
    await begin('forgotten', 'remediating', 'prod', at0 - 25 * 3_600_000);
    const moved = incident();
    await intents.prepare(
      [intent('h-1', { incidentId: moved, target: 'first-try', intendedAt: at0 })],
      () => [],
      transition(moved, 1, 1, {}, view('verifying', 'prod')),
    );
    const second = { incidentId: moved, target: 'second-try', round: 2, intendedAt: at0 };
    await intents.prepare([intent('h-2', second)], () => [], transition(moved, 2, 2, {}, view('remediating', 'prod')));
    const seen: (readonly { target: string; environment: string }[])[] = [];
    const look = (facts: { counts: { inHand: readonly { target: string; environment: string }[] } }) => [...(seen.push(facts.counts.inHand) ? [] : [])];
    await intents.prepare([intent('h-last', { target: 'held-b', intendedAt: at0 })], look);
    expect([...(seen[0] ?? [])].sort((a, b) => a.target.localeCompare(b.target))).toEqual([
      { target: 'held-a', environment: 'prod' },
      { target: 'second-try', environment: 'prod' },
    ]);
    await transitions.apply(transition(moved, 3, 3, {}, { status: 'watching' }));
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
    await killSwitch.set(true, 'ana', 'storm', at(1));
    expect(await killSwitch.halted()).toEqual({ on: true, by: 'ana', at: at(1), reason: 'storm' });
    expect((await intents.prepare([intent('halted')], check)).refusals).toEqual(['halted']);
    await killSwitch.set(false, 'ana', '', at(2));
    expect((await intents.prepare([intent('halted')], check)).refusals).toEqual([]);
    expect((await audit.read('system')).slice(-2)).toMatchObject([
      { kind: 'halt', actor: 'person:ana', at: at(1), summary: 'Kill switch turned on: storm' },
      { kind: 'halt', summary: 'Kill switch turned off' },
    ]);
  });
}

function brakeContract(getStore: () => Store): void {
  const rule = { incidents: 2, withinMs: 60_000 };
  // Far from what the other contracts write.
  const base = NOON + 500 * 24 * 3_600_000;
  const iso = (offset: number): string => new Date(base + offset).toISOString();
  const open = async (offset: number, status = 'open'): Promise<string> => {
    const id = incident();
    await getStore().transitions.apply(transition(id, 1, 1, {}, { openedAt: iso(offset), updatedAt: iso(offset), status: status as 'open' }));
    return id;
  };
  const brakes = async (): Promise<string[]> =>
    (await getStore().outbox.due(base * 2, 1000)).filter((row) => row.notification.reason === 'brake').map((row) => `${row.channel} ${row.notification.id}`);

  test('goes on at the first incident too many, in our own name, in the audit, and is told once on each channel', async () => {
    const { killSwitch, audit } = getStore();
    await open(1000);
    await open(2000);
    expect(await killSwitch.brake(rule, base + 3000)).toBe(false);
    const third = await open(3000);
    const both = await Promise.all([killSwitch.brake(rule, base + 3000), killSwitch.brake(rule, base + 3000)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await killSwitch.halted()).toMatchObject({
      on: true,
      by: 'nightshift',
      at: iso(3000),
      reason: expect.stringMatching(/^Brake: 3 incidents/) as string,
    });
    expect((await audit.read('system')).at(-1)).toMatchObject({ kind: 'halt', actor: 'nightshift', data: { on: true } });
    await open(4000);
    expect(await killSwitch.brake(rule, base + 4000)).toBe(false);
    expect(await brakes()).toEqual([`terminal brake/${iso(3000)}`]);
    expect((await getStore().outbox.due(base * 2, 1000)).find((row) => row.notification.reason === 'brake')?.notification).toMatchObject({ incidentId: third });
  });

  test('does not come back for the incidents that a person has released it for, but for as many new ones', async () => {
    const { killSwitch, audit } = getStore();
    await killSwitch.set(false, 'ana', 'one bad switch', iso(5000));
    expect((await audit.read('system')).at(-1)).toMatchObject({ kind: 'halt', actor: 'person:ana', data: { on: false } });
    expect(await killSwitch.brake(rule, base + 6000)).toBe(false);
    for (const offset of [6000, 7000, 8000]) await open(offset);
    expect(await killSwitch.brake(rule, base + 8000)).toBe(true);
    await killSwitch.set(false, 'ana', '', iso(9000));
  });

  test('forgets incidents that are older than its time', async () => {
    for (const offset of [100_000, 130_000, 165_000]) await open(offset);
    expect(await getStore().killSwitch.brake(rule, base + 165_000)).toBe(false);
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

  test('states that were judged long ago are forgotten by the begin of their names, and no others', async () => {
    const { state } = getStore();
    const states = { 'sweep:a': { judgedTo: 10 }, 'sweep:b': { judgedTo: 20 }, 'sweep:c': { other: 1 }, 'swept%:a': { judgedTo: 10 } };
    for (const [name, value] of Object.entries(states)) await state.save(name, value);
    expect(await state.forgetJudged('sweep:', 20)).toBe(1);
    const left = await Promise.all(Object.keys(states).map(async (name) => (await state.load(name)) !== undefined));
    expect(left).toEqual([false, true, true, true]);
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
  });

  test('a state that is created under a name at the same time is the state of one of them, and of nobody later', async () => {
    const { state } = getStore();
    const won = await Promise.all(['a', 'b', 'c'].map((by) => state.create('command:t-1', { by })));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await state.load('command:t-1')).toEqual({ by: ['a', 'b', 'c'][won.indexOf(true)] });
    expect(await state.create('command:t-1', { by: 'late' })).toBe(false);
    await getStore().ping();
  });
}
