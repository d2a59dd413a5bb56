import type { AwsAccount, AwsPlace } from '../domain/aws/place';
import type { Secrets } from './secrets';

/** Account and region that are named, or the only ones there are. What is not configured is noted in `secrets`. */
export function placeOf(
  told: { readonly account?: string | undefined; readonly region?: string | undefined },
  accounts: readonly AwsAccount[],
  path: string,
  secrets: Secrets,
): AwsPlace {
  const [only, other] = accounts;
  const account = told.account ?? (other ? undefined : only?.id);
  const known = accounts.find(({ id }) => id === account);
  const region = told.region ?? (known?.regions.length === 1 ? known.regions[0] : undefined);
  if (account === undefined) secrets.problems.push({ path: `${path}.account`, message: 'must say which account, as there are several' });
  else if (!known) secrets.problems.push({ path: `${path}.account`, message: `${account} is not among aws.accounts; add it there` });
  else if (region === undefined) secrets.problems.push({ path: `${path}.region`, message: 'must say which region, as the account has several' });
  else if (!known.regions.includes(region))
    secrets.problems.push({ path: `${path}.region`, message: `${region} is not among the regions of ${account}; add it there` });
  return { account: account ?? '', region: region ?? '' };
}
