import { awsError } from '../../../adapters/aws/errors';

const named = (name: string): Error => Object.assign(new Error('why'), { name });

test.each([
  ['ThrottlingException', 'rate_limited'],
  ['ProvisionedThroughputExceededException', 'rate_limited'],
  ['AccessDenied', 'forbidden'],
  ['AuthorizationError', 'forbidden'],
  ['ExpiredTokenException', 'unauthenticated'],
  ['CredentialsProviderError', 'unauthenticated'],
  ['AWS.SimpleQueueService.NonExistentQueue', 'not_found'],
  ['DeploymentGroupDoesNotExistException', 'not_found'],
  ['ValidationException', 'invalid_input'],
  ['TimeoutError', 'unreachable'],
  ['SubscriptionRequiredException', 'unreachable'],
])('%s is %s, and says what was asked and why', (name, code) => {
  expect(awsError(named(name), 'sqs:ReceiveMessage in 123456789012/eu-central-1')).toMatchObject({
    code,
    message: `AWS refused or did not answer sqs:ReceiveMessage in 123456789012/eu-central-1: ${name}: why`,
  });
});
