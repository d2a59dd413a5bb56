import { heartbeatAlert, lastHeartbeat } from '../../domain/heartbeat';
import { composeNotification } from '../../domain/notification-message';
import { messageLines } from '../../domain/notification-text';
import { takers } from '../../domain/notification';
import { isLost, isSettled, lostNotifications, lostReason, stalledNotification, stallOf } from '../../domain/watch';
import type { WatchedAlert } from '../../domain/watch';
import { defaultsOf } from '../../config/defaults';
import { sampleView } from '../fakes/incident-samples';
import { sampleAlert } from '../fakes/sample-incident';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-20T15:00:00.000Z');
const { watch: rule, incidents } = defaultsOf('default');
const settings = { ...incidents, allowUnverified: false };
const watched = (over: Partial<WatchedAlert> = {}): WatchedAlert => ({
  ...{ position: 1, alert: sampleAlert('a'), receivedAt: NOW - MINUTE, inWorkflow: false, inIncident: false },
  ...over,
});
const ago = (ms: number): string => new Date(NOW - ms).toISOString();

test('an alert is lost when no incident has had it for a minute, whether Temporal has it or not', () => {
  expect(isLost(watched(), rule, NOW)).toBe(true);
  expect(isLost(watched({ inWorkflow: true }), rule, NOW)).toBe(true);
  expect(isLost(watched({ receivedAt: NOW - MINUTE + 1 }), rule, NOW)).toBe(false);
  expect(isLost(watched({ inWorkflow: true, inIncident: true }), rule, NOW)).toBe(false);
});

test('the end of a condition needs no incident once Temporal has it, and a heartbeat is never told', () => {
  const ended = sampleAlert('a', { status: 'resolved' });
  expect([isSettled(watched({ alert: ended })), isSettled(watched({ alert: ended, inWorkflow: true }))]).toEqual([false, true]);
  const beat = watched({ alert: heartbeatAlert(1, 'demo', 0) });
  expect([isLost(beat, rule, NOW), isSettled({ ...beat, inWorkflow: true })]).toEqual([false, true]);
});

test('each lost alert stands whole in one message, however many there are', () => {
  const lost = Array.from({ length: 23 }, (_, i) =>
    watched({ position: i + 1, alert: sampleAlert(`a-${String(i)}`, { summary: `disk ${String(i)} is full` }) }),
  );
  const told = lostNotifications(lost, lostReason(lost, rule), NOW);
  expect(told.flatMap(({ positions }) => positions)).toEqual(lost.map((item) => item.position));
  expect(new Set(told.map(({ notification }) => notification.id)).size).toBe(told.length);
  const texts = told.map(({ notification }) => messageLines(composeNotification(notification, { now: NOW })).join('\n'));
  for (const { alert } of lost) expect(texts.filter((text) => text.includes(JSON.stringify(alert)))).toHaveLength(1);
  expect(texts[0]).toContain('Temporal has not taken 23 alerts within 1m');
});

test('what holds alerts up is told by where they are', () => {
  expect(lostReason([watched()], rule)).toBe('Temporal has not taken an alert within 1m: does its server answer, and does a worker run?');
  expect(lostReason([watched({ inWorkflow: true })], rule)).toBe('No incident shows an alert within 1m, though Temporal has it: does a worker run?');
  expect(lostReason([watched(), watched({ inWorkflow: true })], rule)).toMatch(/^Temporal has not taken .* No incident shows /);
});

test.each([
  ['open', 0, true],
  ['triaged', 0, true],
  ['remediating', 50 * MINUTE, true],
  ['verifying', 21 * MINUTE, true],
  ['watching', 30 * MINUTE, true],
  ['diagnosed', 0, false],
  ['escalated', 0, false],
  ['handed-over', 0, false],
] as const)('an incident that is %s stalls after its own time and a quarter of an hour, or never while it waits for others', (status, own, stalls) => {
  const { proposal: _none, ...view } = sampleView({ status, updatedAt: ago(own + 15 * MINUTE), outcome: { kind: 'fixed', summary: 'It is well.' } });
  expect(stallOf(view, settings, rule, NOW - 1)).toBeUndefined();
  expect(stallOf(view, settings, rule, NOW) !== undefined).toBe(stalls);
  expect(stallOf(view, settings, rule, NOW + 365 * 24 * 60 * MINUTE) !== undefined).toBe(stalls);
});

test('an incident that awaits the end of a prediction stalls a day and a quarter of an hour after the time that it speaks of', () => {
  const until = NOW + 3 * 60 * MINUTE;
  const predicted = {
    fingerprint: 'pool',
    name: 'PredictedBreach',
    source: 'forecast',
    status: 'firing',
    severity: 'sev3',
    summary: '',
    startsAt: ago(0),
  } as const;
  const { proposal: _none, ...view } = sampleView({
    ...{ status: 'watching', updatedAt: ago(0) },
    alerts: [{ ...predicted, shortage: { from: NOW, until, factor: 1.2 } }],
  });
  const due = until + (24 * 60 + 15) * MINUTE;
  expect(stallOf(view, settings, rule, due - 1)).toBeUndefined();
  expect(stallOf(view, settings, rule, due)).toContain('watching');
});

test('a proposal stalls only when it is still open a quarter of an hour after it should have expired', () => {
  const view = sampleView({ updatedAt: ago(100 * 24 * 60 * MINUTE) });
  const expires = Date.parse(view.proposal?.expiresAt ?? '');
  expect(stallOf(view, settings, rule, expires + 14 * MINUTE)).toBeUndefined();
  expect(stallOf(view, settings, rule, expires + 15 * MINUTE)).toContain('awaiting-approval');
});

test('an incident that stalls is told once in each state, with its workflow to look at', () => {
  const view = sampleView({ status: 'triaged' });
  const told = stalledNotification(view, 'Nothing has happened.', NOW);
  expect(told.id).toBe(stalledNotification(view, 'Still nothing.', NOW + MINUTE).id);
  expect(told.id).not.toBe(stalledNotification({ ...view, version: view.version + 1 }, 'Nothing.', NOW).id);
  expect(messageLines(composeNotification(told, { now: NOW })).join('\n')).toMatch(/it has stopped moving; look at it yourself[^]*Nothing has happened\./);
});

test('trouble of our own goes to every channel where none asks for it, and other reasons only where they are wanted', () => {
  const [one, other] = [{ on: ['resolved'] }, { on: ['opened', 'undelivered'] }] as const;
  expect(takers('undelivered', [one, other])).toEqual([other]);
  expect(takers('stalled', [one, other])).toEqual([one, other]);
  expect(takers('proposed', [one, other])).toEqual([]);
});

test('the number of a heartbeat goes on from what is kept, and starts again from nonsense', () => {
  expect([{ last: 7 }, undefined, { last: -1 }, { last: 'x' }, 5].map(lastHeartbeat)).toEqual([7, 0, 0, 0, 0]);
  expect(heartbeatAlert(8, 'demo', NOW).id).toBe(heartbeatAlert(8, 'demo', NOW + MINUTE).id);
});
