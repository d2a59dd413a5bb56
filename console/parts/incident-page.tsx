import type { JSX } from 'preact';
import { humanDuration, utcTime } from '../../domain/human-time';
import type { IncidentView } from '../../domain/incident-view';
import type { Client, Me } from '../client';
import { loadIncident } from '../load';
import { useNow, usePoll } from '../poll';
import { useTitle } from '../use-title';
import { hrefOf } from '../route';
import { marksOf } from '../view/marks';
import { needOf, spoken } from '../view/needs';
import { together } from '../view/together';
import { Alerts } from './alerts';
import { Anomalies } from './anomalies';
import { Ago, Freshness, SeverityBadge, StatusBadge } from './bits';
import { DiagnosisPart } from './diagnosis';
import { EvidencePart } from './evidence';
import { Plots } from './plots';
import { ProposalPart } from './proposal';
import { RemediationPart } from './remediation';
import { Timeline } from './timeline';

const EVERY_MS = 2_500;

/** One incident: what is needed first, then why, then everything else. */
export function IncidentPage({ client, me, id }: { readonly client: Client; readonly me: Me | undefined; readonly id: string }): JSX.Element {
  const polled = usePoll((before: Awaited<ReturnType<typeof loadIncident>> | undefined) => loadIncident(client, id, before, Date.now()), EVERY_MS, id);
  const now = useNow();
  const shown = polled.value;
  useTitle(shown?.view.title);
  if (shown === undefined) return <Missing id={id} failure={polled.failure} />;
  const { view, timeline, evidence, signals, pictures } = shown;
  return (
    <>
      <nav aria-label="Back">
        <a href={hrefOf({ page: 'list', closedToo: false })}>← Open incidents</a>
        <Freshness polled={polled} now={now} />
      </nav>
      <Heading view={view} now={now} />
      <div class="columns">
        <div class="first">
          <ProposalPart client={client} me={me} view={view} now={now} onAnswered={polled.refresh} />
          <RemediationPart view={view} />
        </div>
        <div class="second">
          {signals !== undefined && <Plots history={signals} marks={marksOf(view, timeline, evidence)} />}
          <Anomalies pictures={pictures} incidentId={view.incidentId} />
          <DiagnosisPart view={view} />
          <EvidencePart evidence={evidence} view={view} />
        </div>
        <div class="third">
          <Alerts view={view} now={now} />
          <Timeline timeline={timeline} />
        </div>
      </div>
    </>
  );
}

function Heading({ view, now }: { readonly view: IncidentView; readonly now: number }): JSX.Element {
  const need = needOf(view, now);
  const since = view.diagnosis?.onset ?? view.openedAt;
  return (
    <div class="heading">
      <p class="badges">
        <SeverityBadge severity={view.severity} />
        <StatusBadge status={view.status} />
        <span>
          {view.service} <span class="quiet">in {view.environment}</span>
        </span>
        <code class="quiet">{view.incidentId}</code>
      </p>
      <h1>{view.title}</h1>
      <p>
        {view.affected}. Since {utcTime(since)}
        {view.resolvedAt === undefined ? (
          <>
            {' '}
            (<Ago at={since} now={now} />)
          </>
        ) : (
          ` until ${utcTime(view.resolvedAt)} (${humanDuration(Date.parse(view.resolvedAt) - Date.parse(since))})`
        )}
        .
        {view.predecessor !== undefined && (
          <>
            {' '}
            It comes back from <a href={hrefOf({ page: 'incident', id: view.predecessor })}>{view.predecessor}</a>.
          </>
        )}
      </p>
      <Joined view={view} />
      <p class="unseen" role="status">
        {spoken(view.status)}
      </p>
      <p class={need.urgent ? 'callout urgent' : 'callout'}>
        <strong>Needed from you:</strong> {need.text}
        {need.commands.map((command) => (
          <code key={command} class="command">
            {command}
          </code>
        ))}
      </p>
      {view.outcome !== undefined && <p class="callout good">{view.outcome.summary}</p>}
    </div>
  );
}

/** Services whose alerts are here too, and incidents that have to do with it. */
function Joined({ view }: { readonly view: IncidentView }): JSX.Element | null {
  const { joined, related } = together(view);
  if (joined.length + related.length === 0) return null;
  return (
    <ul class="quiet">
      {joined.map(({ service, text }) => (
        <li key={service}>
          Alerts of <strong>{service}</strong> {text}
        </li>
      ))}
      {related.map(({ incidentId, href, text }) => (
        <li key={incidentId}>
          Related to <a href={href}>{incidentId}</a>: {text}
        </li>
      ))}
    </ul>
  );
}

function Missing({ id, failure }: { readonly id: string; readonly failure: { readonly message: string } | undefined }): JSX.Element {
  return (
    <>
      <nav aria-label="Back">
        <a href={hrefOf({ page: 'list', closedToo: false })}>← Open incidents</a>
      </nav>
      <p class="card empty" role="status">
        {failure === undefined ? `Loading ${id} …` : failure.message}
      </p>
    </>
  );
}
