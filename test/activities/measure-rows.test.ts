import { measureRows } from '../../activities/measure-rows';
import type { Sample } from '../../domain/metrics';
import { windowStats } from '../../domain/windows';

const S = 1000;
const HOUR = 3600 * S;
const T0 = Date.parse('2026-03-01T00:00:00Z');
const SHOP = { environment: 'prod', name: 'shop' };

/** Scrapes of one instance every 15 s; ten requests each. */
function scrapes(instance: string, from: number, to: number, more: (at: number) => Partial<Sample> = () => ({})): Sample[] {
  return Array.from({ length: Math.floor((to - from) / (15 * S)) + 1 }, (_, i) => {
    const at = from + i * 15 * S;
    const requests = (at - T0) / 1500;
    const latency = { le: [0.1, null], counts: [requests, requests] };
    return { service: 'shop', environment: 'prod', instance, at, up: true, routes: { '/': { requests, errors: 0 } }, latency, saturation: {}, ...more(at) };
  });
}

/** An archive that remembers what was read of it. */
function archive(samples: readonly Sample[]) {
  const all = [...samples].sort((a, b) => a.at - b.at);
  const reads: { readonly from: number; readonly to: number; readonly samples: number }[] = [];
  const read = async (_environment: string, _service: string, from: number, to: number): Promise<readonly Sample[]> => {
    const found = all.filter(({ at }) => at >= from && at <= to);
    reads.push({ from, to, samples: found.length });
    return found;
  };
  return { read, reads };
}

test('rows are those of one large reading, also where an instance restarts, fails to answer or comes and goes', async () => {
  const restarted = scrapes('a', T0, T0 + 3 * HOUR, (at) =>
    at >= T0 + HOUR ? { startedAt: T0 + HOUR, routes: { '/': { requests: (at - T0 - HOUR) / 500, errors: 0 } } } : {},
  );
  const silent = scrapes('b', T0, T0 + 2 * HOUR, (at) => (at % (7 * 60 * S) < 60 * S ? { up: false, routes: {}, latency: { le: [], counts: [] } } : {}));
  const all = [...restarted, ...silent].sort((a, b) => a.at - b.at);
  const rows = await measureRows(archive(all), SHOP, T0 + 600 * S, T0 + 3 * HOUR, 60 * S);
  expect(rows).toHaveLength(170);
  expect(rows).toEqual(rows.map(({ from, to }) => windowStats(all, from, to)));
});

test('the first row has a first difference, as what came before is read too', async () => {
  const [row] = await measureRows(archive(scrapes('a', T0, T0 + HOUR)), SHOP, T0 + 1800 * S, T0 + HOUR, 15 * S);
  expect(row).toMatchObject({ from: T0 + 1800 * S, to: T0 + 1815 * S, requests: 10 });
});

test('times without a scrape are rows in which nothing was measured; a row that is not over yet is none', async () => {
  const rows = await measureRows(archive(scrapes('a', T0, T0 + 60 * S)), SHOP, T0, T0 + 150 * S, 60 * S);
  expect(rows.map(({ samples, errorShare }) => [samples, errorShare])).toEqual([
    [4, 0],
    [0, null],
  ]);
});

test('it reads at most an hour and about 2,000 samples at a time, each sample once', async () => {
  const crowd = Array.from({ length: 50 }, (_, i) => scrapes(`i${i}`, T0, T0 + 2 * HOUR)).flat();
  const few = archive(scrapes('a', T0, T0 + 24 * HOUR));
  const many = archive(crowd);
  await measureRows(few, SHOP, T0 + HOUR, T0 + 24 * HOUR, 60 * S);
  await measureRows(many, SHOP, T0 + HOUR, T0 + 2 * HOUR, 15 * S);
  for (const { from, to } of few.reads) expect(to - from).toBeLessThanOrEqual(HOUR);
  for (const { samples } of many.reads) expect(samples).toBeLessThanOrEqual(2100);
  for (const { reads } of [few, many]) reads.slice(1).forEach(({ from }, i) => expect(from).toBe(reads[i]?.to));
});

test('where a sample tells a quarter of an hour, rows of a minute in which one came have its numbers', async () => {
  const QUARTER = 900 * S;
  const periods = Array.from({ length: 9 }, (_, i): Sample => {
    const [startedAt, at] = [T0 + i * QUARTER, T0 + (i + 1) * QUARTER];
    const latency = { le: [0.1, null], counts: [1800, 1800] };
    return {
      ...{ service: 'shop', environment: 'prod', instance: 'a', at, startedAt, up: true },
      ...{ routes: { all: { requests: 1800, errors: 18 } }, latency, saturation: {} },
    };
  });
  const service = { ...SHOP, metrics: { url: '', everyMs: QUARTER, names: { requests: 'r', latency: 'l' }, saturation: [] } };
  const rows = await measureRows(archive(periods), service, T0 + 2 * QUARTER - 60 * S, T0 + 9 * QUARTER, 60 * S);
  const told = rows.filter(({ samples }) => samples > 0);
  expect(told).toHaveLength(8);
  for (const row of told) expect(row).toMatchObject({ requests: 1800, errorShare: 0.01, ratePerSecond: 2, latencyP95Ms: expect.any(Number) as number });
});
