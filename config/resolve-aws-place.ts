import type { AwsAccount, AwsPlace } from '../domain/aws/place';
import type { Problem } from '../domain/errors';

/** The place of what is read: one of the accounts and one of its regions, the only ones that there are where none is named. */
export function placeIn(
  named: Partial<Record<keyof AwsPlace, string | undefined>>,
  accounts: readonly AwsAccount[],
  path: string,
  problems: Problem[],
): AwsPlace | undefined {
  const id = named.account ?? only(accounts)?.id;
  if (id === undefined) {
    problems.push({ path: `${path}.account`, message: 'is missing, and there are several accounts; name the one that it is in' });
    return undefined;
  }
  const account = accounts.find((each) => each.id === id);
  if (!account) {
    problems.push({ path: `${path}.account`, message: `${id} is not among aws.accounts; add it there, so that it is known how it is read` });
    return undefined;
  }
  const region = named.region ?? only(account.regions);
  if (region === undefined || !account.regions.includes(region)) {
    const what =
      region === undefined
        ? 'is missing, and the account has several; name the one that it is in'
        : `${region} is not among the regions of ${id} in aws.accounts; add it there`;
    problems.push({ path: `${path}.region`, message: what });
    return undefined;
  }
  return { account: id, region };
}

/** The one that there is; undefined where there are none or several. */
export function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}
