import type { AlertNote } from '../alert';
import type { JoinedService } from '../incident-view';

/** The services whose alerts joined an incident, in the order in which they did; undefined where there are none. */
export function joinedServices(alerts: readonly AlertNote[]): readonly JoinedService[] | undefined {
  const found = new Map<string, JoinedService>();
  for (const { service, joined, status } of alerts) {
    if (service === undefined || joined === undefined) continue;
    const { conditions, firing, reason } = found.get(service) ?? { conditions: 0, firing: 0, reason: joined };
    found.set(service, { service, conditions: conditions + 1, firing: firing + (status === 'firing' ? 1 : 0), reason });
  }
  return found.size === 0 ? undefined : [...found.values()];
}
