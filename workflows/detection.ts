import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { DetectionActivities, DetectionInput } from '../domain/steps';
import { mustUnderstand } from './support';

/** Beyond its turn an activity may take so long to write its last checkpoints, milliseconds. */
const GRACE_MS = 120_000;

/** Keeps one group of services in the hands of some worker, turn after turn, until there is no such group any more. */
export async function detection(input: DetectionInput): Promise<void> {
  mustUnderstand('detection', input);
  const { group, groups, turnMs, turns, heartbeatMs } = input;
  const { judgeGroup } = proxyActivities<DetectionActivities>({
    startToCloseTimeout: turnMs + GRACE_MS,
    heartbeatTimeout: heartbeatMs,
    // Whatever happens, the group is taken up again: a store that is down comes back.
    retry: { initialInterval: 1000, maximumInterval: 30_000, backoffCoefficient: 2 },
    summary: `Judge the services of group ${String(group + 1)} of ${String(groups)}`,
  });
  for (let turn = 0; turn < turns; turn += 1) {
    if ((await judgeGroup({ group, groups, turnMs })) === 'gone') return;
  }
  await continueAsNew<typeof detection>(input);
}
