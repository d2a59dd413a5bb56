import type { Build } from '../../domain/build';
import { buildDiagnosis, CALM_PIPELINE, followBuild, isOfBuilds } from '../../domain/build-anomaly';
import type { BuildNews, PipelineState } from '../../domain/build-anomaly';
import { judgeBuild } from '../../domain/build-score';
import { LEAST_VECTORS, oddVector } from '../../domain/build-vector';
import { anomalyText } from '../../domain/detection/anomaly-record';
import { diagnose } from '../../domain/diagnose';
import { buildEvidence } from '../../domain/evidence-build';
import { seededRandom } from '../../domain/seeded-random';
import { badRelease } from '../fakes/practice-faults';

const MINUTE = 60_000;
const GIB = 2 ** 30;
const random = seededRandom(11);
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A build whose duration and CPU time go up and down together; `more` are factors. */
function build(i: number, more: { readonly duration?: number; readonly cpu?: number; readonly memory?: number } = {}, over: Partial<Build> = {}): Build {
  const load = 0.1 * gauss();
  const [duration, cpu] = [Math.exp(load + 0.01 * gauss()), Math.exp(load + 0.01 * gauss())];
  return {
    ...{ id: `ci-${String(i)}`, source: 'ci', environment: 'prod', service: 'shop', name: 'ci / test', run: String(i), result: 'succeeded', branch: 'main' },
    ...{ endedAt: new Date(Date.parse('2026-03-01T00:00:00Z') + i * 60 * MINUTE).toISOString(), durationMs: 5 * MINUTE * duration * (more.duration ?? 1) },
    tests: { total: 400, failed: 0 },
    usage: { cpuMs: 9 * MINUTE * cpu * (more.cpu ?? 1), memoryBytes: 2 * GIB * Math.exp(0.05 * gauss()) * (more.memory ?? 1) },
    ...over,
  };
}

/** Newest first. */
const BEFORE = Array.from({ length: 100 }, (_, i) => build(i)).reverse();
const follow = (builds: readonly Build[], state: PipelineState = CALM_PIPELINE): readonly BuildNews[] => {
  let now = state;
  return builds.map((each) => {
    const news = followBuild(now, each, judgeBuild(each, BEFORE), BEFORE);
    now = news.state;
    return news;
  });
};
const names = (news: readonly BuildNews[]): string[] => news.map(({ alerts }) => alerts.map(({ status }) => status).join());

test('a build whose measures are odd only together is anomalous, by a forest, with the dimensions that make the score', () => {
  const usage = { cpuMs: 9 * MINUTE * Math.exp(-0.42), memoryBytes: 2 * GIB * Math.exp(0.21) };
  const odd = build(100, {}, { durationMs: 5 * MINUTE * Math.exp(0.42), usage, tests: { total: 400, failed: 7 } });
  const { verdict, reason, odd: measures } = judgeBuild(odd, BEFORE);
  expect(verdict).toBe('anomalous');
  expect(reason).toMatch(
    /^odd taken together, 1\.\d+ times as much as any build before: share of failed tests 1\.8 %, where 0 % is usual \(\d+ % of the score\)/,
  );
  expect(measures).toEqual(['share of failed tests']);
  expect(oddVector(odd, BEFORE)).toEqual(oddVector(odd, BEFORE));
});

test('a usual build is not, nor one with too few before it', () => {
  expect(oddVector(build(100), BEFORE)).toBeUndefined();
  expect(oddVector(build(100, { duration: 3, cpu: 3 }), BEFORE.slice(0, LEAST_VECTORS - 1))).toBeUndefined();
});

test('one anomalous build is an anomaly with its picture and no alert; the second in the same measure is the mildest alert, which the first normal one ends', () => {
  const news = follow([build(100, { duration: 3 }), build(101, { duration: 3 }), build(102, { duration: 3 }), build(103)]);
  expect(names(news)).toEqual(['', 'firing', '', 'resolved']);
  const [, second, , fourth] = news;
  expect(second?.alerts[0]).toMatchObject({ name: 'BuildUnusual', severity: 'sev4', signal: 'build', anomaly: second?.record?.id });
  expect(second?.alerts[0]?.summary).toMatch(/^shop: pipeline ci \/ test: 2 builds in a row are unusual in duration; build 101: duration 1\d m.*is usual\.$/);
  expect(fourth?.alerts[0]).toMatchObject({ fingerprint: second?.alerts[0]?.fingerprint, startsAt: second?.alerts[0]?.startsAt });
  expect(news[0]?.record?.anomaly.kind).toBe('build');
  expect(news[0]?.record && anomalyText(news[0].record)).toMatch(/^ci \/ test: duration/);
  expect(news[0]?.record?.points).toHaveLength(100);
});

test.each<[string, readonly Build[]]>([
  ['in different measures', [build(100, { duration: 3 }), build(101, { memory: 3 })]],
  ['with a normal one between', [build(100, { duration: 3 }), build(101), build(102, { duration: 3 })]],
  ['on another branch than usual', [build(100, { duration: 3 }, { branch: 'try' }), build(101, { duration: 3 }, { branch: 'try' })]],
])('two anomalous builds %s are no alert', (_, builds) => {
  expect(names(follow(builds)).join('')).toBe('');
});

test('ids hold the build: the same build gives the same, another another', () => {
  const [a, b] = [build(100, { duration: 3 }), build(100, { duration: 3 }, { id: 'ci-other' })];
  const idOf = (one: Build): string | undefined => follow([one])[0]?.record?.id;
  expect(idOf(a)).toBe(idOf(a));
  expect(idOf(a)).not.toBe(idOf(b));
});

test('for unusual builds alone no release is blamed', () => {
  const found = diagnose(buildEvidence(badRelease()), []);
  expect(buildDiagnosis(found)).toMatchObject({ verdict: 'undetermined', hypotheses: [] });
  expect(buildDiagnosis(found).ruledOut[0]?.title).toBe(found.hypotheses[0]?.title);
  expect(isOfBuilds([{ source: 'builds', status: 'firing' }])).toBe(true);
  expect(
    isOfBuilds([
      { source: 'builds', status: 'firing' },
      { source: 'detector', status: 'firing' },
    ]),
  ).toBe(false);
});
