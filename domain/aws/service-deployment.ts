/** What is done with deployments of a service. */
export type DeploymentDo = 'continue' | 'roll-back' | 'force-new';

/** A deployment of a service of ECS. Times are epoch milliseconds. */
export interface Rollout {
  readonly arn: string;
  /** As ECS says it. */
  readonly status: string;
  readonly createdAt: number;
  readonly reason?: string;
  readonly finishedAt?: number;
  /** When it was asked to stop, or began to go back. */
  readonly backAt?: number;
  /** Where it waits until somebody continues it. */
  readonly pause?: { readonly hook: string; readonly stage: string };
}

/** What is written down before acting. */
export interface DeploymentRecord {
  /** The deployment that is continued or rolled back, and its pause. */
  readonly deployment?: string;
  readonly hook?: string;
  /** Those that were there before a new one was begun, and what the service ran. */
  readonly known?: readonly string[];
  readonly taskDefinition?: string;
  /** Nothing was begun by it. */
  readonly unsent?: true;
}

/** What deployments say of an effect. */
export type RolloutFinding =
  | { readonly state: 'absent'; readonly again?: true }
  | { readonly state: 'in-progress' | 'failed' | 'ambiguous'; readonly detail: string }
  | { readonly state: 'done'; readonly detail: string; readonly at: number };

/** Going on; it can be continued and rolled back. */
export const GOES_ON: readonly string[] = ['PENDING', 'IN_PROGRESS'];
/** Gone back, or on its way. */
export const GOES_BACK: readonly string[] = ['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
/** A service has one of these at a time. */
export const UNDER_WAY: readonly string[] = [...GOES_ON, 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

/** The last part of a deployment's ARN, as consoles show it. */
export function rolloutName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** What a deployment says of what was to be done with it. `accepted`: ECS has answered that it does; `now` in epoch milliseconds. */
export function rolloutFinding(
  what: DeploymentDo,
  rollout: Rollout,
  { hook, accepted, now }: { readonly hook?: string | undefined; readonly accepted: boolean; readonly now: number },
): RolloutFinding {
  const { status, reason, pause, finishedAt: at = now } = rollout;
  const name = `deployment ${rolloutName(rollout.arn)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  if (GOES_ON.includes(status)) return goingOn(what, rollout, { hook, accepted, now });
  if (status === 'SUCCESSFUL') {
    if (what !== 'roll-back') return { state: 'done', detail: `${name} is complete`, at };
    return { state: 'failed', detail: `${name} was complete before it could be rolled back; deploy the earlier task definition instead` };
  }
  if (status === 'ROLLBACK_SUCCESSFUL')
    return what === 'roll-back' ? { state: 'done', detail: `${name} was rolled back`, at } : { state: 'failed', detail: `${name} was rolled back${why}` };
  if (UNDER_WAY.includes(status)) return { state: 'in-progress', detail: `${name} is ${status}${pause ? ` at ${pause.stage}` : ''}` };
  return { state: 'failed', detail: `${name} ended ${status}${why}` };
}

function goingOn(
  what: DeploymentDo,
  { arn, status, pause }: Rollout,
  { hook, accepted, now }: { readonly hook?: string | undefined; readonly accepted: boolean; readonly now: number },
): RolloutFinding {
  const name = `deployment ${rolloutName(arn)}`;
  const waits = what === 'roll-back' || (what === 'continue' && pause?.hook === hook);
  if (waits) return accepted ? { state: 'in-progress', detail: `${name} was asked to ${what} and does not show it yet` } : { state: 'absent', again: true };
  // That pause is over, which is all that was asked for; the next one is another decision.
  if (what === 'continue' && pause) return { state: 'done', detail: `${name} went on, and waits at ${pause.stage} until it is continued again`, at: now };
  return { state: 'in-progress', detail: `${name} is ${status}${pause ? `, and waits at ${pause.stage} until somebody continues it` : ''}` };
}

/**
 * The deployment that an effect began: the first that was not there before. A text says why none can be told: the service runs something else by now, so that somebody else has deployed.
 */
export function begunRollout(rollouts: readonly Rollout[], before: DeploymentRecord, taskDefinition: string): Rollout | string | undefined {
  const news = rollouts.filter(({ arn }) => before.known?.includes(arn) !== true).sort((a, b) => a.createdAt - b.createdAt);
  const [first] = news;
  if (!first || before.taskDefinition === undefined || before.taskDefinition === taskDefinition) return first;
  return `deployment ${rolloutName(first.arn)} began since, and the service runs ${rolloutName(taskDefinition)} by now, which somebody else has deployed; look whether a new deployment is still wanted`;
}

/** The deployment to continue or roll back, or why there is none. One that began after the intent is another than what was decided on; `at` in epoch milliseconds. */
export function rolloutToSteer(what: 'continue' | 'roll-back', rollouts: readonly Rollout[], service: string, at: number): Rollout | string {
  const one = rollouts.find(({ status }) => GOES_ON.includes(status));
  if (!one) {
    const instead = what === 'roll-back' ? '; deploy the earlier task definition where the service has to go back' : '';
    return `no deployment of ${service} is under way, so that there is nothing to ${what}${instead}`;
  }
  if (one.createdAt > at + SKEW_MS) return `deployment ${rolloutName(one.arn)} of ${service} began after this was decided; decide on it anew`;
  if (what === 'continue' && !one.pause) return `deployment ${rolloutName(one.arn)} of ${service} does not wait at a pause`;
  return one;
}

/** How far clocks may differ. */
const SKEW_MS = 60_000;
