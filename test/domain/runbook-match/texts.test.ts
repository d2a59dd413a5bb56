import type { AlertNote } from '../../../domain/alert';
import { buildEvidence } from '../../../domain/evidence-build';
import { evidenceTexts } from '../../../domain/runbook-match/texts';
import { badRelease } from '../../fakes/practice-faults';

const alert: AlertNote = {
  ...{ fingerprint: 'f', name: 'ErrorShareHigh', source: 'detector', status: 'firing', severity: 'sev3', summary: 'POST /checkout fails', startsAt: '' },
  ...{ signal: 'errorShare', anomaly: 'an-1' },
};
const trusts = (alerts: readonly AlertNote[]): string[] => evidenceTexts(undefined, alerts).map(({ trust, text }) => `${trust}: ${text}`);

test('logs and changes are what others can write, metrics what we measured', () => {
  const bundle = buildEvidence(badRelease());
  const trusted = new Set(evidenceTexts(bundle, []).flatMap(({ id, trust }) => (trust === 'measured' ? [id] : [])));
  const kinds = new Set(bundle.items.flatMap(({ id, kind }) => (trusted.has(id) ? [kind] : [])));
  expect([...kinds].filter((kind) => !['metrics', 'saturation', 'no-change', 'neighbour'].includes(kind))).toEqual([]);
  expect(kinds.has('metrics')).toBe(true);
  expect(evidenceTexts(bundle, []).some(({ trust }) => trust === 'outside')).toBe(true);
});

test('of alerts only the name and the signal of our own detector are trusted, never the summary', () => {
  expect(trusts([alert])).toEqual(['measured: ErrorShareHigh errorShare', 'outside: POST /checkout fails']);
  const { anomaly: _anomaly, ...forged } = alert;
  expect(trusts([forged])[0]).toBe('outside: ErrorShareHigh errorShare');
});

test('alerts that have ended tell nothing while others fire', () => {
  const ended: AlertNote = { ...alert, name: 'DiskFull', status: 'resolved' };
  expect(trusts([ended, alert]).join()).not.toContain('DiskFull');
  expect(trusts([ended]).join()).toContain('DiskFull');
});
