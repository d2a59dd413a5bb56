import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { BatchGetBuildsCommand, BatchGetReportsCommand } from '@aws-sdk/client-codebuild';
import type { Build, CodeBuildClient, Report } from '@aws-sdk/client-codebuild';
import type { Build as OurBuild } from '../../../domain/build';
import { defined } from '../../../domain/defined';
import { NightshiftError, errorMessage } from '../../../domain/errors';
import { cleanText } from '../../../domain/outside-text';
import { codebuildFault, codebuildId, codebuildReason, codebuildResult, codebuildVersion } from '../../../domain/sources/codebuild-words';
import { buildUsage } from './usage';

/** A build as `POST /v1/builds` takes it. */
export type SentBuild = Omit<OurBuild, 'environment' | 'endedAt'> & { readonly environment?: string; readonly endedAt?: string };

/** What builds are read with. */
export interface BuildReading {
  readonly codebuild: CodeBuildClient;
  readonly cloudwatch: CloudWatchClient;
  /** Service and environment of the builds; the project's name, and that of the door, where they are not given. */
  readonly service: string | undefined;
  readonly environment: string | undefined;
  readonly signal: AbortSignal;
  /** Told what could not be read and is left out. */
  readonly note: (line: string) => void;
}

/** CodeBuild gives so many reports at once. */
const MOST_REPORTS = 100;
const LONGEST_LINK = 1000;
/** Characters of the reason that a phase failed for. */
const LONGEST_DETAIL = 200;

/** Builds by their ids or ARNs, with their tests, CPU and memory where these can be read. Throws `not_found` for one that is not there, and `conflict` for one that has not ended. */
export async function finishedBuilds(reading: BuildReading, ids: readonly string[]): Promise<readonly SentBuild[]> {
  const { builds = [], buildsNotFound = [] } = await reading.codebuild.send(new BatchGetBuildsCommand({ ids: [...ids] }), { abortSignal: reading.signal });
  if (buildsNotFound.length > 0 || builds.length === 0)
    throw new NightshiftError('not_found', `CodeBuild has no build ${(buildsNotFound[0] ?? ids[0]) || ''}.`);
  return Promise.all(builds.map((build) => sentBuild(reading, build)));
}

async function sentBuild(reading: BuildReading, build: Build): Promise<SentBuild> {
  const result = codebuildResult(build.buildStatus);
  const { id = '', arn = '', projectName = '', startTime, endTime, logs } = build;
  if (result === undefined) throw new NightshiftError('conflict', `The build ${id} has not ended (${build.buildStatus ?? 'without a status'}).`);
  const [tests, usage] = await Promise.all([
    optional(reading, 'the reports of tests', () => testsOf(reading, build)),
    optional(reading, 'CPU and memory', () => buildUsage(reading.cloudwatch, build, reading.signal)),
  ]);
  const link = logs?.deepLink;
  return {
    ...{ id: codebuildId(arn), source: 'codebuild', service: reading.service ?? projectName, name: projectName, result },
    ...(codebuildFault(build.buildStatus) && { fault: true }),
    ...(reading.environment !== undefined && { environment: reading.environment }),
    run: String(build.buildNumber ?? id.slice(id.indexOf(':') + 1)),
    ...(startTime && { startedAt: startTime.toISOString() }),
    ...(endTime && { endedAt: endTime.toISOString() }),
    ...versionOf(build),
    ...(build.initiator !== undefined && { author: build.initiator }),
    steps: (build.phases ?? []).flatMap(stepOf),
    ...(tests && { tests }),
    ...(usage && { usage }),
    ...(link !== undefined && /^https?:\/\//.test(link) && link.length <= LONGEST_LINK && { link }),
  };
}

/** The branch stands in the version that was asked for, the commit in the one that it was found to be. */
function versionOf({ sourceVersion = '', resolvedSourceVersion = '', source }: Build): Pick<OurBuild, 'commit' | 'branch'> {
  const { commit } = codebuildVersion(resolvedSourceVersion, source?.type);
  return { ...codebuildVersion(sourceVersion, source?.type), ...(commit !== undefined && { commit }) };
}

/** A phase that ended. The last, COMPLETED, has no status: it only marks the end. */
function stepOf({ phaseType, phaseStatus, contexts = [], durationInSeconds }: NonNullable<Build['phases']>[number]): NonNullable<OurBuild['steps']> {
  const result = codebuildResult(phaseStatus);
  if (result === undefined || phaseType === undefined) return [];
  const reason = result === 'succeeded' ? undefined : codebuildReason(contexts.map(({ statusCode = '', message = '' }) => `${statusCode}: ${message}`));
  const detail = reason && cleanText(reason, LONGEST_DETAIL);
  return [{ name: phaseType, result, ...defined({ detail, durationMs: durationInSeconds === undefined ? undefined : durationInSeconds * 1000 }) }];
}

async function testsOf({ codebuild, signal }: BuildReading, { reportArns = [] }: Build): Promise<OurBuild['tests']> {
  if (reportArns.length === 0) return undefined;
  const { reports = [] } = await codebuild.send(new BatchGetReportsCommand({ reportArns: reportArns.slice(0, MOST_REPORTS) }), { abortSignal: signal });
  const counts = reports.flatMap(({ type, testSummary }: Report) => (type === 'TEST' && testSummary?.statusCounts ? [testSummary.statusCounts] : []));
  if (counts.length === 0) return undefined;
  const sum = (...words: readonly string[]): number => counts.flatMap((each) => words.map((word) => each[word] ?? 0)).reduce((a, b) => a + b, 0);
  const every = [...new Set(counts.flatMap((each) => Object.keys(each)))];
  return { total: sum(...every), failed: sum('FAILED', 'ERROR'), skipped: sum('SKIPPED') };
}

/** What makes a build more telling, and is not worth losing it. */
async function optional<T>({ note }: BuildReading, what: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    note(`${what} could not be read: ${error instanceof Error ? error.name : 'an error'}: ${errorMessage(error)}`);
    return undefined;
  }
}
