import type { Recording } from '../../../bench/matrix/recording';
import { DAY_MS, replay } from '../../../bench/matrix/replay';
import { samplesOf, scrapesOf } from '../../../bench/matrix/trace';
import { windowStats } from '../../../domain/windows';
import { sampleOf } from './made';

const SECOND = 1000;
const PACE = { rowMs: 2 * SECOND, seasonMs: DAY_MS };
const BEGIN = 10 * DAY_MS;

/** Two minutes with 60 requests a second; a restart after the first. */
function recorded(name: string, onset: number | null): Recording {
  const samples = Array.from({ length: 120 }, (_, i) =>
    i < 60 ? sampleOf(BEGIN + i * SECOND, 60 * i) : sampleOf(BEGIN + i * SECOND, 60 * (i - 59), BEGIN + 59 * SECOND),
  );
  const head = { name, fault: onset === null ? null : 'a fault', about: '', onset, from: BEGIN, to: BEGIN + 120 * SECOND, events: [] };
  return { head: { ...head, customers: { requests: 0, failed: 0 } }, samples, lines: [] };
}
const USUAL = [recorded('healthy-steady-1', null), recorded('healthy-steady-2', null)];
const FAULT = recorded('fault-1', BEGIN + 70 * SECOND);

test('samples that are taken apart and put together again measure the same, over a restart too', () => {
  const { samples } = FAULT;
  const again = samplesOf(scrapesOf(samples), samples[0]?.latency.le ?? [], { service: 'bookshop', environment: 'demo', instance: 'a' });
  const [from, to] = [BEGIN + 20 * SECOND, BEGIN + 100 * SECOND];
  expect(windowStats(again, from, to)).toEqual(windowStats(samples, from, to));
});

test('the same seed gives the same rows, and another one another onset', () => {
  const [one, same, other] = [replay(FAULT, USUAL, PACE, 7), replay(FAULT, USUAL, PACE, 7), replay(FAULT, USUAL, PACE, 8)];
  expect(same).toEqual(one);
  const phase = ({ onset }: typeof one): number => (onset ?? NaN) % DAY_MS;
  expect(phase(other)).not.toBe(phase(one));
});

test('rows follow each other, history before recording, with about the traffic that was recorded', () => {
  const { rows, from, onset } = replay(FAULT, USUAL, PACE, 3);
  rows.slice(1).forEach((row, i) => expect(row.from).toBe(rows[i]?.to));
  expect(rows.every(({ from: begin, to }) => to - begin === PACE.rowMs)).toBe(true);
  expect(from - (rows[0]?.from ?? NaN)).toBeGreaterThan(8 * DAY_MS);
  expect(onset).toBeGreaterThan(from);
  const rates = rows.flatMap(({ ratePerSecond }) => ratePerSecond ?? []);
  expect(rates.reduce((sum, rate) => sum + rate, 0) / rates.length).toBeCloseTo(60, -1);
});
