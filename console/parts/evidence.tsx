import type { JSX } from 'preact';
import type { EvidenceBundle, EvidenceItem } from '../../domain/evidence';
import { provenanceOf } from '../../domain/evidence-provenance';
import { trustText } from '../../domain/evidence-table';
import { utcTime } from '../../domain/human-time';
import type { IncidentView } from '../../domain/incident-view';
import { linesOf, originOf } from '../view/evidence-text';
import { Section } from './bits';

/** The frozen facts of this round: what, from where, and how far each can be relied on. */
export function EvidencePart({ evidence, view }: { readonly evidence: EvidenceBundle | undefined; readonly view: IncidentView }): JSX.Element {
  if (evidence === undefined) {
    return (
      <Section title="Evidence">
        <p class="quiet">Not gathered yet.</p>
      </Section>
    );
  }
  return (
    <Section title="Evidence">
      <p class="quiet">
        Gathered {utcTime(evidence.gatheredAt)} for round {evidence.round}, and frozen
        {view.diagnosis !== undefined && (
          <>
            {' '}
            as <code class="digest">{view.diagnosis.evidenceDigest}</code>
          </>
        )}
        . Reported facts are what others wrote: they may be wrong.
      </p>
      <ul class="facts">
        {evidence.items.map((item) => (
          <Fact key={item.id} item={item} gatheredAt={evidence.gatheredAt} />
        ))}
      </ul>
    </Section>
  );
}

function Fact({ item, gatheredAt }: { readonly item: EvidenceItem; readonly gatheredAt: string }): JSX.Element {
  const { source, trust } = originOf(item);
  const { time, trust: writer } = provenanceOf(item, gatheredAt);
  return (
    <li>
      <p>
        <span class="id">{item.id}</span> <strong>{item.title}</strong>
      </p>
      {linesOf(item).map((line) => (
        <p key={line} class="line">
          {line}
        </p>
      ))}
      <p class="quiet">
        <span class={`tag ${trust}`}>{trust}</span> {source}, {utcTime(time)}; {trustText(writer)}
      </p>
    </li>
  );
}
