import { anomalyDrawing, anomalyRecord, anomalyText, MOST_POINTS } from '../../../domain/detection/anomaly-record';
import { anomalyNews, showsAnomalies } from '../../../domain/detection/anomaly-news';
import { anomaliesOf, isAnomalyId } from '../../../domain/detection/anomaly-ids';
import { ANOMALY_AT, sampleAnomaly, samplePoints, sampleRecord } from '../../fakes/sample-anomaly';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the record of an anomaly', () => {
  test('has an id that follows from series and time alone', () => {
    const record = sampleRecord();
    expect(isAnomalyId(record.id)).toBe(true);
    expect(sampleRecord({}, { value: 0.5 }).id).toBe(record.id);
    expect(sampleRecord({ measure: 'latencyP95Ms' }).id).not.toBe(record.id);
    expect(sampleRecord({}, { at: ANOMALY_AT + 1 }).id).not.toBe(record.id);
  });

  test('keeps the newest points up to it and is the same after a round trip of JSON', () => {
    const record = sampleRecord({}, {}, [...samplePoints(200), { at: ANOMALY_AT + 1, value: 1 }]);
    expect([record.points.length, record.points.at(-1)?.at]).toEqual([MOST_POINTS, ANOMALY_AT]);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  test('stays under 16 KB with the longest names and the widest numbers', () => {
    const wide = { value: -1.23456789e-101, low: -1.23456789e-102, expected: -1.23456789e-103, high: -1.23456789e-104 };
    const points = samplePoints(500).map(({ at }) => ({ at, ...wide }));
    const long = { environment: 'e'.repeat(64), service: 's'.repeat(64), measure: 'é'.repeat(500), label: 'é'.repeat(500), unit: 'é'.repeat(500) };
    expect(bytes(sampleRecord(long, {}, points))).toBeLessThan(16 * 1024);
  });

  test('holds no secret of a label, and what is no number leaves a gap', () => {
    const record = anomalyRecord({ environment: 'prod', service: 'a', measure: 'm', label: 'token=abcdef123456' }, sampleAnomaly(), [
      { at: ANOMALY_AT - 1, value: NaN, low: 0, expected: Infinity, high: 1 },
    ]);
    expect(JSON.stringify(record)).not.toContain('abcdef123456');
    expect(record.points).toEqual([{ at: ANOMALY_AT - 1, value: null }]);
  });

  test('says in one sentence what is wrong with which measure', () => {
    expect(anomalyText(sampleRecord({ unit: 'share' }))).toBe(
      'error share (share): 25 % is above the expected 0 % to 3 %, for 10 m since 2026-03-01 09:20:00 UTC: far outside its band (60 % of the score); not seen in the 21 days that are remembered.',
    );
  });

  test('draws the anomaly itself also where its value is not among the points', () => {
    const drawing = anomalyDrawing(sampleRecord({}, {}, samplePoints(20, ANOMALY_AT - 60_000)));
    const line = drawing.shapes.filter((shape) => shape.kind === 'line' && shape.colour === 'value').at(-1);
    const dot = drawing.shapes.find((shape) => shape.kind === 'dot');
    expect(line).toMatchObject({ places: expect.arrayContaining([[dot?.kind === 'dot' && dot.x, dot?.kind === 'dot' && dot.y]]) as unknown });
  });
});

describe('an anomaly in a notification', () => {
  test('has the sentence, an SVG under 8 KB and a PNG under 12 KB of base64', () => {
    const { text, svg = '', png = '', links } = anomalyNews(sampleRecord());
    expect(text).toContain('25 % is above');
    expect([svg.startsWith('<svg'), Buffer.byteLength(svg) < 8192]).toEqual([true, true]);
    expect([Buffer.from(png, 'base64').subarray(1, 4).toString(), png.length < 12_288]).toEqual(['PNG', true]);
    expect(links).toBeUndefined();
  });

  test('has both pictures also of a series that swings from one end to the other', () => {
    const swings = samplePoints(120).map(({ at }, i) => ({ at, value: (i * 7919) % 100, low: (i * 31) % 20, expected: 50, high: 60 + ((i * 17) % 30) }));
    const { svg, png } = anomalyNews(sampleRecord({}, {}, swings));
    expect([svg !== undefined, Buffer.from(png ?? '', 'base64').readUInt32BE(16)]).toEqual([true, 640]);
  });

  test('has addresses where that of the API is known', () => {
    const { id, links } = anomalyNews(sampleRecord(), 'https://night.example.com');
    expect(links?.svg).toBe(`https://night.example.com/v1/anomalies/${id}/picture.svg`);
  });

  test('has text from outside escaped in its picture', () => {
    expect(anomalyNews(sampleRecord({ label: '<script>alert(1)</script>' })).svg).not.toContain('<script>');
  });

  test('comes where a person is told of something new or asked, and not with its end', () => {
    expect([showsAnomalies('opened'), showsAnomalies('proposed'), showsAnomalies('resolved')]).toEqual([true, true, false]);
  });
});

test('an incident names each anomaly of its alerts once', () => {
  expect(anomaliesOf([{ anomaly: 'b' }, {}, { anomaly: 'a' }, { anomaly: 'b' }])).toEqual(['b', 'a']);
});
