/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { MeasureRow } from '../../../domain/detection/measure-row';
import type { Measure } from '../../../domain/detection/measures';
import { kindOfMeasure } from '../../../domain/detection/measures';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The row that ends so many minutes after noon. */
function row(minute: number, values: Record<string, number | null>): MeasureRow {
  const measures = Object.entries(values).map(([name, value]): Measure => ({ name, kind: kindOfMeasure(name), value }));
  return { at: NOON + minute * MINUTE, measures };
}

const some = (from: number, to: number, factor = 1): MeasureRow[] =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    row(from + i, { errorShare: null, up: 1, latencyP95Ms: factor * (100 + (from + i) / 7), rate: 1.5e-7, 'saturation:b': 0.5 }),
  );

/** What must hold of the rows that were judged. */
export function measureContract(getStore: () => Store): void {
  const place = (service: string, rowMs = MINUTE) => ({ environment: 'prod', service, rowMs });
  const append = (service: string, rows: readonly MeasureRow[]): Promise<void> => getStore().measures.append(MINUTE, [{ environment: 'prod', service, rows }]);
  const read = (service: string, from = -600, to = 600) => getStore().measures.read(place(service), NOON + from * MINUTE, NOON + to * MINUTE);

  test('rows come back as they were given, over several chunks, also what was not measured and what a row does not have', async () => {
    const rows = [...some(-70, 3), row(4, { errorShare: 0, up: null, latencyP95Ms: null, rate: 0 }), ...some(70, 71)];
    rows.push(row(72, { errorShare: 0, up: 1, latencyP95Ms: 2, rate: 3, 'saturation:a': 1, 'saturation:b': 0 }));
    await append('m-whole', rows);
    expect(await read('m-whole')).toEqual(rows);
    expect(await read('m-whole', -1, 4)).toEqual(rows.slice(70, 75));
    expect(await getStore().measures.span(place('m-whole'))).toEqual({ first: NOON - 70 * MINUTE, last: NOON + 72 * MINUTE });
  });

  test('minute by minute a chunk grows, and the same rows again change nothing, whatever they say', async () => {
    for (let minute = 1; minute <= 5; minute += 1) await append('m-grows', some(Math.max(1, minute - 1), minute, minute));
    await append('m-grows', some(-2, 5, 9));
    expect(await read('m-grows', 0)).toEqual([...some(1, 1), ...some(2, 2, 2), ...some(3, 3, 3), ...some(4, 4, 4), ...some(5, 5, 5)]);
    expect(await read('m-grows', -600, 0)).toEqual(some(-2, 0, 9));
  });

  test('two that write at the same moment, also the same chunks, both have all their rows there', async () => {
    const { measures } = getStore();
    const of = (service: string, from: number, to: number) => ({ environment: 'prod', service, rows: some(from, to) });
    await Promise.all([
      measures.append(MINUTE, [of('m-one', 1, 20), of('m-two', 1, 20)]),
      measures.append(MINUTE, [of('m-two', 15, 70), of('m-one', 15, 70)]),
      measures.append(MINUTE, [of('m-one', 71, 75)]),
    ]);
    expect([await read('m-one'), await read('m-two')]).toEqual([some(1, 75), some(1, 70)]);
  });

  test('whose rows there are in a stretch of time is told in an order that stays, page by page', async () => {
    const { measures } = getStore();
    const DAYS = 100 * 24 * HOUR;
    const later = some(1, 3).map((row) => ({ ...row, at: row.at + DAYS }));
    for (const service of ['l-b', 'l-a', 'l-c']) await measures.append(MINUTE, [{ environment: 'prod', service, rows: later }]);
    await measures.append(5 * MINUTE, [{ environment: 'prod', service: 'l-a', rows: [{ ...later[0], at: NOON + DAYS, measures: later[0]?.measures ?? [] }] }]);
    const [from, to] = [NOON + DAYS - HOUR, NOON + DAYS + HOUR];
    const first = await measures.services(from, to, undefined, 3);
    expect(first.map(({ service, rowMs }) => [service, rowMs])).toEqual([
      ['l-a', MINUTE],
      ['l-a', 5 * MINUTE],
      ['l-b', MINUTE],
    ]);
    expect(await measures.services(from, to, first.at(-1), 3)).toEqual([place('l-c')]);
    expect(await measures.services(NOON + 2 * DAYS, NOON + 3 * DAYS, undefined, 3)).toEqual([]);
  });

  test('services, environments and lengths of rows are apart', async () => {
    const { measures } = getStore();
    await measures.append(MINUTE, [
      { environment: 'prod', service: 'm-apart', rows: some(1, 1) },
      { environment: 'test', service: 'm-apart', rows: some(2, 2) },
    ]);
    await measures.append(2 * MINUTE, [{ environment: 'prod', service: 'm-apart', rows: some(4, 4) }]);
    expect(await read('m-apart')).toEqual(some(1, 1));
    expect(await measures.read(place('m-apart', 2 * MINUTE), 0, NOON * 2)).toEqual(some(4, 4));
    expect([await read('m-nobody'), await measures.span(place('m-nobody'))]).toEqual([[], undefined]);
  });

  test('a row that ends between two rows is refused', async () => {
    await expect(append('m-odd', [{ at: NOON + 1, measures: [] }])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('more services than one transaction takes', async () => {
    const services = Array.from({ length: 450 }, (_, i) => ({ environment: 'many', service: `m-${String(i)}`, rows: some(1, 2) }));
    await getStore().measures.append(MINUTE, services);
    const last = await getStore().measures.read({ environment: 'many', service: 'm-449', rowMs: MINUTE }, 0, NOON * 2);
    expect(last).toEqual(some(1, 2));
  });

  test('chunks that are older than they are kept go, hour by hour', async () => {
    const { archive } = getStore();
    const horizon = { points: 0, logs: 0, builds: 0, changes: 0, deliveries: 0, measures: NOON };
    await append('m-old', some(-130, 2));
    for (let more = true; more;) ({ more } = await archive.pruner.prune(horizon, 1));
    expect(await read('m-old')).toEqual(some(-59, 2));
    expect(await getStore().measures.span(place('m-old'))).toEqual({ first: NOON - HOUR + MINUTE, last: NOON + 2 * MINUTE });
  });
}
