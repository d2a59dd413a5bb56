import type { Deployment } from '../../../domain/aws/deployment';
import type { Revision } from '../../../domain/aws/revision';
import { rollbackAfterStop, strangersSince, wayBack } from '../../../domain/aws/way-back';

const s3 = (key: string, version?: string): Revision => ({ revisionType: 'S3', s3Location: { bucket: 'releases', key, version } });
const git = (commitId: string): Revision => ({ revisionType: 'GitHub', gitHubLocation: { repository: 'shop/web', commitId } });

type Told = string | (Partial<Deployment> & { readonly is: string });

/** The latest first, one a minute; `A+` succeeded, `A-` failed, `A!` was stopped, `A~` is in progress. */
function history(...latestFirst: Told[]): Deployment[] {
  const statuses: Readonly<Record<string, string>> = { '+': 'Succeeded', '-': 'Failed', '!': 'Stopped', '~': 'InProgress' };
  return latestFirst.map((one, i) => {
    const { is, ...more } = typeof one === 'string' ? { is: one } : one;
    const number = latestFirst.length - i;
    const status = statuses[is.at(-1) ?? ''] ?? '';
    return { id: `d-${String(number)}`, status, createdAt: number * 60_000, revision: git(is.slice(0, -1)), ...more };
  });
}
const rollback = (is: string) => ({ is, creator: 'codeDeployRollback' });

test.each<[string, Deployment[], object]>([
  ['the one before, after a release that succeeded', history('B+', 'A+'), { kind: 'create', to: git('A'), from: git('B'), brought: 'd-1' }],
  ['the last good one, after one that failed', history('C-', 'B+', 'A+'), { kind: 'create', to: git('B'), from: git('C'), brought: 'd-2' }],
  ['the last good one, after one that was stopped without a rollback', history('C!', 'B+'), { kind: 'create', to: git('B'), from: git('C') }],
  ['before the same revision, brought several times', history('B-', 'B+', 'B+', 'A+'), { kind: 'create', to: git('A'), from: git('B') }],
  ['past what was left again by returning to an earlier one', history('D+', 'A+', 'C+', 'B+', 'A+'), { kind: 'create', to: git('A'), from: git('D') }],
  ['past a restart', history({ is: 'B+', restarts: true }, 'B+', 'A+'), { kind: 'create', to: git('A') }],
  ['past upkeep of new instances', history({ is: 'B~', creator: 'autoscaling' }, 'B+', 'A+'), { kind: 'create', to: git('A') }],
  ['after a rollback and a new release', history('C+', rollback('A+'), 'B!', 'A+'), { kind: 'create', to: git('A'), from: git('C'), brought: 'd-3' }],
  ['by stopping what is under way', history('C~', 'B+', 'A+'), { kind: 'stop', deployment: 'd-3', from: git('C'), to: git('B') }],
])('goes back: %s', (_what, deployments, way) => {
  expect(wayBack(deployments)).toMatchObject(way);
});

test.each<[string, Deployment[], RegExp]>([
  ['nothing was deployed', [], /nothing was deployed/],
  ['only one revision has ever succeeded', history('A+', 'A+'), /no other revision than A has succeeded/],
  ['nothing has succeeded before what is under way', history('B~', 'A-'), /nothing has succeeded before d-2/],
  ['what is under way rolls back', history({ ...rollback('A~') }, 'B!', 'A+'), /d-3 rolls back already/],
  ['what is under way is a restart', history({ is: 'B~', restarts: true }, 'B+', 'A+'), /starts the application anew/],
  ['a blue/green deployment waits to end its first fleet', history({ is: 'B~', blueGreen: true, status: 'Baking' }, 'A+'), /waits \(Baking\)/],
  ['a blue/green deployment ends its first fleet', history({ is: 'B~', blueGreen: true, waitsToEndFleet: true }, 'A+'), /blue\/green deployment that waits/],
  ['it was rolled back by CodeDeploy', history(rollback('A+'), 'B!', 'A+'), /d-3 has rolled back to A already/],
  ['it was rolled back by Nightshift', history({ is: 'A+', description: 'nightshift:t' }, 'B+', 'A+'), /going further back is for a person/],
  ['a rollback has failed', history(rollback('A-'), 'B!', 'A+'), /the rollback d-3 is Failed/],
])('does not go back where %s', (_what, deployments, reason) => {
  expect(wayBack(deployments)).toEqual({ kind: 'none', reason: expect.stringMatching(reason) as string });
});

test('an object that may have been written over is no way back; one under another name is', () => {
  const of = (from: Revision, to: Revision): string => wayBack(history({ is: 'B+', revision: from }, { is: 'A+', revision: to })).kind;
  expect(of(s3('app.zip', 'v2'), s3('app.zip', 'v1'))).toBe('create');
  expect(of(s3('app.zip', 'v2'), s3('app.zip'))).toBe('none');
  expect(of(s3('app.zip'), s3('app.zip'))).toBe('none');
  expect(of(s3('app-2.zip'), s3('app-1.zip'))).toBe('create');
});

test('a stranger is whatever began after the intent, but ours and upkeep', () => {
  const deployments = history({ is: 'E+', creator: 'autoscaling' }, 'D+', { is: 'C+', description: 'nightshift:t' }, 'B+', 'A+');
  const found = strangersSince(deployments, 120_000, ({ description }) => description === 'nightshift:t');
  expect(found.map(({ id }) => id)).toEqual(['d-4']);
});

describe('a rollback whose stop nobody knows of any more', () => {
  const stopped = { is: 'B!', id: 'd-B', createdAt: 100, endedAt: 1_000 };
  const back = { ...rollback('A~'), rollsBack: 'd-B', id: 'd-back', createdAt: 1_000 };
  const found = (at: { intendedAt: number; from: number }, ...deployments: Told[]): string | undefined => rollbackAfterStop(history(...deployments), at)?.id;

  test('is of a deployment that was active when it was intended', () => {
    expect(found({ intendedAt: 900, from: 600 }, back, stopped)).toBe('d-back');
    expect(found({ intendedAt: 1_100, from: 800 }, back, stopped)).toBeUndefined();
    expect(found({ intendedAt: 50, from: 0 }, back, stopped)).toBeUndefined();
  });

  test('or that was stopped by hand lately', () => {
    const byHand = { ...stopped, error: { code: 'MANUAL_STOP', message: '' } };
    expect(found({ intendedAt: 1_100, from: 800 }, back, byHand)).toBe('d-back');
    expect(found({ intendedAt: 9_000, from: 8_700 }, back, byHand)).toBeUndefined();
  });

  test('and nothing has begun since', () => {
    expect(found({ intendedAt: 900, from: 600 }, 'C+', back, stopped)).toBeUndefined();
  });
});
