import { awsAccess } from '../adapters/aws/access';
import type { AwsOptions } from '../adapters/aws/access';
import { accountOf } from '../adapters/aws/lookback/account';
import { awsPast } from '../adapters/aws/lookback/reader';
import type { AwsLookback } from '../cli/deps';
import { awsEndpoint, endpointProblems } from '../config/resolve-aws';
import type { Environment } from '../config/types';
import { defined } from '../domain/defined';
import { NightshiftError } from '../domain/errors';
import type { PastReader } from '../ports/lookback';

/** Of one try, where there is no configuration. */
const TIMEOUT_MS = 20_000;

/**
 * The past of AWS: of the account that a profile, or the credentials that are found, belong to; without any of these of every account of the configuration, or of those regions of
 * them that are named. Throws `invalid_input` where it is not clear what is meant.
 */
export function awsPastOf({ profile, regions }: AwsLookback, aws: AwsOptions | undefined, env: Environment): PastReader {
  const problems = endpointProblems(env);
  if (problems.length > 0) throw new NightshiftError('invalid_config', 'The address of AWS is not one.', problems);
  if (profile === undefined && aws) return awsPast(awsAccess({ ...aws, accounts: narrowed(aws.accounts, regions) }));
  if (regions.length === 0)
    throw new NightshiftError('invalid_input', 'Say which region to look back on: --region eu-central-1; it may be given more than once.');
  const options = defined({ timeoutMs: aws?.timeoutMs ?? TIMEOUT_MS, endpoint: aws?.endpoint ?? awsEndpoint(env) });
  let made: Promise<PastReader> | undefined;
  // Whose the account is takes a call, and no call is made before anything is asked.
  const reader = (): Promise<PastReader> =>
    (made ??= accountOf(profile, regions, options).then((account) => awsPast(awsAccess({ accounts: [account], ...options }))));
  return {
    source: `AWS ${profile === undefined ? '' : `profile ${profile} `}${regions.join(' ')}`,
    // Other credentials are another account, whose parts must not be taken for those of this one.
    identify: async () => (await reader()).source,
    estimate: async (span) => (await reader()).estimate(span),
    async *read(span, progress) {
      yield* (await reader()).read(span, progress);
    },
  };
}

function narrowed(accounts: AwsOptions['accounts'], regions: readonly string[]): AwsOptions['accounts'] {
  if (regions.length === 0) return accounts;
  const unknown = regions.filter((region) => !accounts.some((account) => account.regions.includes(region)));
  if (unknown.length > 0)
    throw new NightshiftError('invalid_input', `No configured account has ${unknown.join(', ')}; add it to aws.accounts, or give a --profile.`);
  return accounts
    .map((account) => ({ ...account, regions: account.regions.filter((region) => regions.includes(region)) }))
    .filter((account) => account.regions.length > 0);
}
