import { feedbackOfEnd } from '../../../domain/detection/anomaly-feedback';
import type { IncidentOutcome } from '../../../domain/incident-view';

const end = (kind: IncidentOutcome['kind'], actors: readonly string[] = ['nightshift', 'policy'], over: object = {}) =>
  feedbackOfEnd({ status: 'resolved', outcome: { kind, summary: 'over' }, ...over }, actors);

test('what was fixed was acted on, whoever answered', () => {
  expect([end('fixed'), end('fixed', ['person:ana'])]).toEqual(['acted', 'acted']);
});

test('what went by itself without anybody was ignored', () => {
  expect(end('recovered-unaided')).toBe('ignored');
});

test.each([
  ['answered', ['person:ana'], {}],
  ['answered without proof of who it was', ['unverified:ana'], {}],
  ['acknowledged', [], { acknowledgedBy: 'ana' }],
])('what went by itself and a person %s says nothing', (_how, actors, over) => {
  expect(end('recovered-unaided', actors, over)).toBeUndefined();
});

test('a note in our own name is no person', () => {
  expect(end('recovered-unaided', ['person:nightshift'])).toBe('ignored');
});

test('what a person closed, and what has not ended, says nothing', () => {
  expect(end('resolved-by-person')).toBeUndefined();
  expect(end('fixed', [], { status: 'watching' })).toBeUndefined();
});
