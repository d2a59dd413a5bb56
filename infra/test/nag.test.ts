import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { makeRole } from '../lib/role';
import { allow, policyDocument } from '../lib/policy-document';
import { exampleApp, exampleWith, temporaryFolder } from './support/example';

/** What cdk-nag and the CDK's own check of templates find, as `<construct> <rule>`. */
function findingsOf(app: App, outdir: string): readonly string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!/Validation failed/.test(String(error))) throw error;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    readonly pluginReports: readonly {
      readonly violations: readonly { readonly ruleName: string; readonly violatingConstructs: readonly { readonly constructPath: string }[] }[];
    }[];
  };
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`)),
  );
}

test('cdk-nag finds nothing in the stacks of the example that is not acknowledged with its reason', () => {
  const outdir = temporaryFolder();
  assert.deepEqual(findingsOf(exampleApp(exampleWith(), { outdir }), outdir), []);
});

test('nor where no roles, bounds or conditions are named', () => {
  const outdir = temporaryFolder();
  const settings = exampleWith((file) => {
    delete file.observers[0].assumes;
    delete file.reasoner.guardrail;
    file.reasoner.models = ['vendor.model-v1'];
    file.actuators[0].automation.documents = ['AWS-RestartEC2Instance'];
    file.actuators[0].regions = ['eu-central-1', 'us-east-1'];
  });
  assert.deepEqual(findingsOf(exampleApp(settings, { outdir }), outdir), []);
});

test('cdk-nag is at work: a queue that is open is found', () => {
  const outdir = temporaryFolder();
  const app = new App({ outdir });
  new Queue(new Stack(app, 'Open'), 'Queue');
  assert.match(findingsOf(app, outdir).join('\n'), /Open\/Queue\/Resource AwsSolutions-SQS4/);
});

test('a statement that names resources by a pattern needs a reason of its own', () => {
  const policy = policyDocument(allow('Look', ['ec2:DescribeInstances'], ['*']), allow('Cancel', ['ssm:CancelCommand'], ['*']));
  const facts = {
    name: 'r',
    description: 'A role',
    place: { account: '123456789012', region: 'eu-central-1' },
    trust: policyDocument(),
    policies: { p: policy },
  };
  assert.throws(
    () => makeRole(new Stack(new App({ outdir: temporaryFolder() }), 'S'), 'R', { ...facts, patterns: { Look: 'Reads alone.' } }),
    /the statement Cancel names/,
  );
});
