import type { FakeService } from '../service';
import { APPLICATION_AUTOSCALING } from './application-autoscaling';
import { AUTOSCALING } from './autoscaling';
import { BEDROCK_RUNTIME } from './bedrock';
import { CLOUDTRAIL } from './cloudtrail';
import { CLOUDWATCH } from './cloudwatch';
import { CODEBUILD } from './codebuild';
import { CODEDEPLOY } from './codedeploy';
import { CODEPIPELINE } from './codepipeline';
import { CONFIG } from './config';
import { ECS } from './ecs';
import { HEALTH } from './health';
import { IAM } from './iam';
import { KINESIS } from './kinesis';
import { LAMBDA } from './lambda';
import { LOGS } from './logs';
import { S3 } from './s3';
import { SAGEMAKER_RUNTIME } from './sagemaker';
import { SNS } from './sns';
import { SQS } from './sqs';
import { SSM } from './ssm';
import { STS } from './sts';
import { TAGGING } from './tagging';
import { XRAY } from './xray';

/** Every service that the fake has. */
export const SERVICES: readonly FakeService[] = [
  ...[STS, IAM, SNS, SQS, KINESIS, S3],
  ...[CLOUDWATCH, LOGS, XRAY, CLOUDTRAIL, CONFIG, HEALTH, TAGGING],
  ...[CODEBUILD, CODEDEPLOY, CODEPIPELINE, ECS, LAMBDA, SAGEMAKER_RUNTIME, BEDROCK_RUNTIME],
  ...[SSM, APPLICATION_AUTOSCALING, AUTOSCALING],
];
