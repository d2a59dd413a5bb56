import { awsAccess, sessionOf } from '../access';
import type { AwsAccess, AwsOptions, ReadSettings } from '../access';
import { AWS_OPERATIONS } from '../../../domain/aws/calls';
import { placeText } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import { errorCode, NightshiftError } from '../../../domain/errors';
import type { Clock } from '../../../ports/clock';
import type { Effect } from '../../../ports/hands';
import { awsError } from '../errors';
import { lostText, refusalOf } from './outcome';

/** One call that changes something. */
export interface Order<C, T> {
  readonly place: AwsPlace;
  readonly effect: Effect;
  /** As IAM writes it, such as `ssm:StartAutomationExecution`. */
  readonly operation: string;
  /** What the session may do for it, and to what: ARNs, or `*` where IAM knows no resource. */
  readonly may: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[];
  readonly make: (settings: ReadSettings) => Promise<C>;
  readonly send: (client: C) => Promise<T>;
}

/** Acts in accounts as their actuators. */
export interface Actuator {
  /** For looking; what it gives can change nothing. */
  readonly access: AwsAccess;
  /**
   * Sends one call, once, by a session that may do this alone and says in CloudTrail for what it is. Throws `effect_failed` where it was refused, `not_begun` where nothing was done and it may be
   * tried again, `unreachable` where nobody knows.
   */
  acts<C extends { destroy(): void }, T>(order: Order<C, T>): Promise<T>;
}

/** The least that a role can be assumed for. */
const SECONDS = 900;
const LOOKING_SECONDS = 3600;
/** Characters that a tag of a session may have. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NOT_IN_TAGS = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const LONGEST_TAG = 256;

/** Acts by the roles of the accounts that have one to act. */
export function createActuator({ accounts, timeoutMs, endpoint }: AwsOptions, clock: Clock): Actuator {
  const acting = accounts.flatMap(({ actuator, ...account }) => (actuator ? [{ ...account, role: actuator }] : []));
  const looking = { name: 'nightshift-look', policy: policyText([{ actions: readActions(), resources: ['*'] }]), seconds: LOOKING_SECONDS };
  const access = awsAccess({ accounts: acting, timeoutMs, ...(endpoint !== undefined && { endpoint }) }, looking);
  return {
    access,
    async acts({ place, effect, operation, may, make, send }) {
      const what = `${operation} in ${placeText(place)}`;
      const settings = await settingsFor(place, effect, may);
      if (effect.sendBefore !== undefined && clock.now() > effect.sendBefore)
        throw new NightshiftError('not_begun', `${what} was held up for too long and is not sent any more`);
      const client = await make(settings);
      try {
        return await send(client);
      } catch (error) {
        throw refusalOf(error, what) ?? new NightshiftError('unreachable', lostText(error, what), [], { cause: error });
      } finally {
        client.destroy();
      }
    },
  };

  /** Without retries, and with credentials at hand, so that whatever fails from then on was sent. */
  async function settingsFor(place: AwsPlace, effect: Effect, may: Order<unknown, unknown>['may']): Promise<ReadSettings> {
    const account = acting.find(({ id, regions }) => id === place.account && regions.includes(place.region));
    if (!account) throw new NightshiftError('effect_failed', `${placeText(place)} has no role that may act; add actuator.role to the account in aws.accounts`);
    const base = await access.reading(place);
    const session = { name: `nightshift-${effect.token}`, policy: policyText(may), tags: tagsOf(effect), source: effect.incidentId, seconds: SECONDS };
    const { region, requestHandler, maxAttempts } = base;
    const credentials = await sessionOf(account, session, { requestHandler, maxAttempts, ...(endpoint !== undefined && { endpoint }) });
    const given = await credentials().catch((error: unknown) => {
      const ours = awsError(error, `sts:AssumeRole of ${account.role.arn}`);
      const never = ['forbidden', 'invalid_input', 'not_found'].includes(errorCode(ours) ?? '');
      throw new NightshiftError(never ? 'effect_failed' : 'not_begun', ours.message, [], { cause: error });
    });
    return { ...base, region, credentials: async () => given, maxAttempts: 1 };
  }
}

function readActions(): readonly string[] {
  return AWS_OPERATIONS.filter(({ roles, writes }) => roles.includes('actuator') && !writes)
    .flatMap(({ actions }) => actions)
    .filter((action) => action !== 'sts:GetCallerIdentity');
}

function policyText(may: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[]): string {
  const statements = may.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources }));
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function tagsOf({ incidentId, action, approval = 'policy' }: Effect): Readonly<Record<string, string>> {
  const plain = (text: string): string => text.replaceAll(NOT_IN_TAGS, '_').slice(0, LONGEST_TAG);
  return { 'nightshift:incident': plain(incidentId), 'nightshift:action': plain(action), 'nightshift:approval': plain(approval) };
}
