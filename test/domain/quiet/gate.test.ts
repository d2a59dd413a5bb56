import { conditionKey, type Condition } from '../../../domain/quiet/condition';
import { judgeAlerts, mayFlap, type GateFacts, type GateItem } from '../../../domain/quiet/gate';
import { reviewConditions } from '../../../domain/quiet/gate-review';
import { readySilence, type Silence } from '../../../domain/quiet/silence';
import type { Alert } from '../../../domain/alert';
import { sampleAlert } from '../../fakes/sample-incident';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 1, 12);
const FLAPPING = { enabled: true, changes: 4, withinMs: 15 * MINUTE, calmMs: 15 * MINUTE, settleMs: 3 * MINUTE };
const factsOf = (over: Partial<GateFacts> = {}): GateFacts => ({
  rules: { conditions: [], flapping: FLAPPING },
  ...{ silences: [], acted: new Set(), heldCount: 0, mostHeld: 1000 },
  ...over,
});
const silence = (over: Partial<Silence> = {}): Silence => ({
  ...{ id: 's1', origin: 'person', match: { service: 'book*' }, owner: 'shop-team', reason: 'new shelves', startsAt: NOON, endsAt: NOON + 60 * MINUTE },
  ...over,
});

/** A gate with its memory, an inbox that counts, and a clock in minutes after noon. What goes on is `sent`, as `F1` (a begin) or `R2` (an end) by minute of arrival. */
class World {
  readonly memory = new Map<string, Condition>();
  readonly sent: string[] = [];
  readonly held = new Map<string, string>();
  readonly folded: string[] = [];
  readonly calmed: boolean[] = [];
  private readonly items: GateItem[] = [];
  private position = 0;

  constructor(public facts: GateFacts = factsOf()) {}

  take(minute: number, status: Alert['status'], over: Partial<Alert> = {}): void {
    const receivedAt = NOON + minute * MINUTE;
    this.review(minute);
    this.position += 1;
    const name = `${status === 'firing' ? 'F' : 'R'}${String(minute)}`;
    const alert = sampleAlert(name, { fingerprint: 'fp', status, startsAt: new Date(receivedAt).toISOString(), ...over });
    this.items.push({ position: this.position, alert, receivedAt });
    const result = judgeAlerts(this.memory, this.items.slice(-1), { ...this.facts, heldCount: this.held.size }, receivedAt);
    this.apply(result);
  }

  review(minute: number): void {
    this.apply(reviewConditions(this.memory, { ...this.facts, heldCount: this.held.size }, NOON + minute * MINUTE));
  }

  private apply(result: ReturnType<typeof judgeAlerts>): void {
    const nameOf = (position: number): string => this.items[position - 1]?.alert.id ?? '';
    for (const [key, condition] of result.changes) {
      if (condition) this.memory.set(key, condition);
      else this.memory.delete(key);
    }
    for (const one of result.hold) this.held.set(nameOf(one.position), one.kind);
    for (const one of result.fold) {
      this.held.delete(nameOf(one.position));
      this.folded.push(`${nameOf(one.position)} ${one.fold}`);
    }
    for (const position of result.release) this.held.delete(nameOf(position));
    this.sent.push(...[...result.deliver, ...result.release].map(nameOf));
    this.calmed.push(...result.calmed.map(({ still }) => still));
  }
}

test('without rules and silences everything goes on, and a begin leaves nothing behind', () => {
  const world = new World();
  world.take(0, 'firing');
  expect(world.memory.size).toBe(0);
  world.take(5, 'resolved');
  world.take(60, 'firing');
  expect(world.sent).toEqual(['F0', 'R5', 'F60']);
});

test('a batch that is read again while it is delivered gives the same answer and counts once', () => {
  const items = [0, 1].map((i): GateItem => ({
    position: i + 1,
    alert: sampleAlert(`a${String(i)}`, { fingerprint: 'fp', status: i === 0 ? 'firing' : 'resolved' }),
    receivedAt: NOON,
  }));
  const memory = new Map<string, Condition>();
  const first = judgeAlerts(memory, items, factsOf(), NOON);
  for (const [key, each] of first.changes) if (each) memory.set(key, each);
  const second = judgeAlerts(memory, items, factsOf(), NOON + 1000);
  expect([...second.deliver]).toEqual([1, 2]);
  expect(second.changes.size).toBe(0);
});

describe('an alert that has to come three times within ten minutes', () => {
  const rules = {
    conditions: [{ match: { service: 'bookshop' }, except: { severity: ['sev1' as const] }, require: { count: 3, withinMs: 10 * MINUTE } }],
    flapping: FLAPPING,
  };

  test('goes on at the third time; the two before are folded into it', () => {
    const world = new World(factsOf({ rules }));
    for (const minute of [0, 3, 6]) world.take(minute, 'firing');
    expect(world.sent).toEqual(['F6']);
    expect(world.folded).toEqual(['F0 newer', 'F3 newer']);
  });

  test('is counted, and no incident, when it does not come often enough', () => {
    const world = new World(factsOf({ rules }));
    world.take(0, 'firing');
    expect([...world.held]).toEqual([['F0', 'count']]);
    world.review(10);
    expect(world.sent).toEqual([]);
    expect(world.folded).toEqual(['F0 counted']);
  });

  test('counts beginnings that have ended too, and not those of longer ago', () => {
    const world = new World(factsOf({ rules: { ...rules, flapping: { ...FLAPPING, enabled: false } } }));
    world.take(0, 'firing');
    world.take(1, 'resolved');
    world.take(8, 'firing');
    world.take(9, 'resolved');
    world.take(12, 'firing');
    expect(world.sent).toEqual([]);
    world.take(13, 'resolved');
    world.take(14, 'firing');
    expect(world.sent).toEqual(['F14']);
  });

  test('goes on at once when it is excepted', () => {
    const world = new World(factsOf({ rules }));
    world.take(0, 'firing', { severity: 'sev1' });
    expect(world.sent).toEqual(['F0']);
  });
});

