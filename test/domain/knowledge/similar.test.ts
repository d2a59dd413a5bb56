import { rankSimilar } from '../../../domain/knowledge/similar';
import { cardComparer } from '../../../domain/knowledge/similarity';
import { card, lesson } from './samples';

const POOL = 'timeout while waiting for a connection of the pool <n>';
const failing = { alerts: ['ErrorShareHigh'], logs: [POOL], changes: ['deployment'], signs: ['handles rises'] };

test('a card is as like itself as can be, and a stranger not at all', () => {
  const one = card({ ...failing, cause: 'bad-release' });
  const stranger = card({ service: 'payments', alerts: ['DiskFull'], logs: ['certificate expired'] });
  const comparer = cardComparer([one, stranger]);
  expect(comparer.compare(one, { ...one, incidentId: 'inc-other' }).score).toBeCloseTo(1, 10);
  expect(comparer.compare(one, stranger)).toEqual({ score: 0, shared: [] });
});

test('likeness is the same both ways', () => {
  const [a, b] = [card({ ...failing, cause: 'bad-release' }), card({ logs: [POOL, 'no handle free'], signs: ['memory rises'] })];
  const comparer = cardComparer([a, b, card({ logs: ['no route to host'] })]);
  expect(comparer.compare(a, b).score).toBeCloseTo(comparer.compare(b, a).score, 12);
});

test('the same service and cause come before the same log lines elsewhere', () => {
  const here = lesson({ ...failing, cause: 'bad-release', logs: ['another line altogether'] });
  const elsewhere = lesson({ ...failing, service: 'payments', cause: 'resource-exhaustion' });
  const found = rankSimilar(card({ ...failing, cause: 'bad-release' }), [elsewhere, here], 5);
  expect(found.map(({ incidentId }) => incidentId)).toEqual([here.card.incidentId, elsewhere.card.incidentId]);
});

test('words that few incidents have say more than words that all have', () => {
  const common = Array.from({ length: 20 }, () => lesson({ logs: ['request failed'] }));
  const rare = lesson({ logs: ['request failed heron migration'] });
  const [best] = rankSimilar(card({ logs: ['heron migration stuck'] }), [...common, rare], 5);
  expect(best?.incidentId).toBe(rare.card.incidentId);
  expect(best?.because).toEqual(['log lines of the same words, heron, migration', 'the same service, bookshop']);
});

test('says why, strongest first, with what helped and what did not', () => {
  const remedies = [
    { round: 1, runbook: 'restart-service', service: 'bookshop', verdict: 'unchanged', helped: false },
    { round: 2, runbook: 'rollback-release', service: 'bookshop', verdict: 'recovered', helped: true },
  ] as const;
  const [best] = rankSimilar(card({ ...failing, cause: 'bad-release' }), [lesson({ ...failing, cause: 'bad-release' }, { remedies })], 5);
  expect(best).toMatchObject({ cause: 'bad-release', score: 1, helped: [{ runbook: 'rollback-release' }], didNotHelp: [{ runbook: 'restart-service' }] });
  expect(best?.because).toEqual([
    `the same log line, "${POOL}"`,
    'the same service, bookshop',
    'the same cause, bad-release',
    'the same alert, ErrorShareHigh',
    'the same sign, handles rises',
    'the same kind of change before, deployment',
  ]);
});

test('log lines and deployments alone make nothing similar, however alike they are', () => {
  const planted = lesson({ service: 'payments', logs: [POOL], changes: ['deployment'] });
  const meaning = { model: 'm', cosines: new Map([[planted.card.incidentId, 0.99]]) };
  expect(rankSimilar(card({ logs: [POOL], changes: ['deployment'] }), [planted], 5, meaning)).toEqual([]);
});

test('the same service alone is not similar, and an incident is never similar to itself', () => {
  const one = lesson({ ...failing, cause: 'bad-release' });
  expect(rankSimilar(card({ alerts: ['DiskFull'] }), [lesson({ alerts: ['ErrorShareHigh'], logs: [POOL], signs: ['a'] })], 5)).toEqual([]);
  expect(rankSimilar(one.card, [one], 5)).toEqual([]);
});

test('of equals the newer comes first, and no more than asked for', () => {
  const at = (resolvedAt: string) => lesson(failing, { resolvedAt });
  const found = rankSimilar(card(failing), [at('2026-01-01T00:00:00Z'), at('2026-03-01T00:00:00Z'), at('2026-02-01T00:00:00Z')], 2);
  expect(found.map(({ resolvedAt }) => resolvedAt)).toEqual(['2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z']);
});

test('meanings move the order, and are told', () => {
  const [near, far] = [lesson({ ...failing, logs: ['pool exhausted'] }), lesson({ ...failing, logs: ['pool exhausted'] })];
  const meaning = {
    model: 'titan',
    cosines: new Map([
      [near.card.incidentId, 0.9],
      [far.card.incidentId, 0.1],
    ]),
  };
  const found = rankSimilar(card(failing), [far, near], 5, meaning);
  expect(found.map(({ incidentId }) => incidentId)).toEqual([near.card.incidentId, far.card.incidentId]);
  expect(found[0]?.because.at(-1)).toBe('its text means much the same: 0.90 by titan');
});
