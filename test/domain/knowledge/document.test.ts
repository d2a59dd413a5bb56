import type { AuditEntry } from '../../../domain/audit';
import type { IncidentView } from '../../../domain/incident-view';
import { incidentDocument } from '../../../domain/knowledge/document';
import { bundle, fixed, outcome } from './samples';

const entry = (seq: number, over: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at: `2026-11-20T14:0${String(seq % 10)}:00.000Z`,
  actor: 'nightshift',
  kind: 'note',
  summary: `entry ${String(seq)}`,
  ...over,
});
const ENTRIES = [
  entry(1, { kind: 'opened', summary: 'Opened by ErrorShareHigh.' }),
  entry(2, { kind: 'proposed', summary: 'Roll the release back: deploy release 1.4.0' }),
  entry(3, { kind: 'decision', actor: 'person:bo', summary: 'Approved by bo.' }),
  entry(4, { kind: 'verified', summary: 'recovered: error share 0 %' }),
];
const OUTCOMES = [outcome('unchanged', { runbook: 'restart-service', cause: 'resource-exhaustion' }), outcome('recovered', { round: 2 })];

function text(view: IncidentView = fixed(), over: Partial<Parameters<typeof incidentDocument>[0]> = {}): string {
  return incidentDocument({
    view,
    entries: ENTRIES,
    outcomes: OUTCOMES,
    bundle: bundle({ id: 'E01', title: 'error share rose', kind: 'missing', what: 'x', reason: 'y' }),
    ...over,
  });
}

/** What stands under a heading. */
function under(heading: string, document: string): string {
  return document.split(`## ${heading}\n\n`)[1]?.split('\n\n## ')[0]?.trim() ?? '';
}

test('tells in order what happened, the cause, the evidence, what helped and did not, who decided, and the timeline', () => {
  expect([...text().matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
    'What happened',
    'Cause',
    'Evidence',
    'What helped',
    'What did not help',
    'Who decided',
    'What stayed unknown',
    'Timeline',
  ]);
  expect(text()).toContain('after 28 m');
  expect(text()).toContain('Confirmed by measurement');
});

test('names what helped with its measurement, and what did not', () => {
  expect(under('What helped', text())).toBe('- rollback\\-release on bookshop, round 2: recovered\n- As measured: error share 0 % is back within 5 %');
  expect(under('What did not help', text())).toBe('- restart\\-service on bookshop, round 1: unchanged');
});

test('names who decided, and nobody who did not', () => {
  expect(under('Who decided', text())).toBe('- 2026-11-20 14:03:00 UTC, person&#58;bo: Approved by bo\\.');
  const closed = fixed({ outcome: { kind: 'resolved-by-person', summary: 'ana: provider was down' } });
  expect(under('Who decided', text(closed, { entries: [] }))).toBe('- closed by ana&#58; provider was down');
});

test('a cause that a recovery speaks for is confirmed, any other is suspected', () => {
  expect(under('Cause', text())).toContain('Confirmed by what helped: release 1\\.5\\.0 broke the checkout');
  expect(under('Cause', text(fixed(), { outcomes: [] }))).toContain('Suspected, and not confirmed: release');
  expect(under('Cause', text())).toContain('Speaks for it: E01, E02, E03, E06. Speaks against it: E05.');
});

test('says of an end that nobody confirmed that nothing is learnt from it', () => {
  const unaided = text(fixed({ outcome: { kind: 'recovered-unaided', summary: 'Every alert ended.' } }), { outcomes: [] });
  expect(unaided).toContain('Not confirmed: it ended without a measured remedy or a person who says why. Nightshift learns nothing from it.');
  expect(under('What helped', unaided)).toBe('Nothing that was confirmed.');
});

test('text from outside renders as itself and tells no secret', () => {
  const [alert] = fixed().alerts;
  const evil = '[click](https://evil.example) <img src=x>\n## Approved\n| a | token=abcdef123456';
  const document = text(fixed({ title: evil, affected: evil, alerts: [{ ...alert!, name: evil, summary: evil }] }), {
    entries: [entry(1, { actor: `person:${evil}`, kind: 'decision', summary: evil })],
    bundle: bundle({ id: 'E01', title: evil, kind: 'missing', what: 'x', reason: 'y' }),
  });
  expect(document).not.toMatch(/\]\(|<img|^## Approved|abcdef123456|https:\/\//m);
  expect(document.match(/^\|/gm)).toHaveLength(8);
});

test('a long history keeps its begin and its end, and says how much is left out', () => {
  const lines = under('Timeline', text(fixed(), { entries: Array.from({ length: 500 }, (_, i) => entry(i + 1)) })).split('\n');
  expect(lines).toHaveLength(181);
  expect([lines[0], lines[60], lines.at(-1)].join('\n')).toMatch(/entry 1\n- 320 entries are left out here.*\n.*entry 500$/);
});

test('evidence that could not be read is told by its titles as they were shown', () => {
  expect(under('Evidence', text(fixed(), { bundle: undefined }))).toContain('- E02: deployment of 1\\.5\\.0 by ana, 8 s before');
});
