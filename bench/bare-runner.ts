import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { atOnce } from './at-once';

/** Runs bare workflows with a worker of their own. */
export interface BareRunner {
  /** Runs so many, so many at a time; returns workflows a second. */
  run(count: number, concurrency: number): Promise<number>;
  close(): Promise<void>;
}

const TASK_QUEUE = 'bare';

/** Starts the worker with the defaults of the SDK. */
export async function startBareRunner(address: string, client: Client): Promise<BareRunner> {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    ...{ connection, taskQueue: TASK_QUEUE, workflowsPath: require.resolve('./bare-workflow') },
    activities: { nothing: () => Promise.resolve() },
  });
  const running = worker.run();
  let started = 0;
  return {
    async run(count, concurrency) {
      const { seconds } = await atOnce(count, concurrency, async () => {
        started += 1;
        await client.workflow.execute('bare', { taskQueue: TASK_QUEUE, workflowId: `bare-${String(started)}` });
      });
      return count / seconds;
    },
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
