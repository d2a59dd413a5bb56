import type { Build } from '../../domain/build';
import { completedBuild } from '../../domain/build-merge';
import { callCounts } from '../../domain/call-counts';
import { deliveryId } from '../../domain/delivery';
import { logCounts } from '../../domain/log-counts';
import type { LogRecord, Span } from '../../domain/telemetry';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

function line(message: string, second: number, over: Partial<LogRecord> = {}): LogRecord {
  const at = new Date(NOON + second * 1000).toISOString();
  return { source: 's', environment: 'prod', service: 'shop', at, level: 'error', message, labels: {}, ...over };
}

test('lines of one kind are one count a minute, level and service, with the first of them as the sample', () => {
  const counts = logCounts([
    ...[line('order 17 failed', 0), line('order 18 failed', 59), line('order 19 failed', 60), line('order 20 failed', 1, { level: 'warn' })],
    line('order 21 failed', 1, { service: 'pay' }),
  ]);
  expect(counts.map(({ service, level, template, at, lines, sample }) => [service, level, template, (at - NOON) / 1000, lines, sample])).toEqual([
    ['shop', 'error', 'order <n> failed', 0, 2, 'order 17 failed'],
    ['shop', 'error', 'order <n> failed', 60, 1, 'order 19 failed'],
    ['shop', 'warn', 'order <n> failed', 0, 1, 'order 20 failed'],
    ['pay', 'error', 'order <n> failed', 0, 1, 'order 21 failed'],
  ]);
});

function span(spanId: string, kind: Span['kind'], over: Partial<Span> = {}): Span {
  const startedAt = new Date(NOON + 1).toISOString();
  return { source: 's', environment: 'prod', service: 'shop', traceId: 't', spanId, name: 'n', kind, startedAt, durationMs: 10, failed: false, ...over };
}

test('a server says what came to it, a client whom it called, and a step inside a service is a call of itself', () => {
  const counts = callCounts([
    span('a', 'server'),
    span('b', 'client', { parentSpanId: 'a', peer: 'pay', failed: true, durationMs: 4 }),
    span('c', 'client', { parentSpanId: 'a', peer: 'pay', durationMs: 6 }),
    span('d', 'internal'),
  ]);
  const shared = { environment: 'prod', at: NOON };
  expect(counts).toEqual([
    { ...shared, callee: 'shop', requests: 1, failed: 0, durationMs: 10, longestMs: 10 },
    { ...shared, caller: 'shop', callee: 'pay', requests: 2, failed: 1, durationMs: 10, longestMs: 6 },
    { ...shared, caller: 'shop', callee: 'shop', requests: 1, failed: 0, durationMs: 10, longestMs: 10 },
  ]);
});

test('the name of the service that answers is better than the address that its caller has', () => {
  const counts = callCounts([span('a', 'client', { peer: '10.0.0.7' }), span('b', 'server', { service: 'pay', parentSpanId: 'a' })]);
  expect(counts.map(({ caller, callee }) => [caller, callee])).toEqual([
    ['shop', 'pay'],
    [undefined, 'pay'],
  ]);
});

test('a client that names nobody, and whose call nobody answers here, is counted nowhere', () => {
  expect(callCounts([span('a', 'client'), span('b', 'server', { parentSpanId: 'a', traceId: 'other' })]).map(({ callee, caller }) => [caller, callee])).toEqual(
    [[undefined, 'shop']],
  );
});

test('a later telling of a build adds what was not known and changes nothing that was', () => {
  const build: Build = {
    id: 'b',
    source: 'github',
    environment: 'prod',
    service: 'shop',
    name: 'ci',
    run: '7',
    result: 'failed',
    endedAt: '2026-03-01T12:00:00.000Z',
  };
  const first: Build = { ...build, commit: 'abc1234', usage: { cpuMs: 5 }, steps: [{ name: 'one', result: 'failed' }] };
  const steps = [...(first.steps ?? []), { name: 'two', result: 'skipped' as const }];
  const later: Build = { ...build, result: 'succeeded', commit: 'def5678', usage: { cpuMs: 9, memoryBytes: 7 }, tests: { total: 3, failed: 1 }, steps };
  expect(completedBuild(first, later)).toEqual({ ...first, usage: { cpuMs: 5, memoryBytes: 7 }, tests: { total: 3, failed: 1 }, steps });
  expect(completedBuild(completedBuild(first, later), later)).toEqual(completedBuild(first, later));
});

test('the same bytes with the same times are one delivery; with other bytes or other times they are two', () => {
  const [bytes, other] = ['a', 'b'].map((text) => new TextEncoder().encode(text));
  const id = deliveryId(bytes ?? new Uint8Array(), ['12:00']);
  expect(deliveryId(bytes ?? new Uint8Array(), ['12:00'])).toBe(id);
  expect(new Set([id, deliveryId(bytes ?? new Uint8Array(), ['12:01']), deliveryId(other ?? new Uint8Array(), ['12:00'])]).size).toBe(3);
});
