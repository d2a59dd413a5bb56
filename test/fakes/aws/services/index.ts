import type { FakeService } from '../service';
import { CLOUDTRAIL } from './cloudtrail';
import { CLOUDWATCH } from './cloudwatch';
import { CODEBUILD } from './codebuild';
import { CODEDEPLOY } from './codedeploy';
import { CODEPIPELINE } from './codepipeline';
import { HEALTH } from './health';
import { KINESIS } from './kinesis';
import { SNS } from './sns';
import { SQS } from './sqs';
import { STS } from './sts';

/** Every service that the fake has. */
export const SERVICES: readonly FakeService[] = [CLOUDTRAIL, CLOUDWATCH, CODEBUILD, CODEDEPLOY, CODEPIPELINE, HEALTH, KINESIS, SNS, SQS, STS];
