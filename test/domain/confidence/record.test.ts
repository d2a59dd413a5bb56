import { countedVerdict } from '../../../domain/confidence/outcome';
import { recordOf } from '../../../domain/confidence/record';
import { CONFIDENCE_DEFAULTS } from '../../../domain/confidence/settings';
import { BEGIN, DAY, KEY, outcome, Told } from './outcomes';

test.each([
  ['another kind of cause', { cause: 'dependency-failure' }],
  ['another environment', { environment: 'staging' }],
  ['another runbook', { runbook: 'restart' }],
  ['a service of another tier', { service: 'search', tier: 'critical' }],
] as const)('%s has no bearing', (_what, more) => {
  const { record, now } = new Told().tell(200, more);
  expect([record.bound(now).bound, record.own.outcomes, record.likeServices]).toEqual([0, 0, 0]);
});

test('outcomes are taken in by time, whatever order the ledger has', () => {
  const outcomes = Array.from({ length: 120 }, (_, i) => outcome(BEGIN + i * DAY, { verdict: i === 3 ? 'worse' : 'recovered' }));
  const now = BEGIN + 120 * DAY;
  const forwards = recordOf(KEY, outcomes, CONFIDENCE_DEFAULTS, now);
  const backwards = recordOf(KEY, [...outcomes].reverse(), CONFIDENCE_DEFAULTS, now);
  expect(backwards.bound(now)).toEqual(forwards.bound(now));
  expect(backwards.own.start).toEqual({ why: 'harm', at: BEGIN + 3 * DAY });
});

test('a new version starts with a quarter of the evidence and needs outcomes of its own', () => {
  const told = new Told({ hash: 'h2' }).leave(20).tell(400);
  told.record.own.turnTo('h2', told.now);
  expect(told.record.bound(told.now).bound).toBe(0);
  expect(told.record.effective(told.now)).toBeLessThan(0.25 * 400);
  const fresh = new Told({ hash: 'h2' }).leave(20);
  const outcomesUntil = (one: Told): number => {
    let n = 0;
    while (!one.record.own.proves(0.95, one.now)) n += one.tell(1, { hash: 'h2' }) ? 1 : 0;
    return n;
  };
  const [carried, anew] = [outcomesUntil(told), outcomesUntil(fresh)];
  expect(carried).toBeGreaterThan(50);
  expect(carried).toBeLessThan(anew);
});

test('each new stretch of a record has a smaller share of the risk, and all together the whole', () => {
  const told = new Told();
  const shares = Array.from({ length: 200 }, () => {
    const { risk } = told.record.own;
    told.tell(1, { verdict: 'worse' });
    return risk;
  });
  expect(shares[0]).toBeCloseTo(0.025);
  expect(shares.every((share, i) => i === 0 || share < (shares[i - 1] ?? 0))).toBe(true);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(0.05);
});

test('decay keeps 300 effective outcomes at one a day', () => {
  const { record, now } = new Told().tell(2000);
  expect(record.effective(now)).toBeGreaterThanOrEqual(300);
});

describe('the word of a person', () => {
  const word = { actedBy: 'person' } as const;
  const needed = (more: Parameters<Told['tell']>[1]): number => {
    const told = new Told();
    while (!told.record.own.proves(0.95, told.now)) told.tell(1, more);
    return told.record.own.outcomes;
  };

  test('counts less than a measurement: it takes twice as many, or more', () => {
    expect(needed(word)).toBeGreaterThanOrEqual(2 * needed({}) - 1);
  });

  test('that no door signed earns nothing', () => {
    const { record, now } = new Told().tell(400, { ...word, corroborated: false });
    expect([record.bound(now).bound, record.own.outcomes]).toEqual([0, 0]);
  });

  test('ends neither a probation nor a row of failures: those go by what was measured', () => {
    const { own } = new Told().tell(50).tell(2, { verdict: 'unchanged' }).tell(30, word).record;
    expect([own.sinceFailure, own.failuresLately]).toEqual([0, 2]);
    const measured = new Told().tell(50).tell(2, { verdict: 'unchanged' }).tell(30).record.own;
    expect([measured.sinceFailure, measured.failuresLately]).toEqual([30, 0]);
  });

  test('does not hide a fall, nor that a like service differs', () => {
    const [own, like] = [new Told().tell(100), new Told().tell(100, { service: 'search' })];
    for (let n = 0; n < 12; n += 1) {
      own.tell(10, word).tell(1, { verdict: 'unchanged' });
      like.tell(10, { ...word, service: 'search' }).tell(1, { service: 'search', verdict: 'unchanged' });
    }
    expect([own.record.own.start.why, like.record.likeServices]).toEqual(['fall', 0]);
  });

  test.each(['unchanged', 'worse', 'unknown'] as const)('that it was %s counts in full, whoever says so', (verdict) => {
    const [told, measured] = [new Told().tell(60).tell(1, { ...word, verdict, corroborated: false }), new Told().tell(60).tell(1, { verdict })];
    expect(told.record.bound(told.now)).toEqual(measured.record.bound(measured.now));
    expect(told.record.own.harms).toEqual(measured.record.own.harms);
  });
});

describe('like services', () => {
  test('close the way from the own floor to the gate', () => {
    const told = new Told().tell(300, { service: 'search' });
    expect(told.record.bound(told.now).bound).toBe(0);
    told.tell(45);
    expect(told.record.own.bound(told.now)).toBeLessThan(0.95);
    expect(told.record.bound(told.now)).toEqual({ bound: expect.any(Number) as number, from: 'like services' });
    expect(told.record.proves(0.95, told.now)).toBe(true);
  });

  test('count half', () => {
    const { record, now } = new Told({}, { halfLifeMs: Infinity }).tell(45).tell(100, { service: 'search' });
    expect(record.effective(now)).toBe(45 + 50);
  });

  test('do not hide a service that is worse', () => {
    const told = new Told().tell(1000, { service: 'search' });
    for (let n = 0; n < 20; n += 1) told.tell(4).tell(1, { verdict: 'unchanged' });
    expect(told.record.bound(told.now).bound).toBeLessThan(0.85);
  });

  test('lend nothing to a service that did harm itself', () => {
    const told = new Told().tell(400, { service: 'search' }).tell(1, { verdict: 'worse' }).tell(60);
    expect(told.record.poolCounts(told.now)).toBe(false);
  });

  test('one that differs lends nothing more, and its failures stay counted', () => {
    const told = new Told().tell(100, { service: 'search' }).tell(20, { service: 'odd', verdict: 'unchanged' });
    expect(told.record.likeServices).toBe(1);
    const { outcomes } = told.record.pool;
    told.tell(50, { service: 'odd' });
    expect(told.record.pool.outcomes).toBe(outcomes);
  });

  test('are those of one group where groups are named', () => {
    const { record } = new Told({ likeness: 'web' }).tell(10, { service: 'search', likeness: 'web', tier: 'low' }).tell(10, { service: 'batch' });
    expect(record.likeServices).toBe(1);
  });
});

test.each([
  [['recovered'], 'recovered'],
  [['recovered', 'relapsed'], 'unchanged'],
  [['failed'], 'unchanged'],
  [['worse', 'failed'], 'worse'],
  [[], 'unknown'],
] as const)('of the ledger lines %j of one attempt, %s counts', (verdicts, counted) => {
  expect(countedVerdict(verdicts)).toBe(counted);
});
