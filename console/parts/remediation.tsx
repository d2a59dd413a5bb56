import type { JSX } from 'preact';
import type { IncidentView } from '../../domain/incident-view';
import { Section } from './bits';

/** What was done, and what was measured after it. */
export function RemediationPart({ view }: { readonly view: IncidentView }): JSX.Element | null {
  const done = view.remediation;
  if (done === undefined) return null;
  return (
    <Section title="What was done">
      <dl>
        <dt>Runbook</dt>
        <dd>{done.runbook}</dd>
        <dt>Target</dt>
        <dd>
          <code>{done.target}</code>
        </dd>
        <dt>Effects</dt>
        <dd>
          {done.effects.length === 0 && 'none yet'}
          {done.effects.map((effect) => (
            <Effect key={effect} line={effect} />
          ))}
        </dd>
        {done.verdict !== undefined && (
          <>
            <dt>Measured</dt>
            <dd>
              <span class={done.verdict === 'recovered' ? 'tag good' : 'tag bad'}>{done.verdict}</span> {done.verification}
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function Effect({ line }: { readonly line: string }): JSX.Element {
  const [token = '', ...rest] = line.split(' ');
  return (
    <p>
      {rest.join(' ')} <code class="quiet">{token}</code>
    </p>
  );
}
