import { Duration, SecretValue } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { alarmOn } from './alarms';
import { eventPatterns } from './events';
import { hookCode } from './hook-code';
import type { HookCode } from './hook-code';
import { deadLetterQueue } from './intake';
import { NAME } from './names';
import { ownPolicy } from './own-policies';
import { arn } from './place';
import type { Place } from './place';
import { allow, policyDocument } from './policy-document';
import { makeRole, roleArn } from './role';
import type { Observer } from './settings-schema';
import { serviceTrust } from './trust';

const FUNCTION = `${NAME}-post-build`;
/** As docs/builds.md has them. */
const RUNTIME = { runtime: 'nodejs24.x', handler: 'post-build.handler', timeout: 60, memorySize: 256, architectures: ['arm64'] };

/** What the hook is made of. */
interface HookFacts extends NonNullable<Observer['hook']> {
  readonly place: Place;
  readonly code: HookCode;
  readonly topics: readonly string[];
}

/** The Lambda function that reports builds of CodeBuild, called for every build that ends, with a queue for what it could not report in three tries. */
export class Hook extends Construct {
  constructor(scope: Construct, id: string, facts: HookFacts) {
    super(scope, id);
    const { place, topics, code } = facts;
    const failed = deadLetterQueue(this, 'Failed', { name: `${FUNCTION}-failed`, topics });
    const logs = new LogGroup(this, 'Logs', { logGroupName: `/aws/lambda/${FUNCTION}`, retention: RetentionDays.ONE_MONTH });
    const role = this.role(place);
    const made = new CfnFunction(this, 'Function', {
      ...{ functionName: FUNCTION, description: 'Reports builds to Nightshift', ...RUNTIME, code: hookCode(this, code), role: roleArn(place, roleName(place)) },
      ...{ environment: { variables: variables(facts) }, deadLetterConfig: { targetArn: failed.queueArn } },
    });
    made.node.addDependency(role, logs);
    this.callForBuilds(made);
    alarmOn(this, 'Errors', {
      ...{ name: `${FUNCTION}-errors`, topics, above: 0, description: `${FUNCTION} could not report a build: its log group tells why.` },
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: { FunctionName: FUNCTION },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
    });
  }

  /** The policy that Nightshift prints, and apart from it what a function needs to run. */
  private role(place: Place) {
    return makeRole(this, 'Role', {
      ...{ name: roleName(place), place, description: 'Reads builds that have ended, and answers for jobs of CodePipeline' },
      trust: serviceTrust('lambda.amazonaws.com'),
      policies: {
        nightshift: ownPolicy('hook', place),
        running: policyDocument(
          allow('WriteItsLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [arn('logs', place, `log-group:/aws/lambda/${FUNCTION}:*`)]),
          allow('KeepWhatFailed', ['sqs:SendMessage'], [arn('sqs', place, `${FUNCTION}-failed`)]),
        ),
      },
      patterns: {
        ReadCloudwatch: 'Metrics have no resources in IAM.',
        ReadCodebuild: 'As nightshift doctor prints it: builds of every project are reported.',
        ReadCodepipeline: 'As nightshift doctor prints it: executions of every pipeline are read.',
        WriteCodepipeline: 'Answers for jobs have no resources in IAM; only the id of a job that it was called with is answered.',
        WriteItsLog: 'Streams of its own log group, whose names Lambda makes.',
      },
    });
  }

  private callForBuilds(made: CfnFunction): void {
    const { source, 'detail-type': type } = eventPatterns().get('builds') ?? { source: [], 'detail-type': [] };
    const rule = new CfnRule(this, 'Builds', {
      ...{ name: `${NAME}-hook-builds`, description: `Calls ${FUNCTION} for every build that ends` },
      eventPattern: { source, 'detail-type': type, detail: { 'build-status': ['SUCCEEDED', 'FAILED', 'STOPPED'] } },
      targets: [{ id: 'hook', arn: made.attrArn }],
    });
    new CfnPermission(this, 'MayBeCalled', {
      ...{ action: 'lambda:InvokeFunction', functionName: made.attrArn, principal: 'events.amazonaws.com', sourceArn: rule.attrArn },
    });
  }
}

/** A role in each region, as a name exists once in an account. */
function roleName({ region }: Place): string {
  return `${NAME}-hook-${region}`;
}

/** CloudFormation puts the key in from Secrets Manager: it stands in no template. */
function variables({ url, keySecret, wait, service, environment }: HookFacts): Record<string, string> {
  return {
    ...{ NIGHTSHIFT_URL: url, NIGHTSHIFT_KEY: SecretValue.secretsManager(keySecret).unsafeUnwrap() },
    ...(wait !== undefined && { NIGHTSHIFT_WAIT: wait }),
    ...(service !== undefined && { NIGHTSHIFT_SERVICE: service }),
    ...(environment !== undefined && { NIGHTSHIFT_ENVIRONMENT: environment }),
  };
}
