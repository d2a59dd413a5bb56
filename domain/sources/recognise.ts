import { NightshiftError } from '../errors';
import { suggestion } from '../nearest';
import { alertmanager } from './alertmanager';
import { argocd } from './argocd';
import { autoscaling } from './autoscaling';
import { awsHealth } from './aws-health';
import { cloudEventsOver } from './cloudevents';
import { isBinary } from './cloudevents-modes';
import { cloudtrail } from './cloudtrail';
import { cloudwatch } from './cloudwatch';
import { cloudwatchLogs } from './cloudwatch-logs';
import { codebuild } from './codebuild';
import { codedeploy } from './codedeploy';
import { codepipeline } from './codepipeline';
import { datadog } from './datadog';
import { ecs } from './ecs';
import { eventBridgeOf } from './eventbridge';
import { github } from './github';
import { grafana } from './grafana';
import { kinesisOf } from './kinesis';
import { metricStream } from './metric-stream';
import { otlpLogs } from './otlp-logs';
import { otlpMetrics } from './otlp-metrics';
import { otlpTraces } from './otlp-traces';
import { pagerduty } from './pagerduty';
import { prometheusRemoteWrite } from './prometheus-remote-write';
import { sagemaker } from './sagemaker';
import type { Source, WireMessage } from './source';
import { systemsManager } from './systems-manager';
import { terraform } from './terraform';

/** Sources whose messages may also stand in a CloudEvent or in a record of a stream. */
const DIRECT: readonly Source[] = [
  ...[alertmanager, argocd, cloudwatch, cloudwatchLogs, codebuild, codedeploy, codepipeline, datadog, github, grafana],
  ...[otlpLogs, otlpMetrics, otlpTraces, pagerduty, prometheusRemoteWrite, terraform],
  ...[autoscaling, awsHealth, cloudtrail, ecs, metricStream, sagemaker, systemsManager],
];
const cloudevents = cloudEventsOver(DIRECT);

/** Every source, by name. */
export const SOURCES: readonly Source[] = [...DIRECT, cloudevents, eventBridgeOf(DIRECT), kinesisOf([...DIRECT, cloudevents])].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The source of this name, of all that are built in or of those given. Throws `not_found` with the name it resembles. */
export function sourceNamed(name: string, sources: readonly Source[] = SOURCES): Source {
  const found = sources.find((source) => source.name === name);
  if (found) return found;
  const known = sources.map((source) => source.name);
  throw new NightshiftError('not_found', `There is no source "${name}": ${suggestion(name, known)}`);
}

/** The one source that a message is surely of. Throws `unreadable` where none is, or several are. */
export function recognise(message: WireMessage): Source {
  // In binary mode the body is what is held alone, and its own source would know it too.
  if (isBinary(message)) return cloudevents;
  const found = SOURCES.filter((source) => source.recognises(message));
  const [one, other] = found;
  if (one && !other) return one;
  const why = one ? `It could be of ${found.map((source) => source.name).join(' or ')}.` : 'It is of no source that is known here.';
  throw new NightshiftError('unreadable', `${why} Name the source; \`nightshift ingest sources\` lists them.`);
}
