import type { AwsAccount } from '../../../domain/aws/place';
import { byResource } from '../../../domain/aws/permits';
import type { Permit } from '../../../domain/aws/permits';
import { NightshiftError } from '../../../domain/errors';
import type { AwsAccess } from '../access';
import { awsError } from '../errors';
import { wholeList } from '../lookback/kind';

/** What else a request has when an actuator acts, as conditions of policies ask for it. */
const APPROVED = 'nightshift doctor';

/**
 * Those of the permits that the actuator of an account does not have, as IAM itself judges its policies: nothing is tried. Asked by whoever reads the account, who needs
 * `iam:SimulatePrincipalPolicy` for it. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function missingPermits(access: AwsAccess, { id, actuator }: AwsAccount, region: string, permits: readonly Permit[]): Promise<readonly Permit[]> {
  if (!actuator) throw new NightshiftError('invalid_input', `The account ${id} has no role that may act; add actuator.role to it in aws.accounts.`);
  const { IAMClient, SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const client = new IAMClient(await access.reading({ account: id, region }));
  const judged = async (permits: readonly Permit[]): Promise<readonly Permit[]> => {
    const [{ resource = '*', context = {} } = {}] = permits;
    const given = { 'aws:RequestedRegion': region, 'aws:PrincipalTag/nightshift:approval': APPROVED, ...context };
    const denied = await wholeList(async (Marker) => {
      const command = new SimulatePrincipalPolicyCommand({
        ...{ PolicySourceArn: actuator.arn, ActionNames: permits.map(({ action }) => action), ResourceArns: [resource], Marker },
        ContextEntries: Object.entries(given).map(([name, value]) => ({ ContextKeyName: name, ContextKeyType: 'string', ContextKeyValues: [value] })),
      });
      const { EvaluationResults = [], IsTruncated, Marker: next } = await client.send(command);
      const items = EvaluationResults.flatMap(({ EvalActionName, EvalDecision }) => (EvalDecision === 'allowed' ? [] : (EvalActionName ?? [])));
      return { items, next: IsTruncated === true ? next : undefined };
    });
    return permits.filter(({ action }) => denied.includes(action));
  };
  try {
    const denied: Permit[] = [];
    for (const group of byResource(permits.filter(({ wide }) => wide !== true))) denied.push(...(await judged(group)));
    return denied;
  } catch (error) {
    throw awsError(error, `iam:SimulatePrincipalPolicy of ${actuator.arn}`);
  } finally {
    client.destroy();
  }
}
