import type { Client } from '@temporalio/client';
import { detectionId } from '../../domain/detection/groups';
import type { DetectionInput } from '../../domain/steps';

/** Starts the workflow of a group unless it is open. Throws what Temporal throws. */
export async function ensureDetection(client: Client, taskQueue: string, input: DetectionInput): Promise<void> {
  const workflowId = detectionId(taskQueue, input.group, input.groups);
  await client.workflow.start('detection', {
    ...{ workflowId, taskQueue, args: [input] },
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Anomalies, group ${String(input.group + 1)} of ${String(input.groups)}`,
    staticDetails: 'Keeps a group of services in the hands of a worker, which judges their numbers row by row.',
  });
}
