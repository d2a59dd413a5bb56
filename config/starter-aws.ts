import type { CloudWatchMetric } from '../domain/aws/metric';
import type { NumbersPlan, PlannedService } from '../domain/aws/numbers-plan';
import type { AwsAccount } from '../domain/aws/place';
import type { ServiceResource } from '../domain/aws/service-metrics';
import { plainText } from '../domain/plain-text';
import { quoted, STARTER_END } from './starter';

const MINUTE_MS = 60_000;

/** A first `nightshift.yaml` for services that were found in an account, with remarks: watched, and only watched until its owner changes a rule. */
export function awsStarterText({ id, regions, environment, profile }: AwsAccount, plan: NumbersPlan): string {
  return `# Nightshift's configuration, written by \`nightshift init --aws\`. docs/aws.md says how to go on, docs/nightshift.example.yaml shows every setting.
# After a change: npx nightshift config check, then start again.

# Where to look. Nothing there is changed.
aws:
  accounts:
    - id: '${id}'
      regions: [${regions.map(quoted).join(', ')}]
      environment: ${quoted(environment)} # of what no tag says another of
${profile === undefined ? '      #role: nightshift-observer # assumed for reading' : `      profile: ${quoted(profile)}`}
  #backfill: 15d # the past of the numbers below is read once, after the first start; false: not at all
  #monthlyUsd: 50 # what reading may cost by estimate
  #queues: [{ url: 'https://sqs.${regions[0] ?? ''}.amazonaws.com/${id}/nightshift' }] # alarms and deployments by EventBridge: docs/aws-sources.md

services:
${plan.services.map((service) => serviceText(service, plan.everyMs)).join('\n')}
# What Nightshift may do. Of the rules that match, the most cautious wins.
policy:
  rules:
    # New services are observed: Nightshift says what it would do, and does nothing. Once you agree with what it says of one, go on with it: first suggest, then approve.
${plan.services.map(({ name, environment: own }) => `    - { service: ${quoted(name)}, environment: ${quoted(own)}, mode: observe, reason: it is new here }`).join('\n')}
${STARTER_END}`;
}

function serviceText({ name, environment, resources, numbers }: PlannedService, everyMs: number): string {
  const judged = numbers.some(({ requests }) => requests !== undefined);
  const lines = [
    `  - name: ${quoted(name)}`,
    `    environment: ${quoted(environment)}`,
    '    tier: standard # critical, standard or low',
    ...resources.map(({ arn }) => `    # ${plainText(arn)}`),
    ...(numbers.length === 0
      ? ['    # Nothing tells its numbers: what alarms and deployments say of it is kept all the same.']
      : ['    metrics: # of CloudWatch', `      every: ${String(everyMs / MINUTE_MS)}m`, '      cloudwatch:', ...numbers.flatMap(resourceLines)]),
    ...(judged
      ? [
          '    limits: # what opens an incident: broken for so long, without a break',
          '      errorShare: { above: 0.05, for: 5m } # share of failed requests, 0 to 1',
          '      #latencyP95: { above: 1500ms, for: 5m }',
          '      minRequests: 20 # with fewer in the window, error share and latency are not judged',
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function resourceLines({ resource, requests, errors, latency, saturation }: ServiceResource): string[] {
  return [
    `        - resource: ${quoted(resource)}`,
    ...(requests ? [`          requests: ${metricText(requests)}`] : []),
    ...(errors ? [`          errors: ${metricText(errors)}`] : []),
    ...(latency ? [`          latency: ${metricText(latency, { unit: latency.unit })}`] : []),
    ...(saturation.length > 0 ? ['          saturation:'] : []),
    ...saturation.map(({ name, metric, limit }) => `            - { name: ${quoted(name)}, used: ${metricText(metric)}, limit: ${String(limit)} }`),
  ];
}

function metricText({ namespace, name, stat, dimensions }: CloudWatchMetric, more: Readonly<Record<string, string>> = {}): string {
  const flow = (words: Readonly<Record<string, string>>): string[] => Object.entries(words).map(([key, word]) => `${key}: ${quoted(word)}`);
  return `{ ${[...flow({ namespace, name, stat, ...more }), `dimensions: { ${flow(dimensions).join(', ')} }`].join(', ')} }`;
}
