import { alikeTo, outcomesOf, scoresOf } from '../../../domain/confidence/ledger';
import type { LedgerLine } from '../../../domain/confidence/ledger';
import type { Service } from '../../../domain/inventory';
import { KEY } from './outcomes';

const service = (name: string, over: Partial<Service> = {}): Service => ({
  ...{ name, environment: 'prod', tier: 'standard', dependsOn: [], limits: { minRequests: 1 } },
  ...over,
});
const facts = { inventory: { services: [service('shop', { tier: 'critical' }), service('till'), service('desk', { likeness: 'desks' })] }, leastWaitMs: 100 };

function line(at: number, over: Partial<LedgerLine> = {}): LedgerLine {
  return {
    ...{ incidentId: 'inc-1', round: 1, runbook: 'rollback', runbookHash: 'h1', environment: 'prod', service: 'shop', cause: 'bad-release' as const },
    ...{ verdict: 'recovered' as const, actedBy: 'nightshift' as const, corroborated: true, at },
    ...over,
  };
}
const verdicts = (lines: readonly LedgerLine[]): string[] => outcomesOf(lines, facts).map(({ actedBy, verdict }) => `${actedBy} ${verdict}`);

test('lines of one attempt are one outcome, at the time of the last: a relapse takes the recovery back', () => {
  expect(outcomesOf([line(2, { verdict: 'relapsed' }), line(1)], facts)).toMatchObject([{ verdict: 'unchanged', at: 2 }]);
});

test('rounds, incidents and who acted are apart', () => {
  expect(verdicts([line(1), line(2, { round: 2 }), line(3, { incidentId: 'inc-2' }), line(4, { actedBy: 'person' })])).toHaveLength(4);
});

test('an incident that nobody acted on is one outcome with the verdict of its last round', () => {
  const alone = { actedBy: 'nobody' as const };
  expect(verdicts([line(1, alone), line(2, { ...alone, verdict: 'relapsed' }), line(3, { ...alone, round: 2 })])).toEqual(['nobody recovered']);
  expect(verdicts([line(1, alone), line(2, { ...alone, verdict: 'relapsed' })])).toEqual(['nobody unchanged']);
});

test('one that was acted on sooner than a verification takes tells nothing', () => {
  const waited = (waitedMs: number): LedgerLine => line(1, { actedBy: 'nobody', verdict: 'unchanged', waitedMs });
  expect([verdicts([waited(99)]), verdicts([waited(100)])]).toEqual([[], ['nobody unchanged']]);
});

test('what was not told is not corroborated', () => {
  const { corroborated: _corroborated, ...old } = line(1);
  expect(outcomesOf([old], facts)).toMatchObject([{ corroborated: false, score: 0, version: 0 }]);
});

test('services are alike as the inventory says now, and as their line says where it does not know them', () => {
  const of = outcomesOf(
    [line(1, { tier: 'low' }), line(2, { incidentId: 'i2', service: 'desk' }), line(3, { incidentId: 'i3', service: 'gone', tier: 'low' })],
    facts,
  );
  expect(of.map(({ tier, likeness }) => [tier, likeness])).toEqual([
    ['critical', undefined],
    ['standard', 'desks'],
    ['low', undefined],
  ]);
});

test('services of the same group are asked together, or of the same tier where no group is named', () => {
  expect(alikeTo(KEY, facts.inventory)).toEqual(['shop', 'till']);
  expect(alikeTo({ ...KEY, service: 'table', likeness: 'desks' }, facts.inventory)).toEqual(['table', 'desk']);
});

test('scores go with whether they led to recovery, oldest first', () => {
  expect(
    scoresOf([
      { ...line(3, { incidentId: 'i2', verdict: 'unchanged' }), score: 0.2 },
      { ...line(1), score: 0.9 },
    ]),
  ).toEqual([
    { score: 0.9, recovered: true },
    { score: 0.2, recovered: false },
  ]);
});
