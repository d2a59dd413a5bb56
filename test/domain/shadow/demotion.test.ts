import { chooseRunbook, declaredFor } from '../../../domain/choose-runbook';
import type { Hypothesis } from '../../../domain/diagnosis';
import { BUILT_IN } from '../../../domain/runbook';
import type { Runbook, RunbookSnapshot } from '../../../domain/runbook';
import { NO_MATCHES } from '../../../domain/runbook-match/text-match';
import { demotionsOf, REJECTION_HALF_LIFE_MS, REJECTION_MEMORY_MS } from '../../../domain/shadow/demotion';
import type { DemotionPlace, Rejection } from '../../../domain/shadow/demotion';

const NOW = Date.UTC(2026, 5, 1);
const service = { name: 'orders', tier: 'standard' } as const;
const others = new Map([
  ['orders', { tier: 'standard' as const }],
  ['cart', { tier: 'standard' as const }],
  ['mail', { tier: 'low' as const }],
]);
const place: DemotionPlace = { service, others, now: NOW };

function rejection(incident: number, over: Partial<Rejection> = {}): Rejection {
  return { incidentId: `inc-${String(incident)}`, runbook: 'restart', service: 'orders', code: 'wrong-cause', at: NOW, ...over };
}

const steps = (...rejections: Rejection[]): number => demotionsOf(rejections, place).get('restart')?.steps ?? 0;

test('one rejection lowers by a group, two by two groups, and a hundred by no more', () => {
  expect([steps(), steps(rejection(1)), steps(rejection(1), rejection(2))]).toEqual([0, 1, 2]);
  expect(steps(...Array.from({ length: 100 }, (_, i) => rejection(i)))).toBe(2);
});

test('an incident counts once, however often it was rejected in its rounds', () => {
  expect(steps(rejection(1), rejection(1), rejection(1))).toBe(1);
});

test('a rejection halves every 90 days and is forgotten in the end', () => {
  const ago = (ms: number) => ({ at: NOW - ms });
  expect(steps(rejection(1, ago(REJECTION_HALF_LIFE_MS)))).toBe(1);
  expect(steps(rejection(1, ago(REJECTION_HALF_LIFE_MS + 86_400_000)))).toBe(0);
  expect(steps(...Array.from({ length: 100 }, (_, i) => rejection(i, ago(REJECTION_MEMORY_MS))))).toBe(0);
});

test('like services count half, others and those of another runbook not at all', () => {
  expect([steps(rejection(1, { service: 'cart' })), steps(rejection(1, { service: 'mail' })), steps(rejection(1, { service: 'gone' }))]).toEqual([1, 0, 0]);
  expect(steps(rejection(1, { service: 'cart' }), rejection(2, { service: 'cart' }))).toBe(1);
  expect(steps(rejection(1, { runbook: 'rollback' }))).toBe(0);
});

test('the reason says how often, where and for what', () => {
  const found = demotionsOf([rejection(1), rejection(2), rejection(3, { service: 'cart', code: 'wrong-target' })], place);
  expect(found.get('restart')?.reason).toBe('people rejected it twice here for wrong-cause and once on like services for wrong-target, so that it comes later');
});

describe('the choice', () => {
  const hypothesis: Hypothesis = {
    id: 'h',
    cause: 'bad-release',
    title: 't',
    score: 1,
    supporting: [],
    contradicting: [],
    suspect: 'orders',
    runbook: 'named',
  };
  const snapshot = (id: string, origin: string): RunbookSnapshot => {
    const runbook = { id, causes: ['bad-release'], risk: 'low', parameters: {}, steps: [], preconditions: [], title: id, description: '', version: 1 };
    return { hash: id, origin, runbook: { ...runbook, reversible: true, probe: {} } as unknown as Runbook };
  };
  const catalogue = [snapshot('own', 'directory:own.yaml'), snapshot('named', BUILT_IN), snapshot('other', BUILT_IN)];
  const order = (fallen: Readonly<Record<string, 1 | 2>>): string[] => {
    const demotions = new Map(Object.entries(fallen).map(([id, by]) => [id, { steps: by, reason: '' }]));
    return declaredFor(catalogue, hypothesis, NO_MATCHES, demotions).map(({ runbook }) => runbook.id);
  };

  test('a rejected runbook comes after those of the next group, and twice rejected after those of the one behind', () => {
    expect([order({}), order({ own: 1 }), order({ own: 2 })]).toEqual([
      ['own', 'named', 'other'],
      ['named', 'own', 'other'],
      ['named', 'other', 'own'],
    ]);
  });

  test('it is still given where nothing else is left: rejections order, they do not forbid', () => {
    const demotions = new Map([['own', { steps: 2 as const, reason: '' }]]);
    expect(chooseRunbook(catalogue.slice(0, 1), hypothesis, [], NO_MATCHES, demotions)?.runbook.runbook.id).toBe('own');
  });
});
