import { logPatterns } from '../../domain/log-patterns';
import type { LogLine } from '../../domain/metrics';

const ONSET = 1_000_000;

function errors(...messages: readonly string[]): LogLine[] {
  return messages.map((message) => ({ at: ONSET, level: 'error', message }));
}

test.each([
  ['order 1234 took 15ms', 'order 9 took 2ms'],
  ['user "ana" was refused', 'user "bo b" was refused'],
  ['GET from 10.0.0.1:8080 failed', 'GET from 192.168.1.20:99 failed'],
  ['trace 4bf92f3577b34da6a3ce929d0e0e4736 lost', 'trace 00f067aa0ba902b7aaaaaaaaaaaaaaaa lost'],
  ['job 3f2504e0-4f89-41d3-9a0c-0305e82c3301 died', 'job 00000000-0000-4000-8000-000000000000 died'],
  ['at 2026-11-20T10:00:00.123Z the pool was empty', 'at 2025-01-02 03:04:05 the pool was empty'],
  ['order ord-8f3a2 failed', 'order ord-77b1c failed'],
  ['pointer 0xdeadbeef', 'pointer 0x1'],
])('%s reads like %s', (a, b) => {
  expect(logPatterns(errors(a, b), ONSET, [], 10)).toHaveLength(1);
});

test('different messages stay different', () => {
  expect(logPatterns(errors('no free handle', 'no free socket'), ONSET, [], 10)).toHaveLength(2);
});

test('a name that was not seen before makes no new pattern where names vary', () => {
  const lines = ['spring', 'winter', 'easter', 'autumn', 'advent'].map((name, i) => ({
    at: ONSET - 60_000 + i,
    level: 'warn' as const,
    message: `voucher ${name} is not known`,
  }));
  expect(logPatterns([...lines, { at: ONSET, level: 'warn', message: 'voucher summer is not known' }], ONSET, [], 10)).toEqual([
    { pattern: 'voucher <*> is not known', level: 'warn', before: 5, since: 1, isNew: false, mentions: [] },
  ]);
});

test('counts before and since the onset, and tells which patterns are new', () => {
  const lines = [
    { at: ONSET - 60_000, level: 'warn' as const, message: 'slow query 5 ms' },
    { at: ONSET + 1, level: 'warn' as const, message: 'slow query 7 ms' },
    { at: ONSET + 2, level: 'error' as const, message: 'no free handle 1' },
    { at: ONSET + 3, level: 'error' as const, message: 'no free handle 2' },
    { at: ONSET + 4, level: 'info' as const, message: 'served 1' },
  ];
  expect(logPatterns(lines, ONSET, [], 10)).toEqual([
    { pattern: 'no free handle <n>', level: 'error', before: 0, since: 2, isNew: true, mentions: [], samples: ['no free handle 1', 'no free handle 2'] },
    { pattern: 'slow query <n> ms', level: 'warn', before: 1, since: 1, isNew: false, mentions: [] },
  ]);
});

test('names the services that are mentioned as a word, even inside quotes', () => {
  const lines = [{ at: ONSET, level: 'error' as const, message: 'call to "Payments" failed, prepayments fine' }];
  expect(logPatterns(lines, ONSET, ['payments', 'pay', 'fine-art'], 10)[0]?.mentions).toEqual(['payments']);
});
