import { arrivalText, predictionSeverity } from '../../../domain/prediction/prediction-alert';
import { HANDLES, HOUR } from './samples';

test.each([
  [2.5, 4.2, 'in 2 to 5 hours'],
  [3, 3, 'in about 3 hours'],
  [0, 5, 'within 5 hours'],
  [-1, 1, 'within 60 minutes'],
  [0.4, 1.5, 'in 24 to 90 minutes'],
  [50, 130, 'in 2 to 6 days'],
  [5, null, 'in 5 hours at the earliest'],
])('an arrival between %p and %p hours is said as people say it', (earliest, latest, text) => {
  expect(arrivalText(0, { earliest: earliest * HOUR, latest: latest === null ? null : latest * HOUR })).toBe(text);
});

test('a prediction is at most sev3 by itself, and what is declared counts', () => {
  expect(predictionSeverity(HANDLES)).toBe('sev3');
  expect(predictionSeverity({ ...HANDLES, tier: 'low' })).toBe('sev4');
  expect(predictionSeverity({ ...HANDLES, severity: 'sev1' })).toBe('sev1');
});
