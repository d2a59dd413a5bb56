import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { temporalIncidents } from '../../../adapters/temporal/client';
import { sampleAlert } from '../../fakes/sample-incident';

const route = { workflow: 'incident', workflowId: 'incident:prod:db', environment: 'prod', service: 'db' } as const;

/** A client whose signals end so, with what was asked of it. */
function refusing(error: Error | undefined) {
  const asked: string[] = [];
  const client = {
    withDeadline: <T>(_at: number, call: () => Promise<T>) => call(),
    workflow: {
      getHandle: (id: string) => ({
        signal: async () => {
          asked.push(`signal ${id}`);
          if (error) throw error;
        },
      }),
      signalWithStart: async (_type: string, { workflowId }: { readonly workflowId: string }) => void asked.push(`start ${workflowId}`),
    },
  } as unknown as Client;
  const clock = { now: () => 0 };
  return { asked, incidents: temporalIncidents({ client, taskQueue: 'q', clock, doorTimeoutMs: 1000, start: () => ({ input: {} }) }) };
}

test('alerts that join are signalled to the workflow that runs, and start none', async () => {
  const { asked, incidents } = refusing(undefined);
  await incidents.deliver({ ...route, mustRun: true }, [sampleAlert('a')]);
  await incidents.deliver(route, [sampleAlert('a')]);
  expect(asked).toEqual(['signal incident:prod:db', 'start incident:prod:db']);
});

test('where that workflow does not run they are refused as not found, and other trouble is unreachable', async () => {
  const gone = refusing(new WorkflowNotFoundError('no such workflow', 'incident:prod:db', undefined));
  await expect(gone.incidents.deliver({ ...route, mustRun: true }, [sampleAlert('a')])).rejects.toMatchObject({ code: 'not_found' });
  expect(gone.asked).toEqual(['signal incident:prod:db']);
  const away = refusing(new Error('connection refused'));
  await expect(away.incidents.deliver({ ...route, mustRun: true }, [sampleAlert('a')])).rejects.toMatchObject({ code: 'unreachable' });
});
