import { NightshiftError } from '../../domain/errors';
import { HEARTBEAT_CHANNEL } from '../../domain/heartbeat';
import type { Clock } from '../../ports/clock';
import type { Notifier } from '../../ports/notifier';
import { postOutside } from '../outside/post';

/** Where heartbeats go; `staleMs` is the age from which one says nothing about now any more. */
export interface HeartbeatNotifierOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly staleMs: number;
  readonly allowPrivate: boolean;
  readonly clock: Clock;
  /** Called when one was taken, with epoch milliseconds. */
  readonly onTaken: (at: number) => void;
}

/** Calls the URL of a dead-man's switch by POST. `send` throws `unreachable` when it is not taken, and `refused` for one that comes too late to say that all is well. */
export function createHeartbeatNotifier({ url, timeoutMs, staleMs, allowPrivate, clock, onTaken }: HeartbeatNotifierOptions): Notifier {
  return {
    channel: HEARTBEAT_CHANNEL,
    async send({ id, at }) {
      if (clock.now() - Date.parse(at) > staleMs) throw new NightshiftError('refused', 'The heartbeat came too late to say that all is well.');
      const body = JSON.stringify({ type: 'nightshift.heartbeat', id, at });
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const status = await postOutside({ url, body, headers, timeoutMs, allowPrivate }).catch(() => 0);
      // The address is a secret, and so is what an error says of it.
      if (status < 200 || status > 299)
        throw new NightshiftError('unreachable', status === 0 ? 'The heartbeat URL cannot be reached.' : `The heartbeat URL answered ${status}.`);
      onTaken(clock.now());
    },
  };
}