describe('an alert that has to last two minutes', () => {
  const rules = { conditions: [{ match: { title: 'Error*' }, settleMs: 2 * MINUTE }], flapping: FLAPPING };

  test('goes on when it lasted, and its end then too', () => {
    const world = new World(factsOf({ rules }));
    world.take(0, 'firing');
    world.review(1.9);
    expect(world.sent).toEqual([]);
    world.review(2);
    world.take(3, 'resolved');
    expect(world.sent).toEqual(['F0', 'R3']);
  });

  test('is no incident when it ends before, and both messages are counted as settled', () => {
    const world = new World(factsOf({ rules }));
    world.take(0, 'firing');
    world.take(1, 'resolved');
    world.review(5);
    expect(world.sent).toEqual([]);
    expect(world.folded).toEqual(['F0 settled', 'R1 settled']);
  });

  test('does not wait when other alerts are meant', () => {
    const world = new World(factsOf({ rules }));
    world.take(0, 'firing', { name: 'LatencyHigh' });
    expect(world.sent).toEqual(['F0']);
  });
});

describe('a silence', () => {
  test('holds what begins in it, and lets go what still fires when it ends', () => {
    const world = new World(factsOf({ silences: [readySilence(silence())] }));
    world.take(1, 'firing');
    world.take(2, 'firing', { fingerprint: 'other' });
    world.take(30, 'resolved', { fingerprint: 'other' });
    world.review(59);
    expect(world.sent).toEqual([]);
    world.review(60);
    expect(world.sent).toEqual(['F1']);
    expect(world.folded).toEqual(['F2 silenced', 'R30 silenced']);
  });

  test('that is ended early, or lasts longer, is followed', () => {
    const world = new World(factsOf({ silences: [readySilence(silence())] }));
    world.take(1, 'firing');
    world.facts = factsOf({ silences: [readySilence(silence({ endsAt: NOON + 90 * MINUTE }))] });
    world.review(60);
    expect(world.sent).toEqual([]);
    world.facts = factsOf();
    world.review(61);
    expect(world.sent).toEqual(['F1']);
  });

  test('lets the end of what began before it through', () => {
    const world = new World();
    world.take(-5, 'firing');
    world.facts = factsOf({ silences: [readySilence(silence())] });
    world.take(1, 'resolved');
    expect(world.sent).toEqual(['F-5', 'R1']);
  });

  test('holds no more than the limit; what is beyond goes on', () => {
    const world = new World(factsOf({ silences: [readySilence(silence())], mostHeld: 1 }));
    world.take(1, 'firing');
    world.take(2, 'firing', { fingerprint: 'other' });
    expect(world.sent).toEqual(['F2']);
  });
});

describe('an alert that begins and ends again and again', () => {
  test('every two minutes for eight hours: four messages go on, all others are folded', () => {
    const world = new World();
    for (let minute = 0; minute < 480; minute += 2) world.take(minute, minute % 4 === 0 ? 'firing' : 'resolved');
    expect(world.sent).toEqual(['F0', 'R2', 'F4']);
    expect(world.memory.get(conditionKey(sampleAlert('', { fingerprint: 'fp' })))?.flapping).toMatchObject({ changes: 4, folded: 237 });
    world.review(492);
    expect(world.calmed).toEqual([]);
    world.review(493);
    expect(world.calmed).toEqual([false]);
    expect(world.sent).toEqual(['F0', 'R2', 'F4', 'R478']);
  });

  test('is calm after a quarter of an hour without a change, also while it fires', () => {
    const world = new World();
    for (const minute of [0, 2, 4, 6, 8]) world.take(minute, minute % 4 === 0 ? 'firing' : 'resolved');
    world.review(23);
    expect(world.calmed).toEqual([true]);
    expect(world.sent).toEqual(['F0', 'R2', 'F4']);
    world.take(25, 'resolved');
    expect(world.sent).toEqual(['F0', 'R2', 'F4', 'R25']);
  });

  test('does not flap when it takes its time, or when it follows what we did', () => {
    const slow = new World();
    for (const minute of [0, 10, 20, 30, 40, 50]) slow.take(minute, minute % 20 === 0 ? 'firing' : 'resolved');
    expect(slow.sent).toHaveLength(6);
    const acted = new World(factsOf({ acted: new Set([conditionKey(sampleAlert('', { fingerprint: 'fp' }))]) }));
    for (const minute of [0, 2, 4, 6]) acted.take(minute, minute % 4 === 0 ? 'firing' : 'resolved');
    expect(acted.sent).toEqual(['F0', 'R2', 'F4', 'R6']);
  });

  test('costs no look for actions of ours before it may flap', () => {
    const world = new World();
    const item = (status: Alert['status']): GateItem => ({
      position: 99,
      alert: sampleAlert('x', { fingerprint: 'fp', status }),
      receivedAt: NOON + 6 * MINUTE,
    });
    expect(mayFlap(world.memory, [item('firing')], world.facts.rules).size).toBe(0);
    for (const minute of [0, 2, 4]) world.take(minute, minute % 4 === 0 ? 'firing' : 'resolved');
    expect(mayFlap(world.memory, [item('resolved')], world.facts.rules).size).toBe(1);
  });
});

test('what is over is forgotten', () => {
  const world = new World();
  world.take(0, 'firing');
  world.take(1, 'resolved');
  expect(world.memory.size).toBe(1);
  world.review(16);
  expect(world.memory.size).toBe(0);
});
