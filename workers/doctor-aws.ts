import { awsAccess } from '../adapters/aws/access';
import type { AwsAccess, AwsOptions } from '../adapters/aws/access';
import { missingPermits } from '../adapters/aws/hands/permissions';
import { readPermissions } from '../adapters/aws/permissions';
import { makeAsk, machineClock } from '../adapters/aws/lookback/ask';
import { atOnce } from '../adapters/aws/lookback/at-once';
import { checkPlace } from '../adapters/aws/lookback/places';
import type { AwsConfig } from '../config/types';
import type { AwsRole } from '../domain/aws/calls';
import type { AwsHands } from '../domain/aws/hands';
import { partitionOf, placesOf, placeText } from '../domain/aws/place';
import type { AwsAccount, AwsPlace } from '../domain/aws/place';
import { policyOf } from '../domain/aws/policy';
import type { PolicyDocument } from '../domain/aws/policy';
import { actuatorPolicy, byResource, permitsOf } from '../domain/aws/permits';
import type { Permit } from '../domain/aws/permits';
import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Finding } from './doctor-services';

const AT_ONCE = 6;
const POLICY = 'npx nightshift doctor --aws --policy prints what the role needs.';

/** The policy of a role, for the accounts of the configuration where there are any, for who writes its export, and for others whose roles are assumed; that of an actuator is for the hands that are there. */
export function rolePolicy(
  role: AwsRole,
  aws: (AwsOptions & Pick<AwsConfig, 'export'>) | undefined,
  services: readonly Service[] = [],
  others: readonly AwsAccount[] = [],
): PolicyDocument {
  if (role === 'actuator') return actuatorPolicy(services.flatMap(({ hands }) => (hands?.kind === 'aws' ? permitsOf(hands) : [])));
  const region = aws?.accounts[0]?.regions[0] ?? '';
  const accounts = [...(aws?.accounts ?? []), ...(aws?.export ? [aws.export.account] : []), ...others];
  const roles = accounts.flatMap(({ role: reads, actuator }) => [reads, actuator].flatMap((each) => each?.arn ?? []));
  return policyOf(role, { partition: partitionOf(region), roles: [...new Set(roles)] });
}

/** Looks at each configured account and region: whose the credentials are, what they may read, and what its actuator may do to the services that have hands there. */
export async function awsFindings(aws: AwsOptions | undefined, services: readonly Service[] = []): Promise<readonly Finding[]> {
  if (!aws) return [{ check: 'aws', ok: false, detail: 'no account is configured', mend: 'Add aws.accounts to nightshift.yaml; docs/aws.md says how.' }];
  const access = awsAccess(aws);
  const sources = placesOf(aws.accounts).map(
    (place) =>
      async function* () {
        yield await placeFinding(place, access);
        const hands = handsIn(place, services);
        if (hands.length > 0) yield await actuatorFinding(place, access, hands);
      },
  );
  const findings: Finding[] = [];
  for await (const finding of atOnce(sources, AT_ONCE)) findings.push(finding);
  return findings.sort((a, b) => (a.check < b.check ? -1 : 1));
}

async function placeFinding(place: AwsPlace, access: AwsAccess): Promise<Finding> {
  const where = placeText(place);
  const check = `aws ${where}`;
  try {
    const settings = await access.reading(place);
    await checkPlace(place, settings, makeAsk({ where, clock: machineClock, next: new Map() }, new AbortController().signal));
    const { missing, unclear, allowed } = await readPermissions(settings, where);
    const told = [
      `the credentials are those of the account, and ${String(allowed)} kinds of reading are allowed`,
      ...(missing.length > 0 ? [`not allowed: ${missing.join(', ')}`] : []),
      ...unclear,
    ];
    return { check, ok: missing.length === 0 && unclear.length === 0, detail: told.join('; '), mend: missing.length > 0 ? POLICY : 'Try again later.' };
  } catch (error) {
    return { check, ok: false, detail: errorMessage(error), mend: mendOf(error) };
  }
}

function handsIn({ account, region }: AwsPlace, services: readonly Service[]): readonly AwsHands[] {
  return services.flatMap(({ hands }) => (hands?.kind === 'aws' && hands.account === account && hands.region === region ? [hands] : []));
}

async function actuatorFinding(place: AwsPlace, access: AwsAccess, hands: readonly AwsHands[]): Promise<Finding> {
  const check = `actuator ${placeText(place)}`;
  const account = access.accounts.find(({ id }) => id === place.account);
  try {
    if (!account) throw new NightshiftError('not_found', `${placeText(place)} is not configured; add it to aws.accounts.`);
    const permits = hands.flatMap((each) => permitsOf(each));
    const missing = await missingPermits(access, account, place.region, permits);
    if (missing.length === 0)
      return {
        check,
        ok: true,
        detail: `it may do what the hands of ${String(hands.length)} of your services ask for${unaskedText(permits)}`,
      };
    const lines = missing.map(({ action, resource }) => (resource === '*' ? action : `${action} on ${resource}`));
    return {
      check,
      ok: false,
      detail: `not allowed: ${[...new Set(lines)].join(', ')}`,
      mend: 'npx nightshift doctor --aws --policy --role actuator prints what the role needs.',
    };
  } catch (error) {
    const mend = 'Whoever reads the account must be allowed iam:SimulatePrincipalPolicy on the role, and the role must be there; infra/ makes both.';
    return { check, ok: false, detail: errorMessage(error), mend };
  }
}

/** Permits that IAM cannot be asked about, as the configuration names no one resource. */
function unaskedText(permits: readonly Permit[]): string {
  const unasked = byResource(permits.filter(({ wide }) => wide === true)).map(
    (group) => `${[...new Set(group.map(({ action }) => action))].join(', ')} on ${group[0]?.resource ?? '*'}`,
  );
  return unasked.length === 0 ? '' : `; not asked about, as it is not on one resource that is known: ${unasked.join('; ')}`;
}

function mendOf(error: unknown): string {
  const code = errorCode(error);
  if (code === 'unreachable') return 'Is the region enabled for the account, and does this machine reach it? Others are read all the same.';
  if (code === 'forbidden') return `The role must trust these credentials, with its external id, and they must be allowed to assume it. ${POLICY}`;
  return 'Look at the credentials that this machine has: aws sts get-caller-identity.';
}
