import type { JSX } from 'preact';
import type { IncidentView } from '../../domain/incident-view';
import { Ago, Section, SeverityBadge } from './bits';

/** The conditions that the incident is about, newest first. */
export function Alerts({ view, now }: { readonly view: IncidentView; readonly now: number }): JSX.Element | null {
  if (view.alerts.length === 0) return null;
  return (
    <Section title="Alerts">
      <ul class="facts">
        {view.alerts.map((alert) => (
          <li key={alert.fingerprint}>
            <p>
              <SeverityBadge severity={alert.severity} /> <strong>{alert.name}</strong>{' '}
              <span class={alert.status === 'firing' ? 'tag bad' : 'tag good'}>{alert.status === 'firing' ? 'firing' : 'ended'}</span>
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
