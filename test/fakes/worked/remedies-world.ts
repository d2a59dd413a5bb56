import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeAws } from '../aws/server';
import type { FakeAws } from '../aws/server';
import { putMessage, putQueue, queueUrl } from '../aws/services/sqs';
import { putRole } from '../aws/services/sts';
import type { Place } from '../aws/world';
import { startPractice } from '../practice';
import type { Practice } from '../practice';
import { startWebhook } from '../webhook';
import type { FakeWebhook } from '../webhook';
import { startBuilds } from './built-services';
import type { BuiltServices } from './built-services';
import { DEPLOYED, startDeployments } from './deployed-service';
import { PRODUCTION, remediesConfig, RERUN, rerunRunbook } from './remedies-settings';
import { ACCOUNT, QUEUE, REGION, ROLE } from './settings';
import { WORKED_EXTERNAL } from './world';

/** An AWS that builds and deploys for a team, the service that it deploys, and whom the team is told by; builds and deployments are told as they end. */
export interface RemediesWorld {
  readonly aws: FakeAws;
  readonly place: Place;
  /** The deployed service: it runs what CodeDeploy brought last. */
  readonly practice: Practice;
  readonly slack: FakeWebhook;
  readonly jira: FakeWebhook;
  /** Lets builds fail, and others pass. */
  build(): BuiltServices;
  /** Writes Nightshift's configuration and the team's runbook; returns the file. */
  writeConfig(home: string): string;
  close(): Promise<void>;
}

/** The fake does what is due when somebody looks, and a world goes on by itself: how often it is looked at, milliseconds. */
const GOES_ON_MS = 100;

/** Starts it in a folder. */
export async function startRemediesWorld(folder: string): Promise<RemediesWorld> {
  const [aws, practice] = await Promise.all([startFakeAws({ pageSize: 'real' }), startPractice(DEPLOYED, PRODUCTION)]);
  const [slack, jira] = await Promise.all([startWebhook(), startWebhook('/jira')]);
  const place = aws.place(REGION, ACCOUNT);
  putQueue(place, { name: QUEUE });
  putRole(place, { arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, externalId: WORKED_EXTERNAL });
  const tell = (body: string): void => void putMessage(place, { queue: QUEUE, body });
  const log = join(folder, `${DEPLOYED}.log`);
  startDeployments(place, { practice, log }, tell);
  const going = setInterval(() => aws.world.agenda.settle(), GOES_ON_MS);
  return {
    ...{ aws, place, practice, slack, jira },
    build: () => startBuilds(aws, place, tell),
    writeConfig(home) {
      const runbooks = join(folder, 'runbooks');
      mkdirSync(runbooks);
      writeFileSync(join(runbooks, `${RERUN}.yaml`), rerunRunbook());
      const urls = { aws: aws.endpoint, queue: queueUrl(aws.endpoint, place, QUEUE), metrics: `${practice.url}/metrics`, slack: slack.url, jira: jira.url };
      const file = join(folder, 'nightshift.yaml');
      writeFileSync(file, remediesConfig({ home, runbooks, log, ...urls }));
      return file;
    },
    async close() {
      clearInterval(going);
      await Promise.all([aws.close(), practice.close(), slack.close(), jira.close()]);
    },
  };
}
