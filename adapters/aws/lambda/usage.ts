import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Build } from '@aws-sdk/client-codebuild';

/** CPU time (milliseconds) and the most memory (bytes) of a build. */
export interface BuildUsage {
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
}

const NAMESPACE = 'AWS/CodeBuild';
const PERIOD_SECONDS = 60;
/** CPU units of one processor, as in ECS; the documentation of CodeBuild does not say it. */
const UNITS_OF_CPU = 1024;
const MEGABYTE = 1024 * 1024;
/** Phases in which no container runs. */
const WAITING = ['SUBMITTED', 'QUEUED', 'PROVISIONING', 'COMPLETED'];

/**
 * CPU and memory of a build by CodeBuild's resource metrics: the mean of CPUUtilized times the time in the container, and the most of MemoryUtilized. Undefined where CloudWatch has
 * none: not in every region, not of builds shorter than a minute, and not yet of one that has just ended.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch-utilization-metrics.html
 */
export async function buildUsage(client: CloudWatchClient, build: Build, abortSignal: AbortSignal): Promise<BuildUsage | undefined> {
  const { startTime, endTime } = build;
  if (!startTime || !endTime) return undefined;
  const command = new GetMetricDataCommand({
    MetricDataQueries: [...queriesOf(build, 'cpu', 'CPUUtilized', 'Average'), ...queriesOf(build, 'memory', 'MemoryUtilized', 'Maximum')],
    StartTime: new Date(Math.floor(startTime.getTime() / 60_000) * 60_000),
    EndTime: new Date(Math.ceil((endTime.getTime() + 1) / 60_000) * 60_000),
  });
  const { MetricDataResults: results = [] } = await client.send(command, { abortSignal });
  const cpu = valuesOf(results, 'cpu');
  const memory = valuesOf(results, 'memory');
  if (cpu.length === 0 && memory.length === 0) return undefined;
  return {
    ...(cpu.length > 0 && { cpuMs: Math.round((mean(cpu) / UNITS_OF_CPU) * containerMs(build)) }),
    ...(memory.length > 0 && { memoryBytes: Math.round(memory.reduce((most, each) => Math.max(most, each), 0) * MEGABYTE) }),
  };
}

/** The documentation names the dimension BuildId and does not say how it is written: of the forms that an id has, the one with data counts. */
function queriesOf({ id = '', arn = '', buildNumber, projectName = '' }: Build, name: string, metric: string, stat: string): MetricDataQuery[] {
  return [id.slice(id.indexOf(':') + 1), id, arn].map((form, i) => ({
    Id: `${name}${String(i)}`,
    MetricStat: {
      Metric: {
        Namespace: NAMESPACE,
        MetricName: metric,
        Dimensions: [
          { Name: 'BuildId', Value: form },
          { Name: 'BuildNumber', Value: String(buildNumber ?? '') },
          { Name: 'ProjectName', Value: projectName },
        ],
      },
      Period: PERIOD_SECONDS,
      Stat: stat,
    },
  }));
}

function valuesOf(results: readonly MetricDataResult[], name: string): readonly number[] {
  return results.find(({ Id, Values }) => Id?.startsWith(name) === true && (Values?.length ?? 0) > 0)?.Values ?? [];
}

function containerMs({ phases = [], startTime, endTime }: Build): number {
  const ran = phases.filter(({ phaseType }) => !WAITING.includes(phaseType ?? ''));
  const seconds = ran.reduce((sum, { durationInSeconds = 0 }) => sum + durationInSeconds, 0);
  return seconds > 0 ? seconds * 1000 : (endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
