import { condition, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Alert } from '../domain/alert';
import type { HeartbeatActivities, HeartbeatInput } from '../domain/steps';
import { isAlert } from './alert-shape';
import { alertsSignal } from './messages';
import { activityOptions, mustUnderstand } from './support';

/** Carries synthetic alerts from the inbox to a notification, by the same way as an incident: it ends when it has handed on what came. */
export async function heartbeat(input: HeartbeatInput): Promise<void> {
  mustUnderstand('heartbeat', input);
  const waiting: Alert[] = [];
  setHandler(alertsSignal, (alerts: unknown) => void waiting.push(...(Array.isArray(alerts) ? alerts.filter(isAlert) : [])));
  const { beat } = proxyActivities<HeartbeatActivities>(activityOptions(input.retry, 'Hand the heartbeat on'));
  await condition(() => waiting.length > 0);
  while (waiting.length > 0) await beat({ alerts: waiting.splice(0) });
}
