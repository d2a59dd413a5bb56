import { parse, stringify } from 'yaml';
import { demoConfig } from '../../../cli/demo/settings';
import type { DemoPlaces } from '../../../cli/demo/settings';

/** Account and region that the bookshop of the worked case is in, and names of what it consists of there. */
export const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'];
export const [DOCUMENT, STREAM, QUEUE] = ['Restart-Bookshop', 'nightshift-logs', 'nightshift-events'];
/** Name of the role that acts there. */
export const ROLE = 'nightshift-actuator-demo';
/** Repository of the team's runbooks. */
export const REPOSITORY = 'acme/ops';
/** The series that error lines are measured by. */
export const SERIES = 'bookshop.errors';
/** Variable that holds the external id of the role. */
export const EXTERNAL_ID = 'NIGHTSHIFT_EXTERNAL_ID';

/** The team's runbook, as it stands in its repository. */
export const RUNBOOK = `id: restart-bookshop
version: 1
title: Restart the bookshop on its instance
description: >-
  Lets Systems Manager start the process on the instance anew. It buys time; the reason for the growth stays.
for:
  causes: [resource-exhaustion]
risk: low
reversible: false
steps:
  - id: restart
    name: Restart the bookshop by Systems Manager
    uses: ssm.automation
    with: { automation: restart }
    timeout: 60s
`;

/** Addresses of what stands in for others. */
export interface Fakes {
  readonly aws: string;
  readonly queue: string;
  readonly github: string;
  readonly slack: string;
  readonly jira: string;
}

/** What Slack is told, and of it what Jira is, whose automation makes an issue of a call from outside and closes it. */
const [SLACK, JIRA] = [
  ['opened', 'proposed', 'approved', 'verified', 'resolved', 'escalated'],
  ['opened', 'proposed', 'resolved', 'escalated'],
];

/**
 * The configuration of the worked case, as YAML: that of the demo, with the bookshop on an instance of AWS. Its lines come by a stream alone, and the error lines are what opens an incident: its
 * own numbers have limits that are slower than they are.
 */
export function workedConfig(places: DemoPlaces, fakes: Fakes): string {
  const demo = parse(demoConfig(places, 'limits')) as { readonly services: readonly { readonly logs?: object }[] };
  const [bookshop, payments] = demo.services;
  const { logs: _file, ...shop } = bookshop ?? {};
  return stringify({
    ...demo,
    // The season is long enough for its numbers to be learnt for as long as this lasts; the lines are known.
    detector: { anomalies: { season: '10m' } },
    services: [{ ...shop, limits: { errorShare: { above: 0.05, for: '3m' }, silence: { for: '30s' }, minRequests: 20 }, hands: hands() }, payments],
    // Lines are counted by the minute, so that the detector sees the end of a spike after minutes; the service's own numbers say it within seconds.
    incidents: { verification: { settle: '1s', window: '3s', minRequests: 20, timeout: '60s' }, watch: '0s', selfHeal: '45s' },
    series: [
      {
        ...{ name: SERIES, from: { source: 'cloudwatch-logs', service: 'bookshop', log: '', labels: { level: 'error' } }, measure: 'rate' },
        ...{ window: '1m', settle: '2s', lateness: '10s', anomalies: { kind: 'errorShare' } },
      },
    ],
    aws: awsSection(places.names.environment, fakes),
    runbooks: { github: { repository: REPOSITORY, every: '1m', url: fakes.github } },
    notifications: [
      { channel: 'terminal', kind: 'terminal', on: ['break-glass'] },
      { channel: 'slack', kind: 'webhook', format: 'slack', url: fakes.slack, allowPrivate: true, on: SLACK },
      { channel: 'jira', kind: 'webhook', format: 'json', url: fakes.jira, allowPrivate: true, on: JIRA },
    ],
  });
}

function hands(): object {
  return { kind: 'aws', account: ACCOUNT, region: REGION, automations: [{ name: 'restart', document: DOCUMENT, parameters: { Service: 'bookshop' } }] };
}

function awsSection(environment: string, { aws, queue }: Fakes): object {
  return {
    accounts: [{ id: ACCOUNT, regions: [REGION], environment, actuator: { role: ROLE, externalId: { env: EXTERNAL_ID } } }],
    queues: [{ url: queue, region: REGION }],
    streams: [{ name: STREAM, holds: 'logs' }],
    acting: { poll: '500ms', settle: '10s' },
    endpoint: aws,
  };
}
