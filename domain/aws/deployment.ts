import type { FarFinding } from './finding';
import { revisionName } from './revision';
import type { Revision } from './revision';

/** A deployment of CodeDeploy. Times are epoch milliseconds. */
export interface Deployment {
  readonly id: string;
  /** As CodeDeploy writes it, such as `InProgress`. */
  readonly status: string;
  readonly createdAt: number;
  readonly endedAt?: number;
  readonly creator?: string;
  readonly description?: string;
  /** It starts the application anew with the revision that is there. */
  readonly restarts?: true;
  /** It has a second fleet, or waits before it ends the first one. */
  readonly blueGreen?: true;
  readonly waitsToEndFleet?: true;
  readonly platform?: string;
  readonly revision?: Revision;
  /** The deployment that rolls this one back, and the one that this rolls back. */
  readonly rolledBackBy?: string;
  readonly rollsBack?: string;
  readonly rollbackMessage?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

const ENDED = ['Succeeded', 'Failed', 'Stopped'];
/** Made by CodeDeploy for instances that came or fell behind: they bring nothing new. */
const UPKEEP = ['autoscaling', 'autoscalingTermination', 'CodeDeployAutoUpdate'];
/** Made to take something back. */
const BACK = ['codeDeployRollback', 'CloudFormationRollback'];
const MARK = 'nightshift:';

/** What a deployment that has this token is described by. */
export function descriptionOf(token: string): string {
  return `${MARK}${token}`;
}

/** Whether it has come to its end. */
export function hasEnded({ status }: Deployment): boolean {
  return ENDED.includes(status);
}

/** Whether it brings something to a fleet, or takes it back; only these keep another one from beginning. */
export function isDeliberate({ creator = '' }: Deployment): boolean {
  return !UPKEEP.includes(creator);
}

/** Whether it takes another one back: begun by CodeDeploy itself, or by Nightshift. */
export function isRollback({ creator, rollsBack, description, restarts }: Deployment): boolean {
  return BACK.includes(creator ?? '') || rollsBack !== undefined || (!restarts && description?.startsWith(MARK) === true);
}

/** The deployment of a group that is under way; CodeDeploy has one at most. */
export function activeOf(history: readonly Deployment[]): Deployment | undefined {
  return history.find((one) => isDeliberate(one) && !hasEnded(one));
}

/** What became of a deployment that is followed to its end. */
export function followed(deployment: Deployment): FarFinding {
  const { id, status, error, endedAt, createdAt } = deployment;
  const name = revisionName(deployment.revision);
  if (!hasEnded(deployment)) return { state: 'in-progress', detail: `${id} is ${status}` };
  const what = `${id}${name === undefined ? '' : ` (${name})`}`;
  if (status === 'Succeeded') return { state: 'done', detail: `CodeDeploy ended ${what}`, at: new Date(endedAt ?? createdAt).toISOString() };
  return { state: 'failed', detail: `${what} is ${status}${error ? `: ${error.code}: ${error.message}` : ''}` };
}
