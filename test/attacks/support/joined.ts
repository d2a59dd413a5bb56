import type { Alert } from '../../../domain/alert';
import { readAlerts } from '../../../domain/alert-intake';
import { callMapOf } from '../../../domain/correlate/call-map';
import { decide } from '../../../domain/correlate/decide';
import { CORRELATE_DEFAULTS } from '../../../domain/correlate/types';
import type { Member } from '../../../domain/correlate/types';
import { T0 } from '../../fakes/bookshop-series';
import { iso } from '../../fakes/practice-faults';
import type { Said } from './telemetry';

const CALLS = callMapOf([{ caller: 'bookshop', callee: 'payments', from: 'configuration' }]);

/** The alert of a service that is called, as the door takes it and correlation puts it into the incident of `first`; nothing where it does not join. */
export function joinedAlerts(said: Said, first: Alert): readonly Alert[] {
  const { environment } = first;
  const body = {
    ...{
      id: 'alert-2',
      fingerprint: 'f2',
      service: 'payments',
      name: said('joined-alert', 'LatencyHigh').slice(0, 200),
      severity: 'warning',
      startsAt: iso(53),
    },
    ...{ summary: said('joined-annotation', 'answers are slow'), labels: { note: said('joined-label', 'none') } },
  };
  return readAlerts(body, { environment, receivedAt: T0 + 60_000 }).flatMap((alert): Alert[] => {
    const { startsAt, service } = first;
    const incident = { workflowId: `incident:${environment}:${service}`, environment, service, openedAt: Date.parse(startsAt), split: [] };
    const found = decide(memberOf(alert), [{ ...incident, members: [memberOf(first)] }], { map: CALLS, settings: { ...CORRELATE_DEFAULTS, enabled: true } });
    return found.kind === 'joins' ? [{ ...alert, joins: found.reason }] : [];
  });
}

function memberOf({ service, fingerprint, source, name, severity, startsAt, labels }: Alert): Member {
  return { service, fingerprint, source, name, severity, startsAt: Date.parse(startsAt), firing: true, labels };
}
