import type { Anomaly } from '../../../domain/anomaly/explain';
import { explain } from '../../../domain/anomaly/explain';
import { drawAnomaly } from '../../../domain/anomaly/plot';
import { pngOf } from '../../../domain/anomaly/plot-png';
import { svgOf } from '../../../domain/anomaly/plot-svg';
import { inflateSync } from 'node:zlib';
import { BEGIN, MINUTE } from './made';

const ANOMALY: Anomaly = {
  ...{ at: BEGIN + 100 * MINUTE, value: 912.34, score: 0.61, threshold: 0.2, kind: 'latency', sign: 'band', direction: 'above', since: BEGIN + 90 * MINUTE },
  shares: { value: 0.3, season: 0.1, spread: 0.1, level: 0, band: 0.5 },
  band: { low: 80, expected: 100, high: 120 },
  rarity: { days: 26.4, never: false },
  learning: false,
  alerting: true,
};
const POINTS = Array.from({ length: 111 }, (_, i) => ({
  at: BEGIN + i * MINUTE,
  value: i === 40 ? null : i >= 90 ? 912.34 : 100 + (i % 7),
  band: i < 5 ? undefined : { low: 80, expected: 100, high: 120 },
}));

test('the sentence says what, against what, since when, why and how rare', () => {
  expect(explain(ANOMALY)).toBe(
    '912.3 is above the expected 80 to 120, for 10 m since 2026-01-05 01:30:00 UTC: far outside its band (50 % of the score); about once in 26 days.',
  );
  expect(explain({ ...ANOMALY, since: ANOMALY.at, learning: true })).toContain(
    'at 2026-01-05 01:40:00 UTC: far outside its band (50 % of the score); the series is still being learnt.',
  );
  expect(explain({ ...ANOMALY, rarity: { days: 12, never: true } })).toContain('not seen in the 12 days that are remembered');
});

test('the drawing shows the values with their gap, the band, the onset and the marked value', () => {
  const { shapes } = drawAnomaly(ANOMALY, POINTS);
  const of = (colour: string): number => shapes.filter((shape) => shape.colour === colour).length;
  expect([of('value'), of('band'), of('onset'), of('anomaly')]).toEqual([2, 1, 1, 1]);
  for (const shape of shapes) {
    const places = 'places' in shape ? shape.places : [[shape.x, shape.y]];
    expect(places.every(([x = -1, y = -1]) => x >= 0 && x <= 640 && y >= 0 && y <= 240)).toBe(true);
  }
});

test('the SVG stands alone: one root, no script, no outside address but its name space', () => {
  const svg = svgOf(drawAnomaly(ANOMALY, POINTS));
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
  expect(svg.match(/https?:/g)).toHaveLength(1);
  expect(svg).not.toMatch(/script|style=|href|NaN/);
  expect(svg).toContain('<title>912.3 is above the expected 80 to 120');
  expect(svg.length).toBeLessThan(10_000);
});

test('the PNG is a picture of twice the size with the colours of all that is drawn', () => {
  const png = pngOf(drawAnomaly(ANOMALY, POINTS));
  const view = new DataView(png.buffer);
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([1280, 480]);
  const text = Buffer.from(png).toString('latin1');
  const data = text.indexOf('IDAT');
  const pixels = inflateSync(png.subarray(data + 4, data + 4 + view.getUint32(data - 4)));
  expect(pixels).toHaveLength(1281 * 480);
  expect(new Set(pixels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  expect(png.length).toBeLessThan(20_000);
});

test('a drawing of one value, or of a flat line, has a range all the same', () => {
  for (const points of [[], [{ at: ANOMALY.at, value: ANOMALY.value }]]) {
    const svg = svgOf(drawAnomaly({ ...ANOMALY, since: ANOMALY.at }, points));
    expect(svg).not.toMatch(/NaN|Infinity/);
  }
});
