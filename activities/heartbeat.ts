import type { Alert } from '../domain/alert';
import { errorMessage } from '../domain/errors';
import { heartbeatAlert, HEARTBEAT_SOURCE, HEARTBEAT_STATE, lastHeartbeat } from '../domain/heartbeat';
import type { HeartbeatActivities } from '../domain/steps';
import type { Clock } from '../ports/clock';
import type { Inbox, Outbox, StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the sender of heartbeats works with; `everyMs` in milliseconds. */
export interface HeartbeatDeps {
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly state: Pick<StateStore, 'load'>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly environment: string;
  readonly everyMs: number;
  readonly inboxLimit: number;
  /** Called when the alert was committed. */
  readonly onAccepted: () => void;
}

/** Puts a synthetic alert into the inbox now and then, unless the one before is still under way: then it is the same message again. */
export function createHeart(deps: HeartbeatDeps): Repeated {
  return repeat(async () => {
    await beatOnce(deps).catch((error: unknown) => deps.log.warn({ error: errorMessage(error) }, 'a heartbeat could not begin; it is tried again'));
    return deps.everyMs;
  });
}

async function beatOnce({ inbox, state, clock, environment, inboxLimit, onAccepted }: HeartbeatDeps): Promise<void> {
  const next = lastHeartbeat(await state.load(HEARTBEAT_STATE)) + 1;
  await inbox.accept([heartbeatAlert(next, environment, clock.now())], clock.now(), inboxLimit);
  onAccepted();
}

/** The last leg inside: what came through the workflow waits to be sent like any notification. */
export function createHeartbeatActivities(deps: {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly state: StateStore;
  readonly onWritten: () => void;
}): HeartbeatActivities {
  return {
    async beat({ alerts }) {
      for (const alert of alerts.filter(({ source }) => source === HEARTBEAT_SOURCE)) {
        await deps.outbox.put({ id: alert.id, reason: 'heartbeat', at: alert.startsAt });
        const last = Math.max(numberOf(alert), lastHeartbeat(await deps.state.load(HEARTBEAT_STATE)));
        await deps.state.save(HEARTBEAT_STATE, { last });
      }
      deps.onWritten();
    },
  };
}

function numberOf({ labels }: Alert): number {
  return lastHeartbeat({ last: Number(labels['number']) });
}
