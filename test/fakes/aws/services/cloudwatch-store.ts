import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Place } from '../world';
import { stateKey } from './support';

/** An alarm of either kind. */
export type Alarm = MetricAlarm | CompositeAlarm;

/** Alarms by their names. */
export const ALARMS = stateKey('alarms', () => new Map<string, Alarm>());

/** The state that an alarm is in; undefined where there is no such alarm. */
export function alarmIn(place: Place, name: string): string | undefined {
  return place.state(ALARMS).get(name)?.StateValue;
}
