import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { actuatorPolicy } from './actuator-policy';
import { automationPolicy, automationRoleName } from './automation-role';
import { NAME } from './names';
import { arn } from './place';
import type { Place } from './place';
import { makeRole } from './role';
import type { Actuator, Worker } from './settings-schema';
import { externalIdOf, serviceTrust, workerTrust } from './trust';

/** What the stack of one environment is made of. */
export interface ActuatorProps extends StackProps {
  readonly actuator: Actuator;
  readonly worker: Worker;
}

const TAGGED = 'Instances come and go; the condition allows it on those that bear the tag alone.';
const LOOK = 'Reads alone: lists, and states of what was started, mostly cannot be narrowed to resources in IAM.';
const SCALED = 'Application Auto Scaling tries these in the name of its caller: reads, what IAM cannot narrow, and methods of the interface that is named.';
/** Why statements name resources by a pattern. */
const PATTERNS: Readonly<Record<string, string>> = {
  ...{ Look: LOOK, OnTaggedInstances: TAGGED, RestartTaggedInstances: TAGGED },
  StartAutomation: 'Versions of the documents that are named; the role cannot make a new one.',
  SteerAutomation: 'Ids of executions are made by AWS when they start.',
  CancelCommand: 'Cancelling has no resources in IAM; it takes the id of a command.',
  ReadDeploymentConfigs: 'Reads alone, and a new deployment asks for the configuration of its group.',
  SteerServiceDeployments: 'Ids of deployments of the services that are named are made by AWS.',
  ScaleGroups: 'The pattern stands for the id that AWS gave the group of that name.',
  ...Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [
      [`ScaleTargets${String(i)}`, 'Ids of scalable targets are made by AWS; the condition narrows to one dimension of one service.'] as const,
      ...Array.from({ length: 8 }, (_, n) => [`Scaled${String(i)}x${String(n)}`, SCALED] as const),
    ]).flat(),
  ),
};

/** What may be done in one environment of one account. It holds nothing that reads or decides: an account can be observed for months before this is deployed. */
export class ActuatorStack extends Stack {
  constructor(scope: Construct, id: string, { actuator, worker, ...props }: ActuatorProps) {
    super(scope, id, props);
    const { account, regions, environment, automation } = actuator;
    const [region = ''] = regions;
    const place: Place = { account, region };
    externalIdOf(this);
    makeRole(this, 'Actuator', {
      ...{ name: `${NAME}-actuator-${environment}`, place, trust: workerTrust(worker, { region, acting: true }), patterns: PATTERNS },
      description: `Nightshift acts in ${environment}, on what its settings name`,
      policies: { nightshift: actuatorPolicy(actuator) },
    });
    if (!automation) return;
    makeRole(this, 'Automation', {
      ...{ name: automationRoleName(actuator), place, description: `Automations that Nightshift starts in ${environment} run as this`, patterns: PATTERNS },
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html
      trust: serviceTrust('ssm.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': arn('ssm', { account, region }, 'automation-execution/*').replace(`:${region}:`, ':*:') },
      }),
      policies: { nightshift: automationPolicy(actuator) },
    });
  }
}
