import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { IncidentView, ProposalView } from '../../domain/incident-view';
import { REJECTION_CODES, REJECTION_TEXTS } from '../../domain/rejection';
import type { RejectionCode } from '../../domain/rejection';
import type { Client, Me } from '../client';
import { adviceFor, canSendAgain } from '../decision';
import type { Sending } from '../use-decision';
import { useDecision } from '../use-decision';

interface Props {
  readonly client: Client;
  readonly me: Me | undefined;
  readonly view: IncidentView;
  readonly shown: ProposalView;
  readonly onAnswered: () => void;
}

/** Approve or reject in two steps: the second says once more what it is about, as a thumb slips. What is sent names the digest that was on the screen at the first. */
export function DecisionForm({ client, me, view, shown, onAnswered }: Props): JSX.Element | null {
  const [reason, setReason] = useState('');
  const [code, setCode] = useState<RejectionCode | undefined>(undefined);
  const field = useId();
  const decision = useDecision(client, view.incidentId, onAnswered);
  const { state } = decision;
  const open = shown.state === 'open' && view.status === 'awaiting-approval';
  if (!open) return <Outcome state={state} />;
  if (me?.role === 'viewer' || me?.role === 'responder') {
    return <p class="callout">You are signed in as {me.role}; deciding needs an approver. Ask one, or sign in with such a key.</p>;
  }
  const busy = state.phase === 'sending';
  const approved = me !== undefined && shown.approvals.includes(me.name);
  return (
    <form class="answering" onSubmit={(event) => event.preventDefault()}>
      {approved && <p class="callout good">You have approved this; it waits for somebody else. You can still reject it.</p>}
      <label for={field}>
        Reason <span class="quiet">(optional, for the audit)</span>
      </label>
      <textarea id={field} rows={2} maxLength={1000} value={reason} disabled={busy} onInput={(event) => setReason(event.currentTarget.value)} />
      {state.phase === 'chosen' && state.answer.proposal === shown.proposal.digest ? (
        <Confirm state={state} shown={shown} code={code} onCode={setCode} onYes={() => void decision.send(reason, code)} onNo={decision.reset} />
      ) : (
        <div class="buttons">
          {!approved && (
            <button class="primary" disabled={busy} onClick={() => decision.choose('approve', shown.proposal.digest)}>
              Approve…
            </button>
          )}
          <button class="danger" disabled={busy} onClick={() => decision.choose('reject', shown.proposal.digest)}>
            Reject…
          </button>
        </div>
      )}
      <Outcome state={state} onAgain={() => void decision.sendAgain()} />
    </form>
  );
}

function Confirm(props: {
  readonly state: Extract<Sending, { phase: 'chosen' }>;
  readonly shown: ProposalView;
  readonly code: RejectionCode | undefined;
  readonly onCode: (code: RejectionCode | undefined) => void;
  readonly onYes: () => void;
  readonly onNo: () => void;
}): JSX.Element {
  const approve = props.state.answer.verdict === 'approve';
  const { runbook, suspect, parameters } = props.shown.proposal;
  const values = Object.entries(parameters).map(([name, value]) => `, ${name} = ${value}`);
  const box = useRef<HTMLDivElement>(null);
  // Not onto the button: a key that is held down would press it.
  useEffect(() => box.current?.focus(), []);
  return (
    <div class="confirm" role="group" aria-label="Are you sure?" tabIndex={-1} ref={box}>
      <p>
        <strong>{approve ? 'Approve exactly this?' : 'Reject it? Nothing is changed then.'}</strong> {`${runbook.title} on ${suspect}${values.join('')}.`}
      </p>
      {!approve && <CodeChoice code={props.code} onCode={props.onCode} />}
      <div class="buttons">
        <button class={approve ? 'primary' : 'danger'} onClick={props.onYes}>
          {approve ? 'Yes, approve' : 'Yes, reject'}
        </button>
        <button class="plain" onClick={props.onNo}>
          Back
        </button>
      </div>
    </div>
  );
}

/** Why it is rejected; it may be left open. */
function CodeChoice({ code, onCode }: { readonly code: RejectionCode | undefined; readonly onCode: (code: RejectionCode | undefined) => void }): JSX.Element {
  const field = useId();
  return (
    <p>
      <label for={field}>
        Why <span class="quiet">(optional; it teaches which runbook to choose)</span>
      </label>
      <select id={field} value={code ?? ''} onChange={(event) => onCode(REJECTION_CODES.find((each) => each === event.currentTarget.value))}>
        <option value="">not said</option>
        {REJECTION_CODES.map((each) => (
          <option key={each} value={each}>
            {`${each}: ${REJECTION_TEXTS[each]}`}
          </option>
        ))}
      </select>
    </p>
  );
}

/** How sending goes, and what came of it. */
function Outcome({ state, onAgain }: { readonly state: Sending; readonly onAgain?: () => void }): JSX.Element | null {
  switch (state.phase) {
    case 'idle':
    case 'chosen':
      return null;
    case 'sending':
      return <p role="status">{state.attempt === 0 ? 'Sending…' : `Not recorded yet; sending the same answer again (${String(state.attempt)}).`}</p>;
    case 'done':
      return (
        <p class="callout good" role="status">
          {state.reply.message}
        </p>
      );
    case 'failed':
      return (
        <div class="problem" role="alert">
          <p>
            {state.message} {adviceFor(state.code, state.id)}
          </p>
          {onAgain !== undefined && canSendAgain(state.code) && (
            <button class="primary" onClick={onAgain}>
              Send the same answer again
            </button>
          )}
        </div>
      );
  }
}
