import type { AwsActionName } from '../../../domain/actions/table';
import type { Carrier } from '../../../ports/hands';
import { autoscalingScale } from './autoscaling-scale';
import { autoscalingSchedule } from './autoscaling-schedule';
import type { AwsHandsDeps } from './carrier';
import { codebuildRerun } from './codebuild-rerun';
import { codedeployRestart } from './codedeploy-restart';
import { codedeployRollback } from './codedeploy-rollback';
import { codepipelineRetryStage } from './codepipeline-retry-stage';
import { codepipelineRollbackStage } from './codepipeline-rollback-stage';
import { ecsServiceDeployment } from './ecs-service-deployment';
import { lambdaAlias } from './lambda-alias';
import { ssmAutomation } from './ssm-automation';
import { ssmCommand } from './ssm-command';

/** Who carries out the actions on parts of AWS, in the order of `domain/actions/table.ts`. */
export function createAwsCarriers(deps: AwsHandsDeps): Readonly<Record<AwsActionName, Carrier>> {
  return {
    'autoscaling.scale': autoscalingScale(deps),
    'autoscaling.schedule': autoscalingSchedule(deps),
    'codebuild.rerun': codebuildRerun(deps),
    'codedeploy.restart': codedeployRestart(deps),
    'codedeploy.rollback': codedeployRollback(deps),
    'codepipeline.retry-stage': codepipelineRetryStage(deps),
    'codepipeline.rollback-stage': codepipelineRollbackStage(deps),
    'ecs.service-deployment': ecsServiceDeployment(deps),
    'lambda.alias': lambdaAlias(deps),
    'ssm.automation': ssmAutomation(deps),
    'ssm.command': ssmCommand(deps),
  };
}
