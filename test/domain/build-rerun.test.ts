import type { Build, BuildResult } from '../../domain/build';
import { classOfRerun, mostFail, otherPipelines } from '../../domain/build-rerun';
import type { OtherPipelines } from '../../domain/build-rerun';

const QUIET: OtherPipelines = { pipelines: 4, failed: 0 };
const OUTAGE: OtherPipelines = { pipelines: 4, failed: 3 };
const COMMIT = '1a2b3c4d5e6f';

/** A build that ended like this, at the named phase where it failed. */
function build(result: BuildResult, phase?: string, over: Partial<Build> = {}): Build {
  return {
    ...{ id: `b-${result}`, source: 'codebuild', environment: 'prod', service: 'shop', name: 'shop', run: '1', result, endedAt: '2026-03-01T12:00:00.000Z' },
    ...{
      commit: COMMIT,
      ...(phase !== undefined && {
        steps: [
          { name: 'SUBMITTED', result: phase === 'SUBMITTED' ? result : 'succeeded' },
          { name: phase, result },
        ],
      }),
    },
    ...over,
  };
}

const because = (detail: string): Partial<Build> => ({ steps: [{ name: 'BUILD', result: 'failed', detail }] });
const unknownCommit: Partial<Build> = { commit: undefined as never };

test.each<[string, Build, Build, OtherPipelines, OtherPipelines, string, RegExp]>([
  [
    'the same commit passes',
    build('failed', 'BUILD'),
    build('succeeded'),
    QUIET,
    QUIET,
    'flaky',
    /^passed on a rerun in a clean environment, same commit 1a2b3c4$/,
  ],
  ['a short and a long form of one commit pass', build('failed', 'BUILD', { commit: '1a2b3c4' }), build('succeeded'), QUIET, QUIET, 'flaky', /same commit/],
  ['it fails in the same part', build('failed', 'BUILD'), build('failed', 'BUILD'), QUIET, QUIET, 'broken', /^failed again .*, at BUILD, same commit 1a2b3c4$/],
  ['it fails in the same part and tells no commit', build('failed', 'BUILD', unknownCommit), build('failed', 'BUILD'), QUIET, QUIET, 'broken', /at BUILD$/],
  [
    'it fails in the same part for another kind of reason',
    build('failed', 'BUILD', because('COMMAND_EXECUTION_ERROR: npm test')),
    build('failed', 'BUILD', because('OUT_OF_MEMORY_ERROR: killed')),
    QUIET,
    QUIET,
    'undecided',
    /for another reason than the first time$/,
  ],
  ['neither tells its parts and both fail', build('failed'), build('failed'), QUIET, QUIET, 'broken', /failed again/],
  ['it runs into its time limit twice', build('timed-out', 'BUILD'), build('timed-out', 'BUILD'), QUIET, QUIET, 'broken', /at BUILD/],
  ['one failed and one timed out, and neither tells where', build('failed'), build('timed-out'), QUIET, QUIET, 'undecided', /the first time elsewhere/],
  [
    'it failed while it was queued',
    build('timed-out', 'QUEUED'),
    build('succeeded'),
    QUIET,
    QUIET,
    'environment',
    /before its own commands ran, at QUEUED; passed/,
  ],
  [
    'its source could not be read, twice',
    build('failed', 'DOWNLOAD_SOURCE'),
    build('failed', 'DOWNLOAD_SOURCE'),
    QUIET,
    QUIET,
    'environment',
    /at DOWNLOAD_SOURCE/,
  ],
  ['CodeBuild had a fault', build('failed', 'BUILD', { fault: true }), build('succeeded'), QUIET, QUIET, 'environment', /by a fault of what builds, at BUILD/],
  [
    'it passes, and most others failed at first',
    build('failed', 'BUILD'),
    build('succeeded'),
    OUTAGE,
    QUIET,
    'environment',
    /^3 of 4 pipelines of other services failed/,
  ],
  [
    'it fails elsewhere while most others fail',
    build('failed', 'BUILD'),
    build('failed', 'INSTALL'),
    QUIET,
    OUTAGE,
    'environment',
    /the first time at BUILD; 3 of 4/,
  ],
  [
    'it fails in the same part, and most others do each time',
    build('failed', 'INSTALL'),
    build('failed', 'INSTALL'),
    OUTAGE,
    OUTAGE,
    'environment',
    /then too$/,
  ],
  ['it fails elsewhere alone', build('failed', 'BUILD'), build('failed', 'INSTALL'), QUIET, QUIET, 'undecided', /at INSTALL, the first time at BUILD/],
  ['the rerun never came to its commands', build('failed', 'BUILD'), build('failed', 'PROVISIONING'), QUIET, QUIET, 'undecided', /before its own commands ran/],
  [
    'another commit passes',
    build('failed', 'BUILD'),
    build('succeeded', undefined, { commit: 'ffffffffff' }),
    QUIET,
    QUIET,
    'undecided',
    /another commit, fffffff/,
  ],
  ['it passes, and nobody tells the commit', build('failed', 'BUILD', unknownCommit), build('succeeded'), QUIET, QUIET, 'undecided', /not told whether/],
  ['the rerun was stopped', build('failed', 'BUILD'), build('cancelled'), QUIET, QUIET, 'undecided', /stopped/],
])('when %s', (_, first, again, atFirst, atAgain, kind, reason) => {
  const classed = classOfRerun({ first, again, clean: true, others: { first: atFirst, again: atAgain } });
  expect(classed).toEqual({ class: kind, reason: expect.stringMatching(reason) as string });
});

test('a build that nobody knows to be a rerun is not said to have had a clean environment', () => {
  const { reason } = classOfRerun({ first: build('failed', 'BUILD'), again: build('succeeded'), clean: false, others: { first: QUIET, again: QUIET } });
  expect(reason).toBe('passed when it was built again, same commit 1a2b3c4');
});

test('of other services the newest build of each pipeline counts, not those of the same service, nor one that was stopped', () => {
  const other = (service: string, name: string, result: BuildResult, minute: number): Build =>
    build(result, undefined, { id: `${service}${name}${String(minute)}`, service, name, endedAt: `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z` });
  const found = otherPipelines({ environment: 'prod', service: 'shop' }, [
    other('shop', 'deploy', 'failed', 1),
    other('cart', 'ci', 'failed', 1),
    other('cart', 'ci', 'succeeded', 2),
    other('cart', 'nightly', 'failed', 2),
    other('mail', 'ci', 'timed-out', 1),
    other('pay', 'ci', 'cancelled', 1),
  ]);
  expect(found).toEqual({ pipelines: 3, failed: 2 });
});

test.each([
  [3, 2, true],
  [4, 2, false],
  [1, 1, false],
])('of %d others, %d that fail are most: %s', (pipelines, failed, most) => {
  expect(mostFail({ pipelines, failed })).toBe(most);
});
