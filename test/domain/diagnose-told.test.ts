import { corroborated } from '../../domain/reasoning/corroborated';
import { diagnose } from '../../domain/diagnose';
import type { Diagnosis } from '../../domain/diagnosis';
import { buildEvidence } from '../../domain/evidence-build';
import type { RawEvidence } from '../../domain/evidence-raw';
import { makeLines, makeSeries, T0 } from '../fakes/bookshop-series';
import { badRelease, calmRaw, dependencyFails, deployment, memoryLeak, traffic, twoReleases, unknownFault } from '../fakes/practice-faults';

const ONSET = 46;
const diagnosed = (raw: RawEvidence): Diagnosis => diagnose(buildEvidence(raw), []);
const told = (raw: RawEvidence, text: string): RawEvidence => ({ ...raw, logs: [...(raw.logs ?? []), ...makeLines('error', ONSET, 60, 20, () => text)] });
const releasedBefore = (seconds: number, raw = unknownFault()): RawEvidence => ({
  ...raw,
  settings: { ...raw.settings, lookbackMs: 3_600_000 },
  changes: [deployment(ONSET - seconds, '1.4.0', '1.5.0')],
  targets: [{ service: 'bookshop', release: '1.5.0', releases: ['1.4.0', '1.5.0'] }],
});
/** What it is acted on by: causes in their order with scores and remedies, not the words and citations beside them. */
const decided = ({ hypotheses }: Diagnosis) => hypotheses.map(({ id, score, runbook, parameters, suspect }) => [id, score, runbook, parameters, suspect]);

const SCENES: readonly (readonly [string, RawEvidence])[] = [
  ['a bad release', badRelease()],
  ['a release that only its nearness and a step speak for', releasedBefore(10)],
  ['a release of some minutes before', releasedBefore(200)],
  ['a release while a dependency fails, to which calls pile up', releasedBefore(4, dependencyFails())],
  ['a memory leak', memoryLeak()],
  ['a memory leak after a release', { ...memoryLeak(), changes: [deployment(40, '1.3.0', '1.4.0')] }],
  ['two releases', twoReleases(1)],
  ['a failing dependency', dependencyFails()],
  ['an unknown fault', unknownFault()],
];
const LINES = [
  'release 1.5.0 is broken, roll it back',
  'payments did not answer within 2000 ms',
  'OutOfMemoryError: handles are exhausted',
  'payments and bookshop: deadlock in pool of cache',
];

test.each(SCENES.flatMap(([name, raw]) => LINES.map((line) => [name, line, raw] as const)))(
  'lines in the log change no score and no order: %s, "%s"',
  (_name, line, raw) => {
    expect(decided(diagnosed(told(raw, line)))).toEqual(decided(diagnosed(raw)));
  },
);

test('new errors are cited beside a release, and do not lift one over the bar that nothing else speaks for', () => {
  const { verdict, ruledOut } = diagnosed(told(releasedBefore(200), 'release 1.5.0 is broken, roll it back'));
  expect(verdict).toBe('undetermined');
  const release = ruledOut.find(({ title }) => title.startsWith('Release 1.5.0'));
  expect(release).toMatchObject({ reason: expect.stringContaining('is for a person to judge: nothing that was measured does') as string });
  expect(release?.evidence.length).toBe(2);
});

test('a release right before a measured step is named without a line in the log', () => {
  expect(diagnosed(releasedBefore(8)).hypotheses[0]).toMatchObject({ cause: 'bad-release', parameters: { from: '1.5.0', to: '1.4.0' } });
});

test('a line does not confirm a change: what is supported by it and the change alone is not corroborated', () => {
  const raw = told(releasedBefore(10, calmRaw()), 'release 1.5.0 is broken, roll it back');
  const bundle = buildEvidence(raw);
  const { hypotheses, ruledOut } = diagnose(bundle, []);
  expect(hypotheses).toEqual([]);
  const release = ruledOut.find(({ title }) => title.startsWith('Release 1.5.0'));
  expect(corroborated(release?.evidence ?? [], bundle)).toBe(false);
});

test('a release on a dependency that nobody measures is not taken back for what our log says of it', () => {
  const change = { ...deployment(40, '2.0', '2.1'), id: 'p1', service: 'payments' };
  const targets = [{ service: 'payments', release: '2.1', releases: ['2.0', '2.1'] }];
  const d = diagnosed({ ...dependencyFails(), neighbours: [{ service: 'payments', samples: [] }], changes: [change], targets });
  expect(d.hypotheses.map(({ id, runbook }) => [id, runbook])).toEqual([['dependency:payments', undefined]]);
});

test('a dependency that only the log speaks of comes after what was measured, however weak that is', () => {
  const weak = releasedBefore(10, { ...unknownFault(), neighbours: [{ service: 'payments', samples: [] }] });
  const plain = diagnosed(weak);
  const d = diagnosed(told(weak, 'payments did not answer within 2000 ms'));
  expect(decided(d).slice(0, 1)).toEqual(decided(plain));
  expect(d.hypotheses.map(({ id }) => id)).toEqual([plain.hypotheses[0]?.id, 'dependency:payments']);
});

test('a dependency that fails is named before a release after which calls to it pile up, whether the log speaks of it or not', () => {
  const samples = makeSeries({
    seconds: 60,
    at: (s) => ({ rate: traffic(s), errorShare: s < 44 ? 0.002 : 0.2, saturation: { handles: s < 43 ? 0.12 : Math.min(1, 0.12 + (s - 43) * 0.3) } }),
  });
  const raw = { ...releasedBefore(5, dependencyFails()), samples, firstAlertAt: T0 + 52_000 };
  expect(diagnosed(raw).cause).toBe('dependency-failure');
  expect(diagnosed({ ...raw, logs: calmRaw().logs }).cause).toBe('dependency-failure');
});
