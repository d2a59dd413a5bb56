import { brakeNotification, brakeReason, countedSince } from '../../domain/brake';
import { composeMessage, messageLines } from '../../domain/notification-text';
import { sampleView } from '../fakes/incident-samples';

const rule = { incidents: 10, withinMs: 600_000 };

test('it is put on by more incidents than the rule allows, and says how many', () => {
  expect(brakeReason(rule, 10)).toBeUndefined();
  expect(brakeReason(rule, 11)).toMatch(/^Brake: 11 incidents opened within 10m, more than 10\./);
});

test('incidents count from the time that the rule looks back, but none from before a person released it', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  expect(countedSince(rule, now, undefined)).toBe(now - 600_000);
  expect(countedSince(rule, now, '2026-11-20T09:00:00Z')).toBe(now - 600_000);
  expect(countedSince(rule, now, '2026-11-20T09:59:00Z')).toBe(now - 60_000);
  expect(countedSince(rule, now, 'some day')).toBe(now - 600_000);
});

test('its notification says why, what follows, and how a person releases it', () => {
  const view = sampleView();
  const { id, view: shown } = brakeNotification(view, 'Brake: 11 incidents.', '2026-11-20T10:00:00.000Z');
  const text = messageLines(composeMessage(shown, 'brake', { now: 0 })).join('\n');
  expect(id).toBe('brake/2026-11-20T10:00:00.000Z');
  expect(text).toMatch(/NOTHING IS CHANGED until a person releases the brake/);
  expect(text).toContain('Brake: 11 incidents.');
  expect(text).toContain('npx nightshift halt off');
});
