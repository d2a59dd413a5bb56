import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '10s' });

/** The least that a durable workflow can do: one activity that does nothing. What an incident costs is told as a share of it. */
export async function bare(): Promise<void> {
  await nothing();
}
