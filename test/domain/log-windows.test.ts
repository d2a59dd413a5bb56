import { dueWindows, LOG_REACH_MS, readLogProgress } from '../../domain/log-windows';

const NOON = Date.UTC(2026, 0, 5, 12);
const FILE = '/var/log/shop.log';

test('a window is due when it is over and lines had time to be written', () => {
  const progress = { file: FILE, countedTo: NOON };
  expect(dueWindows(progress, NOON + 14_999)).toEqual([]);
  expect(dueWindows(progress, NOON + 15_000)).toEqual([NOON]);
  expect(dueWindows(progress, NOON + 36_000)).toEqual([NOON, NOON + 10_000, NOON + 20_000]);
});

test('what is far behind is counted in parts, the oldest first', () => {
  const due = dueWindows({ file: FILE, countedTo: NOON - LOG_REACH_MS }, NOON);
  expect(due).toHaveLength(60);
  expect(due[0]).toBe(NOON - LOG_REACH_MS);
});

test('a clock that was set back makes nothing due', () => {
  expect(dueWindows({ file: FILE, countedTo: NOON }, NOON - 60_000)).toEqual([]);
});

test('progress goes on where it was saved', () => {
  expect(readLogProgress(FILE, { file: FILE, countedTo: NOON - 60_000 }, NOON)).toEqual({ file: FILE, countedTo: NOON - 60_000 });
});

test.each([
  ['nothing saved', undefined],
  ['another file', { file: '/else', countedTo: NOON }],
  ['something else', 'x'],
  ['a day ago', { file: FILE, countedTo: NOON - 86_400_000 }],
])('with %s it begins an hour back', (_, saved) => expect(readLogProgress(FILE, saved, NOON).countedTo).toBe(NOON - LOG_REACH_MS));
