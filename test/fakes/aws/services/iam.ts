import type { EvaluationResult, SimulatePolicyResponse, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import { allows, readSessionPolicy } from '../session-policy';
import type { SessionPolicy } from '../session-policy';
import type { Place } from '../world';
import { stateKey } from './support';

/** The policy of a role, in JSON: statements of actions and resources alone. */
export interface FakeRolePolicy {
  readonly arn: string;
  readonly policy: string;
}

const POLICIES = stateKey('policies of roles', () => new Map<string, SessionPolicy>());

/** Gives a role its policy. What the fake lets it do does not change: only its answers to what is asked of IAM do. */
export function putRolePolicy({ world, account }: Place, { arn, policy }: FakeRolePolicy): void {
  world.place(account, 'global').state(POLICIES).set(arn, readSessionPolicy(policy));
}

function simulatePrincipalPolicy(input: SimulatePrincipalPolicyRequest, { place, page }: Call): SimulatePolicyResponse {
  const { PolicySourceArn = '', ActionNames = [], ResourceArns = ['*'], Marker, MaxItems } = input;
  const policy = place.world.place(place.account, 'global').state(POLICIES).get(PolicySourceArn);
  if (!policy) throw new AwsError('NoSuchEntity', `The role with name ${PolicySourceArn.split('/').at(-1) ?? ''} cannot be found.`, 404);
  const items = (): EvaluationResult[] =>
    ActionNames.flatMap((action) =>
      ResourceArns.map((resource) => {
        const allowed = allows(policy, { action, resource });
        return { EvalActionName: action, EvalResourceName: resource, EvalDecision: allowed ? 'allowed' : 'implicitDeny' };
      }),
    );
  const { items: EvaluationResults, next } = page({ items, token: Marker, size: MaxItems, max: 1000, badToken: 'InvalidInput' });
  return { EvaluationResults, IsTruncated: next !== undefined, ...(next !== undefined && { Marker: next }) };
}

/** Identity and Access Management, as far as it tells what a role may do. */
export const IAM: FakeService = {
  signedAs: 'iam',
  target: 'AWSIdentityManagementV20100508',
  xmlns: 'https://iam.amazonaws.com/doc/2010-05-08/',
  load: () => import('@aws-sdk/client-iam'),
  operations: { SimulatePrincipalPolicy: simulatePrincipalPolicy },
  facts: { policy: { put: putRolePolicy } },
  throttled: { name: 'Throttling', status: 400 },
};
