import { defined } from '../../defined';
import { consoleLink } from '../../sources/aws-names';
import type { PastChange } from '../facts';
import { productOf } from './alarms';

/** Where something of AWS is. */
export interface AwsPlace {
  readonly account: string;
  readonly region: string;
}

/** A deployment of CodeDeploy, or of ECS or Lambda by itself. Times are epoch milliseconds. */
export interface PastDeployment extends AwsPlace {
  readonly id: string;
  readonly application: string;
  readonly group?: string;
  /** ARNs of what it deploys to, where known. */
  readonly resources?: readonly string[];
  readonly creator: string;
  readonly isRollback: boolean;
  readonly revision?: string;
  readonly previousRevision?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly status: string;
}

/** A deployment as a change. It counts from its start, as instances alter one after the other; one that failed or was stopped may have altered some. */
export function deploymentChange(told: PastDeployment): PastChange {
  const { id, application, group, account, region, isRollback, startedAt, endedAt, status, creator, revision, previousRevision, resources = [] } = told;
  const ended = /^succeeded$/i.test(status) ? '' : ` (${status.toLowerCase()})`;
  const what: PastChange['what'] = isRollback ? 'rollback' : 'deployment';
  return defined({
    ...{
      kind: 'change' as const,
      id: `codedeploy:${account}:${region}:${id}`,
      what,
      by: 'automation' as const,
      at: startedAt,
      until: endedAt,
      author: creator,
    },
    summary: `${isRollback ? 'Rollback' : 'Deployment'} of ${application}${revision === undefined ? '' : ` ${revision}`}${ended}`,
    ...{ from: previousRevision, to: revision, link: consoleLink(region, `codesuite/codedeploy/deployments/${id}`) },
    where: { names: group === undefined ? [application] : [application, group], resources, products: ['codedeploy'], account, region },
  });
}

/** A run of a pipeline or a build. */
export interface PastRun extends AwsPlace {
  readonly kind: 'codepipeline' | 'codebuild';
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly status: string;
  readonly author: string;
}

/** A run as a change of no consequence by itself: what it deploys is told by the deployment. */
export function runChange({ kind, id, name, account, region, startedAt, endedAt, status, author }: PastRun): PastChange {
  const summary = `${kind === 'codebuild' ? 'Build' : 'Pipeline run'} of ${name} (${status.toLowerCase()})`;
  const facts = { kind: 'change' as const, id: `${kind}:${account}:${region}:${id}`, what: 'run' as const, by: 'automation' as const, at: startedAt };
  return defined({ ...facts, until: endedAt, author, summary, where: { names: [name], resources: [], account, region } });
}

/** An event of AWS Health. Times are epoch milliseconds; `region` is `global` for some. */
export interface PastHealthEvent {
  readonly arn: string;
  /** Product code, such as `RDS`. */
  readonly service: string;
  readonly code: string;
  readonly category: string;
  readonly region: string;
  readonly account?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** What it affects, where that is told; empty where it concerns a whole product and region. */
  readonly entities: readonly string[];
}

/** Trouble or maintenance of the provider; undefined for mere notifications. */
export function healthChange(event: PastHealthEvent): PastChange | undefined {
  const { arn, service, code, category, region, account, startedAt, endedAt, entities } = event;
  if (category !== 'issue' && category !== 'scheduledChange') return undefined;
  const summary = `AWS Health: ${category === 'issue' ? 'trouble' : 'maintenance'} of ${service} in ${region} (${code})`;
  const where = defined({ names: [], resources: entities, products: [productOf(service)], account, region });
  const link = `https://health.aws.amazon.com/health/home#/account/event-log?eventID=${encodeURIComponent(arn)}`;
  const facts = { kind: 'change' as const, id: `health:${arn}`, what: 'provider-event' as const, by: 'provider' as const, author: 'AWS' };
  return defined({ ...facts, at: startedAt, until: endedAt, summary, link, where });
}
