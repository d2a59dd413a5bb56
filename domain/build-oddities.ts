import type { BuildResult } from './build';

/** Something about the builds of a pipeline that a person should look at. */
export interface BuildOddity {
  readonly kind: 'failures-in-a-row' | 'flaky';
  /** Builds in the row, or commits. */
  readonly count: number;
  /** Whether the row goes on until the newest build. */
  readonly ongoing?: boolean;
  /** Begin of the row, ISO 8601. */
  readonly since?: string;
  /** Commits that both succeeded and failed, at most five. */
  readonly commits?: readonly string[];
  /** The same in a sentence. */
  readonly text: string;
}

/** What is read of a build. */
export interface ToldResult {
  readonly result: BuildResult;
  readonly endedAt: string;
  readonly commit?: string | undefined;
}

/** So many failures one after another are worth a look. */
const LEAST_ROW = 3;
/** Commits that are named. */
const MOST_COMMITS = 5;
const SHOWN_COMMIT = 10;

/** Whether a build failed; one that was cancelled says nothing about what was built. */
export function isFailed(result: BuildResult): boolean {
  return result === 'failed' || result === 'timed-out';
}

/** What is odd about the builds of one pipeline, which stand in order of time. */
export function buildOddities(builds: readonly ToldResult[]): readonly BuildOddity[] {
  const told = builds.filter(({ result }) => result !== 'cancelled');
  return [failuresInARow(told), flakyCommits(told)].filter((each) => each !== undefined);
}

function failuresInARow(builds: readonly ToldResult[]): BuildOddity | undefined {
  const rows: ToldResult[][] = [[]];
  for (const build of builds) {
    if (isFailed(build.result)) rows.at(-1)?.push(build);
    else rows.push([]);
  }
  const newest = rows.at(-1) ?? [];
  // The row that goes on matters most, however long another one was.
  const row = newest.length >= LEAST_ROW ? newest : rows.reduce((longest, each) => (each.length > longest.length ? each : longest));
  const since = row[0]?.endedAt;
  if (row.length < LEAST_ROW || since === undefined) return undefined;
  const ongoing = row === newest;
  const when = `${since.slice(0, 16).replace('T', ' ')} UTC`;
  const text = ongoing ? `the last ${String(row.length)} builds failed, since ${when}` : `${String(row.length)} builds in a row failed, from ${when} on`;
  return { kind: 'failures-in-a-row', count: row.length, ongoing, since, text };
}

/** The same commit succeeded and failed: what differs is not the code. */
function flakyCommits(builds: readonly ToldResult[]): BuildOddity | undefined {
  const outcomes = new Map<string, { succeeded: boolean; failed: boolean }>();
  for (const { commit, result } of builds) {
    if (commit === undefined) continue;
    const seen = outcomes.get(commit) ?? { succeeded: false, failed: false };
    outcomes.set(commit, { succeeded: seen.succeeded || result === 'succeeded', failed: seen.failed || isFailed(result) });
  }
  const both = [...outcomes].filter(([, { succeeded, failed }]) => succeeded && failed).map(([commit]) => commit);
  if (both.length === 0) return undefined;
  const named = both.slice(-MOST_COMMITS);
  const rest = both.length > named.length ? ` and ${String(both.length - named.length)} more` : '';
  const shown = named.map((commit) => commit.slice(0, SHOWN_COMMIT)).join(', ');
  const text = `the same commit both succeeded and failed: ${shown}${rest}`;
  return { kind: 'flaky', count: both.length, commits: named, text };
}
