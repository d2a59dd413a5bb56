import type { JSX } from 'preact';
import type { Hypothesis } from '../../domain/diagnosis';
import type { DiagnosisView, IncidentView } from '../../domain/incident-view';
import { adviceLines } from '../../domain/reasoning/advice';
import type { AdviceView } from '../../domain/reasoning/advice';
import type { RankedCauses } from '../../domain/ranked-causes';
import { whyRunbook } from '../../domain/why';
import { spoken } from '../view/needs';
import { Section } from './bits';

/** The ranked causes with the evidence for and against, what was ruled out, why this runbook, and what is not known. */
export function DiagnosisPart({ view }: { readonly view: IncidentView }): JSX.Element | null {
  const found = view.diagnosis;
  if (found === undefined) return null;
  return (
    <Section title="Why this cause">
      {found.verdict === 'undetermined' && <p>Undetermined: nothing in the evidence tells strongly enough.</p>}
      {found.hypotheses.map((each, i) => (
        <Cause key={each.id} hypothesis={each} diagnosis={found} likely={i === 0 && found.verdict === 'determined'} />
      ))}
      {found.advice !== undefined && <AdvicePart advice={found.advice} />}
      {found.ranked !== undefined && <Ranked ranked={found.ranked} diagnosis={found} />}
      {found.ruledOut.length > 0 && (
        <>
          <h3>What was ruled out</h3>
          <ul class="plain">
            {found.ruledOut.map((each) => (
              <li key={each.title}>
                <strong>{each.title}</strong>: {each.reason} <Ids ids={each.evidence} diagnosis={found} />
              </li>
            ))}
          </ul>
        </>
      )}
      <WhyRunbook view={view} />
      {found.unknown.length > 0 && (
        <>
          <h3>Not known</h3>
          <ul class="plain">
            {found.unknown.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

/** Where the diagnosis comes from; what a model said is marked as its own. */
function AdvicePart({ advice }: { readonly advice: AdviceView }): JSX.Element {
  const lines = adviceLines(advice);
  return (
    <>
      <p class="quiet">{advice.note}</p>
      {advice.askPerson.length > 0 && <p>A person is asked, as {advice.askPerson.join(', and ')}.</p>}
      {lines.length > 0 && (
        <>
          <h3>What a model says of it</h3>
          <ul class="plain">
            {lines.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Cause({
  hypothesis,
  diagnosis,
  likely,
}: {
  readonly hypothesis: Hypothesis;
  readonly diagnosis: DiagnosisView;
  readonly likely: boolean;
}): JSX.Element {
  return (
    <div class={likely ? 'cause likely' : 'cause'}>
      <p>
        <strong>{hypothesis.title}</strong>
      </p>
      <p class="quiet">
        {spoken(hypothesis.cause)}, strength {hypothesis.score.toFixed(2)} of 1
      </p>
      <Facts label="For it" ids={hypothesis.supporting} diagnosis={diagnosis} />
      <Facts label="Against it" ids={hypothesis.contradicting} diagnosis={diagnosis} />
    </div>
  );
}

function Ranked({ ranked, diagnosis }: { readonly ranked: RankedCauses; readonly diagnosis: DiagnosisView }): JSX.Element {
  return (
    <>
      <h3>Ranked causes</h3>
      <p class="quiet">
        By the call graph: {ranked.verdict === 'named' ? `confidence ${ranked.confidence}` : 'none stands out'}. {ranked.reasons.join(' ')}
      </p>
      <ul class="plain">
        {ranked.causes.map(({ service, probability, supporting, contradicting }) => (
          <li key={service}>
            <strong>{service}</strong>, {Math.round(100 * probability)} %
            <ul class="plain">
              {[...supporting.map((each) => ({ ...each, sign: 'for it' })), ...contradicting.map((each) => ({ ...each, sign: 'against it' }))].map((each) => (
                <li key={each.text}>
                  {each.sign}: {each.text} <Ids ids={each.evidence} diagnosis={diagnosis} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

function WhyRunbook({ view }: { readonly view: IncidentView }): JSX.Element | null {
  const lines = whyRunbook(view);
  if (lines.length === 0) return null;
  return (
    <>
      <h3>Why this runbook</h3>
      <ul class="plain">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

/** What speaks for or against a cause, in words: an id alone would have to be looked up. */
function Facts({ label, ids, diagnosis }: { readonly label: string; readonly ids: readonly string[]; readonly diagnosis: DiagnosisView }): JSX.Element | null {
  if (ids.length === 0) return null;
  return (
    <>
      <p class="quiet">{label}</p>
      <ul class="plain">
        {ids.map((id) => (
          <li key={id}>
            <span class="id">{id}</span> {diagnosis.evidence[id] ?? ''}
          </li>
        ))}
      </ul>
    </>
  );
}

function Ids({ ids, diagnosis }: { readonly ids: readonly string[]; readonly diagnosis: DiagnosisView }): JSX.Element {
  return (
    <>
      {ids.map((id) => (
        <span key={id} class="id" title={diagnosis.evidence[id] ?? ''}>
          {id}
        </span>
      ))}
    </>
  );
}
