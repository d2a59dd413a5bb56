import { parseLogLine } from '../../../adapters/local/log-line';

const local = (text: string): number => new Date(text).getTime();

test.each([
  ['Python', '2026-11-20 10:05:00,123 ERROR shop: it broke', local('2026-11-20T10:05:00.123'), 'error', 'ERROR shop: it broke'],
  ['logback', '2026-11-20 10:05:00.123  WARN 7 --- [main] c.e.Shop : slow', local('2026-11-20T10:05:00.123'), 'warn', 'WARN 7 --- [main] c.e.Shop : slow'],
  ['gunicorn', '[2026-11-20 10:05:00 +0000] [12] [CRITICAL] worker timeout', Date.parse('2026-11-20T10:05:00Z'), 'error', '[12] [CRITICAL] worker timeout'],
  ['nginx', '2026/11/20 10:05:00 [error] 7#7: *1 connect() failed', local('2026-11-20T10:05:00'), 'error', '[error] 7#7: *1 connect() failed'],
  ['Go', '2026/11/20 10:05:00 listening on :80', local('2026-11-20T10:05:00'), 'info', 'listening on :80'],
  ['RFC 3339', '2026-11-20T10:05:00.123456789Z INFO started', Date.parse('2026-11-20T10:05:00.123Z'), 'info', 'INFO started'],
] as const)('a plain line of %s', (_from, text, at, level, message) => {
  expect(parseLogLine(text)).toEqual({ at, level, message });
});

test.each([
  ['python-json-logger', { asctime: '2026-11-20 10:05:00,123', levelname: 'ERROR', message: 'it broke' }, local('2026-11-20T10:05:00.123')],
  ['ECS', { '@timestamp': '2026-11-20T10:05:00Z', 'log.level': 'error', message: 'it broke' }, Date.parse('2026-11-20T10:05:00Z')],
  ['zap', { ts: 1795168800.5, level: 'error', msg: 'it broke' }, 1795168800500],
  ['Cloud Logging', { timestamp: '2026-11-20T10:05:00Z', severity: 'ERROR', message: 'it broke' }, Date.parse('2026-11-20T10:05:00Z')],
] as const)('a JSON line of %s', (_from, fields, at) => {
  expect(parseLogLine(JSON.stringify(fields))).toEqual({ at, level: 'error', message: 'it broke' });
});

test('a word for a level far into a line is part of what is told', () => {
  expect(parseLogLine(`2026-11-20T10:05:00Z ${'word '.repeat(15)} error`)).toMatchObject({ level: 'info' });
});

test('secrets in plain lines are removed, and lines without a time are none', () => {
  expect(parseLogLine('2026-11-20T10:05:00Z ERROR login with password=hunter22 failed')?.message).toBe('ERROR login with password=[redacted] failed');
  expect(['', '  File "shop.py", line 3, in <module>', 'Traceback (most recent call last):', '2026-13-45 10:05:00 x'].map(parseLogLine)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
