import type { AwsAccess } from '../../../adapters/aws/access';
import { keysOf } from './identity';
import type { FakeAws } from './server';

/** Access to a fake with the keys of a user in whichever account is asked for, and with two tries. */
export function accessTo(aws: Pick<FakeAws, 'endpoint'>, timeoutMs = 5_000): AwsAccess {
  const requestHandler = { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true } as const;
  return {
    accounts: [],
    reading: ({ account, region }) =>
      Promise.resolve({ region, credentials: () => Promise.resolve(keysOf(account)), maxAttempts: 2, requestHandler, endpoint: aws.endpoint }),
  };
}
