import { devNull } from 'node:os';
import type { DemoPlaces } from '../../../cli/demo/settings';
import { startFakeAws } from '../aws/server';
import type { FakeAws } from '../aws/server';
import { keysOf } from '../aws/identity';
import type { Effect } from '../aws/effects';
import { putStream, putStreamRecord } from '../aws/services/kinesis';
import { putMessage, putQueue, queueUrl } from '../aws/services/sqs';
import { putDocument } from '../aws/services/ssm-store';
import { putRole } from '../aws/services/sts';
import { startGithub } from '../github';
import type { FakeGithub } from '../github';
import { startWebhook } from '../webhook';
import type { FakeWebhook } from '../webhook';
import { forwardLog, subscriptionRecord } from './log-group';
import { ACCOUNT, DOCUMENT, EXTERNAL_ID, QUEUE, REGION, REPOSITORY, ROLE, RUNBOOK, STREAM, workedConfig } from './settings';

/** The world of the worked case: an AWS that the bookshop runs in, the team's repository, its Slack and its Jira, all on loopback. */
export interface WorkedWorld {
  readonly aws: FakeAws;
  readonly github: FakeGithub;
  /** The commit that the runbook is in. */
  readonly commit: string;
  readonly slack: FakeWebhook;
  readonly jira: FakeWebhook;
  /** Sends the bookshop's lines to the stream from now on, and lets its process be restarted by the automation. */
  join(shop: { readonly log: string; readonly supervisorUrl: string }): void;
  /** Nightshift's configuration for it. */
  config(places: DemoPlaces): string;
  close(): Promise<void>;
}

/** The external id that the role asks for. */
export const WORKED_EXTERNAL = 'the-bookshop';
/** An agent looks for commands, and a process needs its time; milliseconds. */
const AUTOMATION_MS = 1500;

/** What Nightshift is given of the environment: keys that are good for the fake alone. */
export const WORKED_ENV: Readonly<Record<string, string>> = {
  ...{ AWS_ACCESS_KEY_ID: keysOf(ACCOUNT).accessKeyId, AWS_SECRET_ACCESS_KEY: keysOf(ACCOUNT).secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' },
  ...{ AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull },
  [EXTERNAL_ID]: WORKED_EXTERNAL,
};

/** Starts it. */
export async function startWorkedWorld(): Promise<WorkedWorld> {
  const [aws, github, slack, jira] = await Promise.all([startFakeAws({ pageSize: 'real' }), startGithub(REPOSITORY), startWebhook(), startWebhook('/jira')]);
  const place = aws.place(REGION, ACCOUNT);
  putStream(place, { name: STREAM });
  putQueue(place, { name: QUEUE });
  putRole(place, { arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, externalId: WORKED_EXTERNAL });
  const steps = [{ name: 'restart', effect: { kind: 'service.restart', parameter: 'Service' }, durationMs: AUTOMATION_MS }];
  putDocument(place, { name: DOCUMENT, type: 'Automation', parameters: { Service: null }, steps });
  const commit = github.commit({ 'runbooks/restart-bookshop.yaml': RUNBOOK });
  const ends: (() => void)[] = [];
  return {
    ...{ aws, github, commit, slack, jira },
    join({ log, supervisorUrl }) {
      const group = { account: ACCOUNT, group: '/shop/bookshop', stream: 'i-0b00c5409a1b2c3d4' };
      ends.push(
        forwardLog(log, (events) => putStreamRecord(place, { stream: STREAM, data: subscriptionRecord(group, events), partitionKey: group.stream })),
        aws.effects.watch((effect) => {
          if (effect.kind === 'service.restart') void restart(supervisorUrl).then(() => putMessage(place, { queue: QUEUE, body: ended(aws, effect) }));
        }),
      );
    },
    config: (places) =>
      workedConfig(places, { aws: aws.endpoint, queue: queueUrl(aws.endpoint, place, QUEUE), github: github.url, slack: slack.url, jira: jira.url }),
    async close() {
      for (const end of ends) end();
      await Promise.all([aws.close(), github.close(), slack.close(), jira.close()]);
    },
  };
}

/** What the automation truly does. */
async function restart(supervisorUrl: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ by: 'systems-manager', reason: DOCUMENT });
  const reply = await fetch(`${supervisorUrl}/v1/restart`, { method: 'POST', headers, body });
  if (!reply.ok) throw new Error(`the supervisor answered ${String(reply.status)}`);
}

/** What EventBridge tells of an automation that has ended. https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
function ended({ effects }: FakeAws, { principal, at }: Effect): string {
  const { id = '' } = effects.of('ssm.automation').at(-1) ?? {};
  const detail = { ExecutionId: id, Definition: DOCUMENT, DefinitionVersion: '1', Status: 'Success', ExecutedBy: principal };
  return JSON.stringify({
    ...{ source: 'aws.ssm', 'detail-type': 'EC2 Automation Execution Status-change Notification', account: ACCOUNT, region: REGION },
    ...{ id: `${id}-ended`, time: new Date().toISOString() },
    detail: { ...detail, StartTime: new Date(at).toISOString(), EndTime: new Date().toISOString() },
  });
}
