import type { Target } from '../inventory';

/** A runbook of Systems Manager that a service may be given, by a name of its own. */
export interface AwsAutomation {
  readonly name: string;
  readonly document: string;
  /** The document's default where it is absent. */
  readonly version?: string;
  /** Parameters of the document that are always these. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

/** A command document and the instances that it runs on. */
export interface AwsCommand extends AwsAutomation {
  readonly instances: { readonly ids: readonly string[] } | { readonly tag: { readonly key: string; readonly value: string } };
  /** On how many at once, a number or a share such as `25%`: one, where it is absent. */
  readonly concurrency?: string;
  /** How many may fail, a number or a share, before it goes to no more: none, where it is absent. */
  readonly errors?: string;
}

/** What of AWS a service consists of, as far as it may be acted on. */
export interface AwsParts {
  readonly automations?: readonly AwsAutomation[];
  readonly commands?: readonly AwsCommand[];
  /** With `overrideAlarms` what Nightshift deploys leaves the alarms of the group aside, which takes `codedeploy:UpdateDeploymentGroup`. */
  readonly codedeploy?: { readonly application: string; readonly group: string; readonly overrideAlarms?: boolean };
  readonly codebuild?: { readonly project: string };
  readonly codepipeline?: { readonly pipeline: string };
  readonly ecs?: { readonly cluster: string; readonly service: string };
  readonly lambda?: { readonly function: string; readonly alias: string };
  /** An Auto Scaling group of EC2. */
  readonly autoscaling?: { readonly group: string };
  /** What Application Auto Scaling scales, such as `ecs`, `service/shop/checkout`, `ecs:service:DesiredCount`. */
  readonly scaling?: { readonly namespace: string; readonly resource: string; readonly dimension: string };
}

/** A part by its name. */
export type AwsPart = keyof AwsParts;

/** Hands on a service that runs on AWS: in one region of one account. */
export interface AwsHands extends AwsParts {
  readonly kind: 'aws';
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Availability zone, where all of it lies in one. */
  readonly zone?: string;
  readonly target: Target;
}

/** Services of AWS that act, each with a task queue of its own. */
export const AWS_ACTING = ['ssm', 'codedeploy', 'codebuild', 'codepipeline', 'ecs', 'lambda', 'autoscaling'] as const;
/** A service of AWS that acts. */
export type AwsActing = (typeof AWS_ACTING)[number];

/** Which service acts on a part. */
export const ACTING_ON: Readonly<Record<AwsPart, AwsActing>> = {
  ...{ automations: 'ssm', commands: 'ssm', autoscaling: 'autoscaling', scaling: 'autoscaling' },
  ...{ codedeploy: 'codedeploy', codebuild: 'codebuild', codepipeline: 'codepipeline', ecs: 'ecs', lambda: 'lambda' },
};
