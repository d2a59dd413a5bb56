import { parseTime, seriesOfCsv } from '../../domain/csv-series';

test('reads times and values, with names or without', () => {
  const points = [
    { at: Date.UTC(2026, 0, 31, 8), value: 12.5 },
    { at: Date.UTC(2026, 0, 31, 9), value: -3 },
  ];
  expect(seriesOfCsv('timestamp,cpu\n2026-01-31T08:00:00Z,12.5\n2026-01-31 09:00:00,-3\n')).toEqual([{ name: 'cpu', points }]);
  expect(seriesOfCsv('1769846400,12.5\r\n1769850000,-3')).toEqual([{ name: 'value', points }]);
});

test('reads several columns, semicolons, quotes, comments and what was not measured', () => {
  const series = seriesOfCsv('# from the archive\n"time";"a";"b"\n2026-01-01;1;\n\n2026-01-02;NaN;2e3\n');
  expect(series.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
    ['a', [1, null]],
    ['b', [null, 2000]],
  ]);
});

test.each([
  ['1769846400', 1769846400000],
  ['1769846400123', 1769846400123],
  ['1769846400123456', 1769846400123.456],
  ['1769846400123456789', 1769846400123.4568],
  ['2026-01-31T09:00:00+01:00', 1769846400000],
  ['2026-01-31T09:00:00.25+0100', 1769846400250],
  ['2026-01', Date.UTC(2026, 0, 1)],
  ['2026-01-31 08:00', 1769846400000],
  ['2026/01/31 08:00', 1769846400000],
])('%s is a time', (text, at) => {
  expect(parseTime(text)).toBe(at);
});

test.each(['', 'yesterday', '31/01/2026', '2026-13-01', '2026-01-31T25:00:00Z'])('"%s" is no time', (text) => {
  expect(parseTime(text)).toBeNull();
});

function problemsOf(text: string): readonly unknown[] {
  try {
    seriesOfCsv(text);
    return [];
  } catch (error) {
    return (error as { problems: readonly unknown[] }).problems;
  }
}

test('a row that cannot be read is told by its line', () => {
  expect(problemsOf('timestamp,value\n2026-01-01,1\nsoon,2\n2026-01-03,many\n2026-01-04\n')).toEqual([
    { path: 'line 3', message: '"soon" is no time; write ISO 8601 (2026-01-31T08:00:00Z) or Unix time' },
    { path: 'line 4', message: '"many" is no number; leave the cell empty where nothing was measured' },
    { path: 'line 5', message: 'has 1 columns where the first line has 2' },
  ]);
});

test('at most ten rows are told', () => {
  expect(problemsOf(`timestamp,value\n${'x,y\n'.repeat(50)}`)).toHaveLength(10);
});

test.each([
  ['', 'There are no rows'],
  ['timestamp,value\n', 'There are no rows below'],
  ['2026-01-01\n', 'Line 1 has one column'],
])('%j is refused with what to give', (text, message) => {
  expect(() => seriesOfCsv(text)).toThrow(message);
});
