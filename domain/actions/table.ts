import { autoscalingScale } from './autoscaling-scale';
import { autoscalingSchedule } from './autoscaling-schedule';
import { codebuildRerun } from './codebuild-rerun';
import { codedeployRestart } from './codedeploy-restart';
import { codedeployRollback } from './codedeploy-rollback';
import { codepipelineRetryStage } from './codepipeline-retry-stage';
import { codepipelineRollbackStage } from './codepipeline-rollback-stage';
import { commandRun } from './command-run';
import { ecsServiceDeployment } from './ecs-service-deployment';
import { githubDispatch } from './github-dispatch';
import { githubRerunFailedJobs } from './github-rerun-failed-jobs';
import { httpCall } from './http-call';
import { lambdaAlias } from './lambda-alias';
import { releaseDeploy } from './release-deploy';
import { serviceRestart } from './service-restart';
import { ssmAutomation } from './ssm-automation';
import { ssmCommand } from './ssm-command';
import type { ActionSpec } from './action';

/** Every action that a step of a runbook can use, by its name. */
export const ACTIONS = {
  'release/deploy': releaseDeploy,
  'service/restart': serviceRestart,
  'command.run': commandRun,
  'http.call': httpCall,
  'github.rerun-failed-jobs': githubRerunFailedJobs,
  'github.dispatch': githubDispatch,
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
} as const satisfies Record<string, ActionSpec>;
/** Name of an action. */
export type ActionName = keyof typeof ACTIONS;

/** Names of the actions on parts of AWS. */
export type AwsActionName = { [K in ActionName]: (typeof ACTIONS)[K] extends { readonly part: string | readonly string[] } ? K : never }[ActionName];

/** What is known of an action. */
export function specOf(action: ActionName): ActionSpec {
  return ACTIONS[action];
}
