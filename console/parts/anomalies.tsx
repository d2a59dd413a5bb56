import type { JSX } from 'preact';
import type { Picture } from '../client';
import { Section } from './bits';

/** What our detector found, drawn, with what it says of it. */
export function Anomalies({ pictures, incidentId }: { readonly pictures: readonly Picture[]; readonly incidentId: string }): JSX.Element | null {
  if (pictures.length === 0) return null;
  return (
    <Section title="Anomalies" class="anomalies">
      {pictures.map(({ anomaly, text, source }) => (
        <figure key={anomaly}>
          <img src={source} alt={text} width={640} height={240} />
          {/* The picture is read out with the same words. */}
          <figcaption aria-hidden="true">{text}</figcaption>
        </figure>
      ))}
      <p class="quiet">
        Was it worth being told? <code class="command">npx nightshift feedback {incidentId} useful</code> or <code>noise</code>: the thresholds learn from it.
      </p>
    </Section>
  );
}
