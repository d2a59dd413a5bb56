import { WorkflowNotFoundError, type Client, type WorkflowOptions } from '@temporalio/client';
import type { Alert } from '../../domain/alert';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { AlertRoute } from '../../domain/routing';
import type { Clock } from '../../ports/clock';
import type { IncidentStarter, Incidents, PersonCommand, Reply, TemporalHealth } from '../../ports/incidents';
import { answerError, cameTooLate } from './errors';

/** Names on the wire; the workflows declare the same ones. */
export const WIRE = { alerts: 'alerts', decide: 'decide' } as const;

const UPDATES = {
  acknowledge: 'acknowledge',
  'take-over': 'takeOver',
  'hand-back': 'handBack',
  note: 'note',
  resolve: 'resolve',
} as const satisfies Record<PersonCommand['kind'], string>;

/** How a workflow is started by alerts: its one argument, and what the Temporal UI and searches show. */
export type AlertedStart = { readonly input: unknown } & Pick<WorkflowOptions, 'staticSummary' | 'staticDetails' | 'typedSearchAttributes' | 'memo'>;

/** What the adapter works with; `doorTimeoutMs` bounds every call. */
export interface TemporalIncidentsOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly clock: Clock;
  readonly doorTimeoutMs: number;
  /** Called for every delivery, as nobody knows beforehand whether it starts a workflow. */
  readonly start: (route: AlertRoute, alerts: readonly Alert[]) => AlertedStart;
}

/** Incident workflows over a Temporal client. Answers fail with our codes; deliveries and checks with `unreachable`. */
export function temporalIncidents(options: TemporalIncidentsOptions): Incidents & IncidentStarter & TemporalHealth {
  const { client, taskQueue, start } = options;

  const inTime = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(options.clock.now() + options.doorTimeoutMs, call);

  async function update(workflowId: string, name: string, argument: unknown, key: string): Promise<Reply> {
    const until = options.clock.now() + options.doorTimeoutMs;
    for (let attempt = 0; ; attempt += 1) {
      // What came too late was answered under its id, and the server gives that answer for ever: an attempt after it has an id of its own, the same for everybody who sends the key.
      const updateId = attempt === 0 ? key : `${key}/${String(attempt)}`;
      try {
        return await inTime(() => client.workflow.getHandle(workflowId).executeUpdate<Reply, [unknown]>(name, { args: [argument], updateId }));
      } catch (error) {
        if (!cameTooLate(error) || options.clock.now() >= until) throw answerError(error, options.doorTimeoutMs);
      }
    }
  }

  async function reach<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await inTime(call);
    } catch (error) {
      throw new NightshiftError('unreachable', `Temporal did not ${what}: ${errorMessage(error)}`, [], { cause: error });
    }
  }

  async function signalRunning(workflowId: string, alerts: readonly Alert[]): Promise<void> {
    const closed = await reach('take the alerts', () =>
      client.workflow
        .getHandle(workflowId)
        .signal(WIRE.alerts, alerts)
        .catch((error: unknown) => (error instanceof WorkflowNotFoundError ? error : Promise.reject(error as Error))),
    );
    if (closed) throw new NightshiftError('not_found', `${workflowId} does not run.`, [], { cause: closed });
  }

  return {
    decide: (workflowId, decision, key) => update(workflowId, WIRE.decide, decision, key),
    command: (workflowId, command, key) => update(workflowId, UPDATES[command.kind], command, key),
    async deliver(route, alerts) {
      const { workflow, workflowId } = route;
      if (route.mustRun === true) return signalRunning(workflowId, alerts);
      const { input, ...shown } = start(route, alerts);
      await reach('take the alerts', () =>
        client.workflow.signalWithStart(workflow, { ...shown, workflowId, taskQueue, args: [input], signal: WIRE.alerts, signalArgs: [alerts] }),
      );
    },
    async check() {
      // Unlike a health check of the front end, this one reads the server's database.
      await reach('answer', () => client.workflowService.describeNamespace({ namespace: client.options.namespace }));
    },
  };
}
