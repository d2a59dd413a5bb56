import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { relativeTime, utcTime } from '../../domain/human-time';
import type { IncidentView, ProposalView } from '../../domain/incident-view';
import { targetId } from '../../domain/inventory';
import type { Client, Me } from '../client';
import { Section } from './bits';
import { DecisionForm } from './decision-form';

interface Props {
  readonly client: Client;
  readonly me: Me | undefined;
  readonly view: IncidentView;
  readonly now: number;
  readonly onAnswered: () => void;
}

/** The exact proposal, and the form to answer it. */
export function ProposalPart({ client, me, view, now, onAnswered }: Props): JSX.Element | null {
  const shown = view.proposal;
  const changed = useChanged(shown?.proposal.digest);
  if (shown === undefined) return null;
  return (
    <Section title={shown.state === 'shadowed' ? 'What it would have done' : 'Proposal'} class={shown.state === 'open' ? 'asking' : ''}>
      {changed && shown.state === 'open' && (
        <p class="problem" role="alert">
          The proposal has changed while you looked at it. This is the new one.
        </p>
      )}
      <Exactly shown={shown} now={now} />
      <DecisionForm key={view.incidentId} client={client} me={me} view={view} shown={shown} onAnswered={onAnswered} />
      <Background shown={shown} />
    </Section>
  );
}

/** What a person must have read before answering. */
function Exactly({ shown, now }: { readonly shown: ProposalView; readonly now: number }): JSX.Element {
  const { proposal, policy } = shown;
  const parameters = Object.entries(proposal.parameters);
  return (
    <>
      <p class="runbook">
        <strong>{proposal.runbook.title}</strong> <span class={`tag risk-${proposal.risk}`}>{proposal.risk} risk</span>{' '}
        <span class={`tag proposal-${shown.state}`}>{shown.state}</span>
      </p>
      <ul class="preview" aria-label="What will be done">
        {proposal.preview.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <dl>
        <dt>On</dt>
        <dd>
          {proposal.suspect} <code class="quiet">{targetId(proposal.target)}</code>
        </dd>
        <dt>With</dt>
        <dd>{parameters.length === 0 ? 'no parameters' : parameters.map(([name, value]) => <code key={name}>{`${name} = ${value}`}</code>)}</dd>
        <dt>Undo</dt>
        <dd>{proposal.inverse.length === 0 ? 'This cannot be undone.' : proposal.inverse.join(' ')}</dd>
        <dt>Approvals</dt>
        <dd>
          {shown.approvals.length} of {policy.quorum}
          {shown.approvals.length > 0 && `: ${shown.approvals.join(', ')}`}
          {policy.approvers.length > 0 && <span class="quiet"> by {policy.approvers.join(', ')}</span>}
          {policy.notAuthor && proposal.author !== undefined && <span class="quiet"> (not {proposal.author}, who made the change)</span>}
        </dd>
        {shown.state === 'open' && (
          <>
            <dt>{shown.actsAt === undefined ? 'Expires' : 'Unless somebody objects, done'}</dt>
            <dd>
              {relativeTime(shown.actsAt ?? shown.expiresAt, now)} <span class="quiet">({utcTime(shown.actsAt ?? shown.expiresAt)})</span>
            </dd>
          </>
        )}
        <dt>Digest</dt>
        <dd>
          <code class="digest">{proposal.digest}</code>
        </dd>
      </dl>
    </>
  );
}

/** What stands behind it. */
function Background({ shown }: { readonly shown: ProposalView }): JSX.Element {
  const { proposal, policy } = shown;
  return (
    <dl class="background">
      <dt>Policy</dt>
      <dd>
        {policy.mode}: {policy.reason}
        {shown.state === 'open' && shown.actsAt === undefined && ` Unanswered, nothing is changed, and it goes to ${policy.escalateTo}.`}
      </dd>
      {policy.reasons !== undefined && (
        <>
          <dt>Record</dt>
          <dd>{policy.reasons.join(' ')}</dd>
        </>
      )}
      <dt>Runbook</dt>
      <dd>
        {proposal.runbook.id} v{proposal.runbook.version}. {proposal.runbook.about} <code class="digest">{proposal.runbook.hash}</code>
      </dd>
    </dl>
  );
}

/** True from the moment at which another value took the place of the first one that was seen. */
function useChanged(value: string | undefined): boolean {
  const first = useRef(value);
  useEffect(() => {
    first.current ??= value;
  }, [value]);
  return first.current !== undefined && value !== undefined && value !== first.current;
}
