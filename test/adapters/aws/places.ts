import { awsAccess } from '../../../adapters/aws/access';
import type { AwsAccess } from '../../../adapters/aws/access';
import type { AwsAccount } from '../../../domain/aws/place';
import { keysOf } from '../../fakes/aws/identity';
import type { FakeAws } from '../../fakes/aws/server';

/** The account that tests read. */
export const ACCOUNT = '111122223333';
/** Its two regions. */
export const [HERE, THERE] = ['eu-central-1', 'us-east-1'] as const;
/** The account with both regions. */
export const ACCOUNTS: readonly AwsAccount[] = [{ id: ACCOUNT, regions: [HERE, THERE], environment: 'production' }];

/** Access to the fake with the keys of the account, which does not wait long for an answer. */
export function accessTo(aws: FakeAws): AwsAccess {
  const { accessKeyId, secretAccessKey } = keysOf(ACCOUNT);
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  return awsAccess({ accounts: ACCOUNTS, timeoutMs: 1000, endpoint: aws.endpoint });
}
