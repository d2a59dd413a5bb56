import type { JSX } from 'preact';
import type { IncidentView } from '../../domain/incident-view';
import { Ago, Section, SeverityBadge } from './bits';

function StateTag({ alert: { status, noData } }: { readonly alert: IncidentView['alerts'][number] }): JSX.Element {
  if (status === 'firing') return <span class="tag bad">firing</span>;
  return noData === true ? <span class="tag">no data</span> : <span class="tag good">ended</span>;
}

/** The conditions that the incident is about, newest first. */
export function Alerts({ view, now }: { readonly view: IncidentView; readonly now: number }): JSX.Element | null {
  if (view.alerts.length === 0) return null;
  return (
    <Section title="Alerts">
      <ul class="facts">
        {view.alerts.map((alert) => (
          <li key={alert.fingerprint}>
            <p>
              <SeverityBadge severity={alert.severity} /> <strong>{alert.name}</strong> <StateTag alert={alert} />
            </p>
            <p>{alert.summary}</p>
            <p class="quiet">
              from {alert.source}
              {alert.service !== undefined && `, about ${alert.service}`}, began <Ago at={alert.startsAt} now={now} />
            </p>
          </li>
        ))}
      </ul>
      {view.alertCount > view.alerts.length && <p class="quiet">{view.alertCount} alert messages came.</p>}
    </Section>
  );
}
