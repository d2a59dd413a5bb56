import type { AwsActionName } from '../../../../domain/actions/table';
import type { Scenario, Variant } from '../scenario';
import { autoscalingScale, autoscalingSchedule } from './autoscaling';
import { codebuildRerun } from './codebuild';
import { codedeployRestart, codedeployRollback } from './codedeploy';
import { codepipelineRetryStage, codepipelineRollbackStage } from './codepipeline';
import { ecsServiceDeployment } from './ecs';
import { lambdaAlias } from './lambda';
import { ssmAutomation, ssmCommand } from './ssm';

// An action that is added without a scenario does not compile.
const SCENARIOS = {
  'autoscaling.scale': autoscalingScale,
  'autoscaling.schedule': autoscalingSchedule,
  'codebuild.rerun': codebuildRerun,
  'codedeploy.restart': codedeployRestart,
  'codedeploy.rollback': codedeployRollback,
  'codepipeline.retry-stage': codepipelineRetryStage,
  'codepipeline.rollback-stage': codepipelineRollbackStage,
  'ecs.service-deployment': ecsServiceDeployment,
  'lambda.alias': lambdaAlias,
  'ssm.automation': ssmAutomation,
  'ssm.command': ssmCommand,
} as const satisfies Readonly<Record<AwsActionName, Scenario>>;

/** One service of the harness, with the action that befalls it. */
export interface Case {
  readonly action: AwsActionName;
  readonly variant: Variant;
  /** Name of the service. */
  readonly service: string;
  /** The account that it is in, so that calls can be told apart by it. */
  readonly account: string;
}

/** All of the actions. */
export const ACTIONS = Object.keys(SCENARIOS) as readonly AwsActionName[];

/** All of the services. */
export const CASES: readonly Case[] = ACTIONS.flatMap((action) => SCENARIOS[action].map((variant) => ({ action, variant }))).map((each, index) => ({
  ...each,
  service: `${each.action.replaceAll('.', '-')}-${each.variant.name}`,
  account: `1000000000${String(index + 10)}`,
}));

/** The services that an action can befall; a seed draws one. */
export function casesOf(action: AwsActionName): readonly Case[] {
  return CASES.filter((each) => each.action === action);
}
