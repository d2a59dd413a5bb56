import type { JSX } from 'preact';
import type { EvidenceBundle, EvidenceItem } from '../../domain/evidence';
import { utcTime } from '../../domain/human-time';
import type { IncidentView } from '../../domain/incident-view';
import { evidenceRows, TRUST_WORDS, type EvidenceRow } from '../../domain/evidence-table';
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
        . What outsiders can write may be wrong, and may be meant to mislead.
      </p>
      <ul class="facts">
        {evidenceRows(evidence).map((row, i) => {
          const item = evidence.items[i];
          return item && <Fact key={row.id} item={item} row={row} />;
        })}
      </ul>
    </Section>
  );
}

/** Colours by how far a word can be relied on. */
const TONES: Readonly<Record<EvidenceRow['trust'], string>> = { platform: 'measured', measured: 'measured', outside: 'reported', missing: 'missing' };

function Fact({ item, row }: { readonly item: EvidenceItem; readonly row: EvidenceRow }): JSX.Element {
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
        <span class={`tag ${TONES[row.trust]}`}>{TRUST_WORDS[row.trust]}</span> {originOf(item)}, <time dateTime={row.at}>{utcTime(row.at)}</time>
      </p>
    </li>
  );
}
