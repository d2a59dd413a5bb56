import { CodeBuildClient, ListProjectsCommand } from '@aws-sdk/client-codebuild';
import { CodeDeployClient, GetDeploymentCommand, ListApplicationsCommand } from '@aws-sdk/client-codedeploy';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DEFAULT_ACCOUNT, keysOf } from './identity';
import { startFakeAws } from './server';
import type { FakeAws } from './server';
import { putProject } from './services/codebuild';
import { putDeployment } from './services/codedeploy';
import { messagesIn, queueUrl } from './services/sqs';

describe('what goes wrong', () => {
  let aws: FakeAws;
  const config = (more: object = {}) => ({ endpoint: aws.endpoint, region: 'eu-west-1', credentials: keysOf(DEFAULT_ACCOUNT), ...more });
  const quick = { requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true }, maxAttempts: 1 };
  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.close());

  test('throttling is retried by the SDK until it ends', async () => {
    aws.fault({ effect: 'throttle', service: 'codebuild', times: 2 });
    putProject(aws.place('eu-west-1'), { name: 'shop' });
    await expect(new CodeBuildClient(config()).send(new ListProjectsCommand({}))).resolves.toMatchObject({ projects: ['shop'] });
    expect(aws.ledger.of('codebuild.ListProjects').map(({ outcome }) => outcome)).toEqual(['ThrottlingException', 'ThrottlingException', 'ok']);
  });

  test.each(['drop', 'fail'] as const)('an effect is there though its call failed by "%s", and the SDK doubles it', async (effect) => {
    const sqs = new SQSClient(config({ maxAttempts: 2 }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    aws.fault({ effect, operation: 'SendMessage', times: 1 });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(aws.endpoint, aws.place('eu-west-1'), 'q'), MessageBody: 'once' }));
    expect(messagesIn(aws.place('eu-west-1'), 'q')).toHaveLength(2);
    expect(aws.ledger.of('sqs.SendMessage').map(({ outcome }) => outcome)).toEqual([effect, 'ok']);
  });

  test('a refused connection has no effect', async () => {
    const sqs = new SQSClient(config({ maxAttempts: 1 }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    aws.fault({ effect: 'refuse', operation: 'SendMessage' });
    await expect(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(aws.endpoint, aws.place('eu-west-1'), 'q'), MessageBody: 'x' }))).rejects.toThrow();
    expect(messagesIn(aws.place('eu-west-1'), 'q')).toEqual([]);
  });

  test('a region that does not answer leaves the others alone, until it is lifted', async () => {
    const lift = aws.fault({ effect: 'hang', region: 'eu-west-1' });
    await expect(new CodeBuildClient(config(quick)).send(new ListProjectsCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(new CodeBuildClient(config({ region: 'us-east-1' })).send(new ListProjectsCommand({}))).resolves.toMatchObject({ projects: [] });
    lift();
    await expect(new CodeBuildClient(config(quick)).send(new ListProjectsCommand({}))).resolves.toMatchObject({ projects: [] });
  });

  test('an action that is denied names its caller and itself', async () => {
    aws.fault({ effect: 'deny', service: 'codedeploy', operation: 'ListApplications' });
    await expect(new CodeDeployClient(config()).send(new ListApplicationsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/user\/nightshift is not authorized to perform: codedeploy:ListApplications/) as string,
    });
  });

  test('what was made is invisible for some reads', async () => {
    const id = 'd-NEW';
    putDeployment(aws.place('eu-west-1'), { applicationName: 'shop', deploymentGroupName: 'live', deploymentId: id });
    aws.hide({ service: 'codedeploy', region: 'eu-west-1', id, reads: 2 });
    const client = new CodeDeployClient(config());
    const read = () => client.send(new GetDeploymentCommand({ deploymentId: id }));
    await expect(read()).rejects.toMatchObject({ name: 'DeploymentDoesNotExistException' });
    await expect(read()).rejects.toMatchObject({ name: 'DeploymentDoesNotExistException' });
    await expect(read()).resolves.toMatchObject({ deploymentInfo: { deploymentId: id } });
  });

  test('a call without a signature, or of a service that is not there, is told so', async () => {
    const answers = await Promise.all([
      fetch(aws.endpoint),
      fetch(aws.endpoint, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260301/eu-west-1/budgets/aws4_request' } }),
    ]);
    expect(answers.map(({ status, headers }) => [status, headers.get('x-amzn-errortype')])).toEqual([
      [403, 'MissingAuthenticationTokenException'],
      [403, 'UnknownOperationException'],
    ]);
  });

  test('a fact with a member that its shape does not have is refused', async () => {
    const put = (fact: object) =>
      fetch(`${aws.endpoint}/_fake/facts`, {
        method: 'POST',
        body: JSON.stringify({ service: 'codebuild', kind: 'project', region: 'eu-west-1', facts: [fact] }),
      });
    expect((await put({ name: 'shop', created: '2026-01-01T00:00:00Z' })).status).toBe(200);
    const refused = await put({ nmae: 'shop' });
    expect([refused.status, await refused.json()]).toEqual([400, { error: expect.stringMatching(/^Project has no member nmae/) as string }]);
  });
});
