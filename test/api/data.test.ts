import { makeReport, QUALITY_STATE } from '../../domain/quality/report';
import type { QualityMark } from '../../domain/quality/mark';
import type { SeriesDefinition } from '../../domain/series/definition';
import { progressName, readProgress } from '../../domain/series/progress';
import { MemoryStore } from '../fakes/memory-store';
import { harness, NOW } from './harness';

const MARKS: readonly QualityMark[] = [
  {
    rule: 'gap',
    since: NOW - 60_000,
    detail: 'No point for 1m.',
    severity: 'warning',
    series: { environment: 'prod', service: 'shop', metric: 'm', labels: { pod: '1' } },
  },
  { rule: 'cardinality', since: NOW - 90_000, detail: 'Too many.', severity: 'error', series: { environment: 'prod', service: 'till', metric: 'm' } },
];
const DEFINITION: SeriesDefinition = {
  ...{ name: 's', from: { metric: 'm', labels: {} }, measure: 'max', windowMs: 60_000, slideMs: 60_000, latenessMs: 0, settleMs: 0, by: [] },
};

test('before the first look nothing is known', async () => {
  const { call } = await harness();
  expect((await call('viewer', 'GET', '/v1/data/quality')).json()).toEqual({ checkedAt: null, series: 0, marks: [], more: 0 });
});

test('marks are listed, errors first, and by service, environment and rule', async () => {
  const { call, store } = await harness();
  await store.state.save(QUALITY_STATE, makeReport(MARKS, 7, NOW));
  const rules = async (query = '') => (await call('viewer', 'GET', `/v1/data/quality${query}`)).json().marks.map((each: { rule: string }) => each.rule);
  expect((await call('viewer', 'GET', '/v1/data/quality?service=shop')).json()).toEqual({
    checkedAt: '2026-03-01T09:32:00.000Z',
    series: 7,
    marks: [
      {
        ...{ rule: 'gap', severity: 'warning', environment: 'prod', service: 'shop', metric: 'm', labels: { pod: '1' } },
        since: '2026-03-01T09:31:00.000Z',
        detail: 'No point for 1m.',
      },
    ],
    more: 0,
  });
  expect(await rules()).toEqual(['cardinality', 'gap']);
  expect(await rules('?environment=test')).toEqual([]);
  expect(await rules('?rule=cardinality')).toEqual(['cardinality']);
  expect((await call('viewer', 'GET', '/v1/data/quality?rule=colour')).statusCode).toBe(400);
  expect((await call(undefined, 'GET', '/v1/data/quality')).statusCode).toBe(401);
});

test('declared series tell how far they are measured and what came late', async () => {
  const store = new MemoryStore();
  const { call } = await harness({ store, deps: { series: [DEFINITION, { ...DEFINITION, name: 'new' }] } });
  const progress = readProgress(DEFINITION, undefined, NOW);
  await store.state.save(progressName('s'), { ...progress, madeTo: NOW, counts: { ...progress.counts, windows: 5, remade: 2, late: 3 } });
  expect((await call('viewer', 'GET', '/v1/data/series')).json().series).toEqual([
    expect.objectContaining({ name: 's', madeTo: '2026-03-01T09:32:00.000Z', windows: 5, remade: 2, late: 3 }),
    expect.objectContaining({ name: 'new', madeTo: null, windows: 0 }),
  ]);
});
