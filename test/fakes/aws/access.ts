import type { AwsAccess } from '../../../adapters/aws/access';
import type { AwsAccount } from '../../../domain/aws/place';
import { keysOf } from './identity';
import type { FakeAws } from './server';

/** Access to the fake with the keys of each account. Nothing is tried again by the SDK unless `maxAttempts` says so. */
export function accessTo(aws: Pick<FakeAws, 'endpoint'>, accounts: readonly AwsAccount[] = [], { maxAttempts = 1, timeoutMs = 30_000 } = {}): AwsAccess {
  return {
    accounts,
    reading: ({ account, region }) =>
      Promise.resolve({
        ...{ region, endpoint: aws.endpoint, maxAttempts, credentials: () => Promise.resolve(keysOf(account)) },
        requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true },
      }),
  };
}
