import type { JSX } from 'preact';
import type { IncidentView } from '../../domain/incident-view';
import type { Client } from '../client';
import { useNow, usePoll } from '../poll';
import { hrefOf } from '../route';
import { useTitle } from '../use-title';
import { byUrgency, needOf } from '../view/needs';
import { Ago, Freshness, SeverityBadge, StatusBadge } from './bits';

const EVERY_MS = 3_000;

/** The incidents, those that need a person first. */
export function IncidentList({ client, closedToo }: { readonly client: Client; readonly closedToo: boolean }): JSX.Element {
  const polled = usePoll(() => client.incidents(closedToo), EVERY_MS, `list ${String(closedToo)}`);
  const now = useNow();
  const incidents = byUrgency(polled.value?.incidents ?? []);
  const urgent = incidents.filter((view) => needOf(view, now).urgent).length;
  useTitle(urgent === 0 ? undefined : `${String(urgent)} ${urgent === 1 ? 'needs' : 'need'} you`);
  return (
    <>
      <div class="title">
        <h1>{closedToo ? 'All incidents' : 'Open incidents'}</h1>
        <Freshness polled={polled} now={now} />
        <a class="aside" href={hrefOf({ page: 'list', closedToo: !closedToo })}>
          {closedToo ? 'Open ones only' : 'Closed ones too'}
        </a>
      </div>
      {polled.value !== undefined && incidents.length === 0 && <Quiet closedToo={closedToo} />}
      <ul class="incidents">
        {incidents.map((view) => (
          <Line key={view.incidentId} view={view} now={now} />
        ))}
      </ul>
      {polled.value?.next !== undefined && <p class="quiet">These are the newest 100. More: npx nightshift incident list</p>}
    </>
  );
}

function Line({ view, now }: { readonly view: IncidentView; readonly now: number }): JSX.Element {
  const need = needOf(view, now);
  return (
    <li>
      <a class={need.urgent ? 'card incident urgent' : 'card incident'} href={hrefOf({ page: 'incident', id: view.incidentId })}>
        <span class="badges">
          <SeverityBadge severity={view.severity} />
          <StatusBadge status={view.status} />
        </span>
        <strong class="name">{view.title}</strong>
        <span class="where">
          {view.service} <span class="quiet">in {view.environment}, began </span>
          <Ago at={view.diagnosis?.onset ?? view.openedAt} now={now} />
        </span>
        <span class="need">Needed: {need.text}</span>
      </a>
    </li>
  );
}

function Quiet({ closedToo }: { readonly closedToo: boolean }): JSX.Element {
  return (
    <p class="card empty">
      <strong>{closedToo ? 'There was no incident yet.' : 'All quiet.'}</strong>
      <span class="quiet">{closedToo ? 'What comes will stand here.' : 'No incident is open. This page looks again by itself.'}</span>
    </p>
  );
}
