import { conditionKey, type Condition } from '../../../domain/quiet/condition';
import { fateOf } from '../../../domain/quiet/messages';
import { readySilence } from '../../../domain/quiet/silence';
import { composeMessage } from '../../../domain/notification-text';
import { calmText, flappingMessage, flappingText } from '../../../domain/quiet/wording';
import { sampleAlert, sampleIncident } from '../../fakes/sample-incident';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 2, 1, 12);
const RULE = { enabled: true, changes: 4, withinMs: 15 * MINUTE, calmMs: 15 * MINUTE, settleMs: 3 * MINUTE };
const note = { fingerprint: 'fp', name: 'ErrorShareHigh', source: 'generic', status: 'firing', severity: 'sev2', summary: '', startsAt: '' } as const;
const view = sampleIncident('inc-a', { alerts: [note] });
const condition = (over: Partial<Condition> = {}): Condition => ({
  ...{
    key: conditionKey(sampleAlert('', { fingerprint: 'fp' })),
    environment: 'prod',
    service: 'bookshop',
    fingerprint: 'fp',
    name: 'ErrorShareHigh',
    source: 'generic',
  },
  ...{ seen: 3, status: 'firing', lastAt: NOW, changes: [], begun: [] },
  ...over,
});
const flapping = { since: NOW - 6 * MINUTE, changes: 4, folded: 7, last: 3, changedAt: NOW, announced: true };
const silence = readySilence({ id: 's', origin: 'person', match: { service: 'bookshop' }, owner: 'a', reason: 'b', startsAt: NOW, endsAt: NOW + MINUTE });
const facts = (over: Partial<Parameters<typeof fateOf>[2]> = {}) => ({ silences: [], conditions: [], rule: RULE, ...over });

test('every message is sent while nothing is quiet', () => {
  for (const reason of ['proposed', 'escalated', 'relapsed', 'resolved'] as const) expect(fateOf(view, reason, facts(), NOW)).toEqual({ kind: 'send' });
});

test('while it is silent messages wait for the end, but those about the brake and the glass', () => {
  expect(fateOf(view, 'proposed', facts({ silences: [silence] }), NOW)).toMatchObject({ kind: 'hold', hold: 's', until: NOW + MINUTE });
  expect(fateOf(view, 'break-glass', facts({ silences: [silence] }), NOW)).toEqual({ kind: 'send' });
});

test('what repeats with each change of an alert that flaps is not sent; what asks for a decision, or ends it, is', () => {
  const flaps = facts({ conditions: [condition({ flapping })] });
  for (const reason of ['relapsed', 'escalated', 'no-action', 'reminder'] as const) expect(fateOf(view, reason, flaps, NOW)).toEqual({ kind: 'drop' });
  for (const reason of ['proposed', 'resolved', 'handed-over'] as const) expect(fateOf(view, reason, flaps, NOW)).toEqual({ kind: 'send' });
});

test('another alert that fires steadily, or a remedy that was tried, is told of', () => {
  const flaps = facts({ conditions: [condition({ flapping })] });
  const two = sampleIncident('inc-a', { alerts: [note, { ...note, fingerprint: 'steady' }] });
  expect(fateOf(two, 'escalated', flaps, NOW)).toEqual({ kind: 'send' });
  const tried = sampleIncident('inc-a', { alerts: [note], remediation: { workflowId: 'w', target: 't', runbook: 'r@1', effects: [] } });
  expect(fateOf(tried, 'relapsed', flaps, NOW)).toEqual({ kind: 'send' });
});

test('news of an alert that came back soon wait until it is clear whether it flaps; where that is switched off they do not', () => {
  const back = condition({ changes: [NOW - 4 * MINUTE, NOW - 2 * MINUTE, NOW] });
  expect(fateOf(view, 'relapsed', facts({ conditions: [back] }), NOW)).toMatchObject({ kind: 'hold', hold: 'unsteady', until: NOW + 3 * MINUTE });
  expect(fateOf(view, 'proposed', facts({ conditions: [back] }), NOW)).toEqual({ kind: 'send' });
  expect(fateOf(view, 'relapsed', facts({ conditions: [back], rule: { ...RULE, enabled: false } }), NOW)).toEqual({ kind: 'send' });
  expect(fateOf(view, 'relapsed', facts({ conditions: [back] }), NOW + 14 * MINUTE)).toEqual({ kind: 'send' });
});

test('the message says what flaps, how often, and what follows from it', () => {
  const told = flappingMessage(view, 'flapping', flapping.since, flappingText(condition({ flapping }), RULE), NOW);
  const { title, sections } = composeMessage(told.view, told.reason, { now: NOW });
  expect(title).toMatch(/an alert flaps; its changes are folded$/);
  expect(sections.find((s) => s.label === 'Result')?.lines).toEqual([
    'ErrorShareHigh flaps: 4 changes within 6 m. They are folded, and nothing is proposed, until it is calm for 15m.',
  ]);
  expect(calmText(condition({ flapping }), false)).toBe('ErrorShareHigh flaps no more; 7 messages were folded. It has ended.');
});
