import type { CreateDeploymentInput } from '@aws-sdk/client-codedeploy';
import { arnIn } from '../../../domain/aws/arn';
import { activeOf, descriptionOf } from '../../../domain/aws/deployment';
import { errorMessage, NightshiftError } from '../../../domain/errors';
import type { Effect } from '../../../ports/hands';
import { searchFrom } from './carrier';
import type { Actuator } from './actuator';
import { causeName } from './outcome';
import type { Deployments, OnGroup } from './deployments';

/** What changes deployments. */
export interface Deploying {
  readonly actuator: Actuator;
  readonly deployments: Deployments;
}

/** Begins a deployment that has the token as its description, and returns its id; also of the one that an earlier attempt began. */
export async function createDeployment(
  { actuator, deployments }: Deploying,
  on: OnGroup,
  effect: Effect,
  wanted: Omit<CreateDeploymentInput, 'applicationName'>,
): Promise<string> {
  const { part, hands } = on;
  const { CodeDeployClient, CreateDeploymentCommand } = await import('@aws-sdk/client-codedeploy');
  const input = { ...wanted, applicationName: part.application, deploymentGroupName: part.group, description: descriptionOf(effect.token) };
  try {
    const { deploymentId = '' } = await actuator.acts({
      ...{ place: hands, effect, operation: 'codedeploy:CreateDeployment', may: mayDeploy(on) },
      make: async (settings) => new CodeDeployClient(settings),
      send: (client) => client.send(new CreateDeploymentCommand(input)),
    });
    return deploymentId;
  } catch (error) {
    if (causeName(error) !== 'DeploymentLimitExceededException') throw error;
    return theActive(deployments, on, effect, errorMessage(error));
  }
}

/** Another deployment is active: ours from an earlier attempt, or somebody else's. */
async function theActive(deployments: Deployments, on: OnGroup, effect: Effect, said: string): Promise<string> {
  const named = /\bd-[A-Z0-9]{6,}\b/.exec(said)?.[0];
  const active = named === undefined ? activeOf(await deployments.since(on, searchFrom(effect))) : await deployments.one(on.hands, named);
  const id = active?.id ?? named ?? 'another deployment';
  // An earlier attempt of ours may be what cannot be seen yet.
  if (!active) throw new NightshiftError('not_begun', `${id} is active in ${groupName(on)} and cannot be seen yet`, [], { retryAfterMs: 5_000 });
  if (active.description === descriptionOf(effect.token)) return active.id;
  throw new NightshiftError(
    'effect_failed',
    `${id} is active in ${groupName(on)} and none of Nightshift's; nothing was begun: wait for its end or stop it, then decide anew`,
  );
}

/** Tells a deployment to stop; one that has ended meanwhile is left to whoever looks. */
export async function stopDeployment(
  { actuator }: Deploying,
  on: OnGroup,
  effect: Effect,
  { id, back }: { readonly id: string; readonly back: boolean },
): Promise<void> {
  const { CodeDeployClient, StopDeploymentCommand } = await import('@aws-sdk/client-codedeploy');
  try {
    await actuator.acts({
      ...{ place: on.hands, effect, operation: 'codedeploy:StopDeployment' },
      may: [{ actions: ['codedeploy:StopDeployment'], resources: [groupArn(on)] }],
      make: async (settings) => new CodeDeployClient(settings),
      send: (client) => client.send(new StopDeploymentCommand({ deploymentId: id, autoRollbackEnabled: back })),
    });
  } catch (error) {
    if (causeName(error) !== 'DeploymentAlreadyCompletedException') throw error;
  }
}

/** For people: `shop/live in 111122223333/eu-central-1`. */
export function groupName({ part, hands }: OnGroup): string {
  return `${part.application}/${part.group} in ${hands.account}/${hands.region}`;
}

function groupArn({ part, hands }: OnGroup): string {
  return arnIn(hands, 'codedeploy', `deploymentgroup:${part.application}/${part.group}`);
}

/** Where the hands say so the alarms of the group are left aside, as one that is on already would stop what is to end it. Without a rollback of its own, which would bring the bad revision again. */
export function withoutBrakes({ part }: OnGroup): Pick<CreateDeploymentInput, 'overrideAlarmConfiguration' | 'autoRollbackConfiguration'> {
  return { autoRollbackConfiguration: { enabled: false }, ...(part.overrideAlarms && { overrideAlarmConfiguration: { enabled: false } }) };
}

/** What the alarms of a group may do to a deployment, for whoever approves it. */
export async function alarmsText(deployments: Deployments, on: OnGroup): Promise<string> {
  if (on.part.overrideAlarms) return '';
  const { alarmConfiguration } = await deployments.group(on);
  return alarmConfiguration?.enabled === true ? '; an alarm of the group that is on stops it' : '';
}

/** CreateDeployment asks for its configuration and its revision too. https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html */
function mayDeploy(on: OnGroup): { readonly actions: readonly string[]; readonly resources: readonly string[] }[] {
  return [
    { actions: ['codedeploy:CreateDeployment', ...(on.part.overrideAlarms ? ['codedeploy:UpdateDeploymentGroup'] : [])], resources: [groupArn(on)] },
    { actions: ['codedeploy:GetDeploymentConfig'], resources: [arnIn(on.hands, 'codedeploy', 'deploymentconfig:*')] },
    {
      actions: ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      resources: [arnIn(on.hands, 'codedeploy', `application:${on.part.application}`)],
    },
  ];
}
