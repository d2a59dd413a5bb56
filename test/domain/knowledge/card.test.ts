import { cardOf, cardText } from '../../../domain/knowledge/card';
import { sampleView } from '../../fakes/incident-samples';
import { bundle, pattern } from './samples';

const change = { id: 'c1', kind: 'deployment', environment: 'demo', service: 'bookshop', at: '2026-11-20T14:01:00Z', author: 'ana', summary: '1.5.0' } as const;
const logs = (...patterns: ReturnType<typeof pattern>[]) => ({ id: 'E01', title: 'logs', kind: 'logs', service: 'bookshop', patterns, linesRead: 9 }) as const;

test('holds service, cause, names of alerts, kinds of changes before the onset, and signs', () => {
  const evidence = bundle(
    { id: 'E01', title: 'deployed', kind: 'change', change, leadMs: 8000 },
    { id: 'E02', title: 'configured later', kind: 'change', change: { ...change, kind: 'configuration' }, leadMs: -1 },
    { id: 'E03', title: 'our own', kind: 'change', change: { ...change, kind: 'restart', author: 'nightshift' }, leadMs: 8000 },
    { id: 'E04', title: 'memory', kind: 'saturation', service: 'bookshop', resource: 'memory', before: 0.4, now: 0.9, rising: true },
    { id: 'E05', title: 'disk', kind: 'saturation', service: 'bookshop', resource: 'disk', before: 0.4, now: 0.4, rising: false },
  );
  expect(cardOf(sampleView(), evidence)).toEqual({
    incidentId: sampleView().incidentId,
    environment: 'demo',
    service: 'bookshop',
    cause: 'bad-release',
    alerts: ['ErrorShareHigh'],
    logs: [],
    changes: ['deployment'],
    signs: ['memory rises'],
  });
});

test('holds templates of lines that came up, the most frequent first, masked and without what looks like a secret', () => {
  const evidence = bundle(
    logs(
      pattern('usual line', { isNew: false, before: 50 }),
      pattern('few', { since: 2 }),
      pattern('no handle free after 17 tries password=hunter2', { since: 80 }),
    ),
  );
  const { logs: templates } = cardOf(sampleView(), evidence);
  expect(templates).toHaveLength(2);
  expect(templates[0]).toMatch(/^no handle free after <n> tries password=/);
  expect(JSON.stringify(templates)).not.toContain('hunter2');
  expect(templates[1]).toBe('few');
});

test('is the same text for the same facts in another order, and names neither person nor value', () => {
  const [alert] = sampleView().alerts;
  const named = (...names: readonly string[]) => sampleView({ alerts: names.map((name) => ({ ...alert!, name })) });
  const text = cardText(cardOf(named('B', 'A'), bundle(logs(pattern('x down', { since: 1 }), pattern('y down', { since: 1 })))));
  expect(text).toBe(cardText(cardOf(named('A', 'B', 'A'), bundle(logs(pattern('y down', { since: 1 }), pattern('x down', { since: 1 }))))));
  expect(text).toBe('service: bookshop\ncause: bad-release\nalerts: A; B\nlog lines: x down; y down');
});

test('an undetermined cause is none', () => {
  expect(cardOf(sampleView({ cause: 'undetermined' }), undefined)).not.toHaveProperty('cause');
});

test('stays small however long names and lines are', () => {
  const evidence = bundle(logs(...Array.from({ length: 50 }, (_, i) => pattern(`${'word'.repeat(9)}${'abcdefghij'[i % 10] ?? ''} `.repeat(40)))));
  expect(cardText(cardOf(sampleView(), evidence)).length).toBeLessThan(3000);
});
