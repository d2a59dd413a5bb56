import type { AwsAccount } from '../../../domain/aws/place';
import { awsAccess } from '../access';
import type { AwsOptions } from '../access';
import { machineClock, makeAsk } from './ask';
import { callerAccount } from './places';

/** Environment of an account that no configuration knows. */
const ENVIRONMENT = 'production';

/** The account that a profile's credentials, or those that are found, belong to; one call. Throws errors of ours. */
export async function accountOf(profile: string | undefined, regions: readonly string[], options: Omit<AwsOptions, 'accounts'>): Promise<AwsAccount> {
  const unknown = { id: '', regions, environment: ENVIRONMENT, ...(profile !== undefined && { profile }) };
  const [region = ''] = regions;
  const settings = await awsAccess({ accounts: [unknown], ...options }).reading({ account: '', region });
  const where = `${profile === undefined ? 'the account of these credentials' : `profile ${profile}`}, ${region}`;
  const ask = makeAsk({ where, clock: machineClock, next: new Map() }, new AbortController().signal);
  return { ...unknown, id: await callerAccount(settings, ask) };
}
