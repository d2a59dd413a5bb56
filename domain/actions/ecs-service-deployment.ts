import type { ActionSpec } from './action';

/**
 * Begins, continues or rolls back a deployment of a service of ECS. `UpdateService` takes no token and leaves none, so that only our own record of the deployments before tells which one is
 * ours: one that began and left no trace is begun again only where the step says so. Continuing and rolling back name one deployment and do no harm twice; the search says so itself.
 */
export const ecsServiceDeployment = {
  summary: 'begins a new deployment of the service, or continues or rolls back the one that is under way',
  inputs: {
    do: {
      type: 'enum',
      description:
        '`force-new` starts all tasks anew with what the service runs, `roll-back` takes the deployment back that is under way, `continue` ends its pause.',
      values: ['continue', 'roll-back', 'force-new'],
    },
  },
  again: 'declared',
  trace: 'store',
  settleMs: 30_000,
  part: 'ecs',
} as const satisfies ActionSpec;
