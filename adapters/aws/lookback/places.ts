import type { AwsPlace } from '../../../domain/aws/place';
import { NightshiftError } from '../../../domain/errors';
import type { ReadSettings } from '../access';
import type { Ask } from './ask';

const IDENTITY = 'sts:GetCallerIdentity';
/** A region that does not answer is found out about soon. */
const TRIES = 2;

/** Whose the credentials are. Throws errors of ours. */
export async function callerAccount(settings: ReadSettings, ask: Ask): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...settings, maxAttempts: Math.min(TRIES, settings.maxAttempts) });
  try {
    const { Account = '' } = await ask(IDENTITY, (options) => client.send(new GetCallerIdentityCommand({}), options));
    return Account;
  } finally {
    client.destroy();
  }
}

/** Makes sure that a region answers, and that the credentials are those of the account. Throws `unreachable`, `unauthenticated` and `wrong_target`. */
export async function checkPlace({ account }: AwsPlace, settings: ReadSettings, ask: Ask): Promise<void> {
  const actual = await callerAccount(settings, ask);
  if (actual === account) return;
  throw new NightshiftError('wrong_target', `The credentials are those of account ${actual}, not of ${account}; name the role or the profile of ${account}.`);
}
