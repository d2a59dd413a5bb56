import type { AlertNote } from '../../../domain/alert';
import type { Attempt } from '../../../domain/diagnosis';
import { foretoldDiagnosis } from '../../../domain/prediction/foretold';
import { firingAlert } from '../../../domain/prediction/prediction-alert';
import { capacityFor, shortageHypothesis } from '../../../domain/prediction/shortage';
import { lookAhead, NOTHING_PREDICTED } from '../../../domain/prediction/prediction-watch';
import { HANDLES, HOUR, lookAt, START } from './samples';

const FROM = START + 3 * HOUR;
const UNTIL = START + 6 * HOUR;
const note: AlertNote = {
  ...{ fingerprint: 'p', name: 'PredictedBreach', source: 'forecast', status: 'firing', severity: 'sev3', signal: HANDLES.signal },
  ...{ startsAt: new Date(START).toISOString(), summary: 'bookshop: order handles will be full in 3 to 5 hours. It will rise.' },
  shortage: { from: FROM, until: UNTIL, factor: 1.25 },
};

test.each([
  [1.25, 0, '+40%', '2026-03-01T14:45Z'],
  [1, 0, '+10%', '2026-03-01T14:45Z'],
  [3, 0, '+100%', '2026-03-01T14:45Z'],
  [1.25, 2.9, '+40%', '2026-03-01T14:54Z'],
])('%p times what is there, told %p hours ahead of it: %s from %s on', (factor, hour, by, at) => {
  expect(capacityFor({ from: FROM, until: UNTIL, factor }, START + hour * HOUR)).toEqual({ by, at, until: '2026-03-01T18:30Z' });
});

test('a prediction of something that fills up says from when until when and how much is missing, by the edges of the forecast', () => {
  const rising = [0.7, 0.8, 0.97, 1.02, 1.06, 1.2];
  const before = lookAhead(NOTHING_PREDICTED, HANDLES, lookAt(rising)).state;
  const { alerts } = lookAhead(before, HANDLES, lookAt(rising, 1));
  expect(alerts).toMatchObject([{ shortage: { from: START + 3 * HOUR, until: START + 6 * HOUR, factor: 1.25 / 0.99 } }]);
  const plain = lookAhead(before, { ...HANDLES, fills: false }, lookAt(rising, 1));
  expect(plain.alerts).toMatchObject([{ name: 'PredictedBreach' }]);
  expect(plain.alerts[0]).not.toHaveProperty('shortage');
});

test('of several shortages the soonest is met; one that ended, and what comes from elsewhere under that name, is none', () => {
  const later = { ...note, fingerprint: 'l', signal: 'saturation:cache', shortage: { from: FROM + HOUR, until: UNTIL, factor: 2 } };
  expect(shortageHypothesis('bookshop', [later, note], [])).toMatchObject({
    ...{ id: 'foretold:bookshop:saturation:order-handles', cause: 'resource-exhaustion', suspect: 'bookshop', runbook: 'schedule-capacity' },
    parameters: { by: '+40%', at: '2026-03-01T14:45Z', until: '2026-03-01T18:30Z' },
    title: 'bookshop: order handles will be full in 3 to 5 hours',
  });
  expect(shortageHypothesis('bookshop', [{ ...note, status: 'resolved' }], [])).toBeUndefined();
  expect(shortageHypothesis('bookshop', [{ ...note, source: 'generic' }], [])).toBeUndefined();
});

test('what was answered once is not proposed again, and what was refused before it began is', () => {
  const attempt = (verdict: string): Attempt => ({
    ...{ round: 1, hypothesis: 'foretold:bookshop:saturation:order-handles', runbook: 'schedule-capacity', parameters: {}, verdict },
  });
  for (const verdict of ['rejected', 'unknown']) expect(shortageHypothesis('bookshop', [note], [attempt(verdict)])).not.toHaveProperty('runbook');
  expect(shortageHypothesis('bookshop', [note], [attempt('refused')])).toHaveProperty('runbook', 'schedule-capacity');
});

test('it stands before what was measured to fill up, whose evidence it cites', () => {
  const filling = { id: 'r', cause: 'resource-exhaustion', title: 'full', score: 0.9, supporting: ['E03'], contradicting: [] } as const;
  const found = { verdict: 'undetermined', cause: 'undetermined', hypotheses: [], ruledOut: [], unknown: [] } as const;
  const shortage = shortageHypothesis('bookshop', [note], []);
  expect(foretoldDiagnosis(found, shortage)).toMatchObject({ verdict: 'determined', cause: 'resource-exhaustion', hypotheses: [{ supporting: [] }] });
  expect(foretoldDiagnosis({ ...found, hypotheses: [filling] }, shortage).hypotheses.map(({ id, supporting }) => [id, supporting])).toEqual([
    ['foretold:bookshop:saturation:order-handles', ['E03']],
    ['r', ['E03']],
  ]);
});

test('a series that must not fall below a limit says nothing of how much is missing', () => {
  const breach = { kind: 'predicted-breach', limit: { side: 'below', value: 10 }, at: START, value: 20, nominal: 0.8, until: UNTIL, worst: 2 } as const;
  const eta = { earliest: FROM, expected: FROM, latest: FROM };
  const alert = firingAlert({ ...HANDLES, limit: breach.limit }, { ...breach, eta, record: lookAt([]).record, why: 'Why.' });
  expect(alert).not.toHaveProperty('shortage');
});
