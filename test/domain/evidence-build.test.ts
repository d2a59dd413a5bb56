import { buildEvidence } from '../../domain/evidence-build';
import { makeLines, makeSeries, T0 } from '../fakes/bookshop-series';
import { sampleRecord } from '../fakes/sample-anomaly';
import { badRelease, calmRaw, deployment, relapsed, twoReleases } from '../fakes/practice-faults';

test('ids run E01, E02, … and the same input gives the same bundle', () => {
  const bundle = buildEvidence(badRelease());
  expect(bundle.items.map((i) => i.id)).toEqual(bundle.items.map((_, i) => `E0${i + 1}`));
  expect(buildEvidence(badRelease())).toEqual(bundle);
});

test('stays within 24 items and 40 KiB, whatever was gathered', () => {
  const long = 'x'.repeat(5000);
  const crowd = Array.from({ length: 40 }, (_, i) => i);
  const saturation = Object.fromEntries(crowd.map((i) => [`resource-${i}`, 0.5]));
  const bundle = buildEvidence({
    ...calmRaw(),
    settings: { baselineMs: 3_600_000, lookbackMs: 7_200_000, stepMs: 1000 },
    samples: crowd.slice(0, 6).flatMap((i) => makeSeries({ seconds: 60, instance: `instance-${i}`, at: () => ({ rate: 3, saturation }) })),
    neighbours: crowd.map((i) => ({ service: `neighbour-${i}`, samples: makeSeries({ service: `n${i}`, seconds: 5, at: () => ({ rate: 1, saturation }) }) })),
    logs: crowd.flatMap((i) => makeLines('error', 50, 51, 100, () => `${String.fromCharCode(97 + (i % 26))}${'y'.repeat(i)} ${long}`)),
    changes: crowd.map((i) => ({ ...deployment(i, '1', '2'), id: `c${i}`, summary: long, link: `https://x/${long}` })),
    missing: crowd.map((i) => ({ what: `thing ${i} ${long}`, reason: long })),
  });
  expect(bundle.items.length).toBeLessThanOrEqual(24);
  expect(Buffer.byteLength(JSON.stringify(bundle))).toBeLessThanOrEqual(40 * 1024);
  expect(new Set(bundle.items.map((i) => i.kind))).toContain('missing');
});

test('what our detector found stands last, with its sentence, and gives way first', () => {
  const found = Array.from({ length: 9 }, (_, i) => sampleRecord({ measure: `m${String(i)}` }));
  const facts = buildEvidence({ ...badRelease(), anomalies: found }).items.filter((item) => item.kind === 'anomaly');
  expect(facts).toHaveLength(4);
  expect(facts[0]).toMatchObject({ anomaly: found[0]?.id, score: 0.8, title: expect.stringMatching(/^error share: 0\.25 is above .*remembered\.$/) as string });
  const without = buildEvidence(badRelease()).items;
  expect(buildEvidence({ ...badRelease(), anomalies: found }).items.slice(0, without.length)).toEqual(without);
});

test('secrets in what people wrote about a change are redacted, its author is kept by name', () => {
  const change = { ...deployment(40, '1.4.0', '1.5.0', 'ana@example.com'), summary: 'deploy with password=hunter22' };
  const item = buildEvidence({ ...badRelease(), changes: [change] }).items.find((i) => i.kind === 'change');
  expect(item).toMatchObject({ change: { summary: 'deploy with password=[redacted]', author: 'ana' } });
});

test('after an effect of ours the state now is what followed it', () => {
  const metrics = buildEvidence(twoReleases(2)).items.find((i) => i.kind === 'metrics');
  expect(metrics).toMatchObject({ now: { from: T0 + 64_000 } });
});

test('after a relapse what is normal begins when the service was well again, and words of the first trouble are new once more', () => {
  const bundle = buildEvidence(relapsed());
  // What the scrape at second 54 counted happened in the step before it.
  expect(bundle.onset).toBe(T0 + 53_000);
  expect(bundle.items.find((i) => i.kind === 'metrics')).toMatchObject({ baseline: { from: T0 + 34_000, to: T0 + 53_000 } });
  expect(bundle.items.find((i) => i.kind === 'logs')).toMatchObject({ patterns: [{ isNew: true }] });
  expect(bundle.items.find((i) => i.kind === 'metrics' && (i.baseline.errorShare ?? 1) < 0.01)).toBeDefined();
});

test('what could not be read stands as missing, with the reason', () => {
  const items = buildEvidence({ ...calmRaw(), samples: [], logs: null, changes: null }).items.filter((i) => i.kind === 'missing');
  expect(items.map((i) => (i.kind === 'missing' ? i.what : ''))).toEqual(['metrics', 'logs', 'changes']);
});

test('an alert that says it began long ago or in the future does no harm', () => {
  expect(buildEvidence({ ...calmRaw(), firstAlertAt: 0 }).onset).toBe(0);
  expect(buildEvidence({ ...calmRaw(), firstAlertAt: T0 + 9e9 }).onset).toBeLessThanOrEqual(T0 + 60_000);
});
