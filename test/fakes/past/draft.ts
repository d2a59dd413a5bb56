import { digestId } from '../../../domain/outside-text';
import type { PastAlarm, PastTransition } from '../../../domain/lookback/aws/alarms';
import type { PastDeployment, PastHealthEvent, PastRun } from '../../../domain/lookback/aws/changes';
import type { PastTrailEvent } from '../../../domain/lookback/aws/trail';
import type { Span } from '../../../domain/lookback/facts';
import type { Dice } from './dice';
import { ACCOUNT, MINUTE, type FakeService, type TrueIncident } from './world';

/** A write that is told by CloudTrail. */
export interface Write {
  readonly name: string;
  readonly product: string;
  readonly at: number;
  readonly region: string;
  readonly resources: readonly string[];
  readonly by: 'console' | 'terraform' | 'aws';
}

/** A fortnight while it is made. */
export class Draft {
  readonly history = new Map<string, PastTransition[]>();
  readonly runs: PastRun[] = [];
  readonly trail: PastTrailEvent[] = [];
  readonly health: PastHealthEvent[] = [];
  readonly truth: TrueIncident[] = [];
  private readonly drafts: { readonly deployment: PastDeployment; readonly kind: 'next' | 'again' | 'back' }[] = [];

  constructor(
    readonly span: Span,
    readonly dice: Dice,
    readonly services: readonly FakeService[],
    readonly alarms: ReadonlyMap<string, readonly PastAlarm[]>,
  ) {}

  /** An alarm fires and ends; returns the id of its page. The first datapoint is told for some, as not every alarm has a reason as data. */
  fire(alarm: PastAlarm, begin: number, lastsMs: number): string {
    const at = Math.round(begin);
    const startedAt = at - (alarm.looksAtMs ?? 0) - this.dice.whole(5, 40) * 1000;
    const told = this.dice.chance(0.5) ? { startedAt: Math.floor(startedAt / MINUTE) * MINUTE } : {};
    const over = (alarm.threshold ?? 0) * this.dice.between(1.2, 6) + 1;
    const transitions = this.history.get(alarm.arn) ?? [];
    transitions.push({ at, from: 'OK', to: 'ALARM', reason: 'Threshold Crossed', value: over, ...told });
    transitions.push({ at: Math.round(at + lastsMs), from: 'ALARM', to: 'OK', reason: 'Threshold no longer crossed' });
    this.history.set(alarm.arn, transitions);
    return digestId('pg', [alarm.arn, at]);
  }

  /** A deployment with the pipeline run and the build before it; returns the id of the change. `again` deploys the release that runs already. */
  deploy(service: FakeService, at: number, kind: 'next' | 'again' | 'back' = 'next', place: Partial<{ account: string; region: string }> = {}): string {
    const { dice } = this;
    const { account, region } = { account: ACCOUNT, region: service.region, ...place };
    // The clock of the machine that reports is not the one of the alarms.
    const startedAt = Math.round(at + dice.between(-25_000, 25_000));
    const id = `d-${dice.hex(9).toUpperCase()}`;
    const status = dice.chance(0.9) ? 'Succeeded' : 'Failed';
    const common = { account, region, startedAt, endedAt: startedAt + dice.whole(2, 9) * MINUTE };
    const about = { id, application: service.alias, group: `${service.alias}-prod`, resources: [service.arns.ecs], creator: 'codePipeline', isRollback: false };
    this.drafts.push({ kind, deployment: { ...about, ...common, status } });
    this.runs.push({
      kind: 'codepipeline',
      id: dice.hex(12),
      name: service.alias,
      ...common,
      startedAt: startedAt - 12 * MINUTE,
      status: 'Succeeded',
      author: 'webhook',
    });
    this.runs.push({
      kind: 'codebuild',
      id: dice.hex(12),
      name: `${service.alias}-build`,
      ...common,
      startedAt: startedAt - 10 * MINUTE,
      endedAt: startedAt,
      status: 'SUCCEEDED',
      author: 'codepipeline',
    });
    return `codedeploy:${account}:${region}:${id}`;
  }

  /** All deployments by time, with releases numbered as they came in each account and region. */
  released(): PastDeployment[] {
    const current = new Map<string, number>();
    return [...this.drafts]
      .sort((a, b) => a.deployment.startedAt - b.deployment.startedAt)
      .map(({ deployment, kind }) => {
        const key = `${deployment.account}/${deployment.region}/${deployment.application}`;
        const before = current.get(key) ?? 20;
        const now = before + { next: 1, again: 0, back: -1 }[kind];
        current.set(key, now);
        return { ...deployment, revision: `1.${String(now)}.0`, previousRevision: `1.${String(before)}.0` };
      });
  }

  /** A write, as CloudTrail records it; returns the id of the change. */
  write({ name, product, at, region, resources, by }: Write): string {
    const { dice } = this;
    const id = `${dice.hex(8)}-${dice.hex(4)}-${dice.hex(4)}-${dice.hex(4)}-${dice.hex(12)}`;
    const identity = {
      console: { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_${dice.hex(8)}/${dice.pick(['ana', 'bo', 'cem'])}` },
      terraform: { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/terraform` },
      aws: { type: 'AWSService', invokedBy: 'application-autoscaling.amazonaws.com' },
    }[by];
    const record = {
      ...{ eventID: id, eventName: name, eventSource: `${product}.amazonaws.com`, awsRegion: region, recipientAccountId: ACCOUNT, readOnly: false },
      ...{ userIdentity: identity, userAgent: by === 'terraform' ? 'APN/1.0 HashiCorp/1.0 Terraform/1.9' : 'AWS Internal' },
      ...(by === 'console' && { sessionCredentialFromConsole: 'true' }),
      requestParameters: { resourceId: resources[0] },
    };
    const user = by === 'aws' ? 'ApplicationAutoScaling' : by === 'terraform' ? 'terraform' : ((identity.arn ?? '').split('/').at(-1) ?? '');
    const told = { id, name, source: `${product}.amazonaws.com`, at: Math.round(at + dice.between(-15_000, 15_000)), user, resources };
    this.trail.push({ ...told, record: JSON.stringify(record) });
    return `cloudtrail:${id}`;
  }
}
