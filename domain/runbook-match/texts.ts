import type { AlertNote } from '../alert';
import type { EvidenceBundle, EvidenceItem } from '../evidence';
import { clip, plainText } from '../plain-text';

/** A text of the evidence and how far it can be trusted: our own measurement, or what somebody outside can write, such as a log line, a commit message or the text of an alert. */
export interface EvidenceText {
  /** Where it stands, in words that a reason can name: `E04`, or `the alert PoolExhausted`. */
  readonly id: string;
  readonly trust: 'measured' | 'outside';
  readonly text: string;
}

const NAME_LENGTH = 60;

/** The texts that runbooks are matched with: of the frozen evidence and of the alerts that still fire, or of all where none does. */
export function evidenceTexts(bundle: EvidenceBundle | undefined, alerts: readonly AlertNote[]): EvidenceText[] {
  const firing = alerts.filter(({ status }) => status === 'firing');
  return [...(bundle?.items ?? []).flatMap(textsOf), ...(firing.length > 0 ? firing : alerts).flatMap(alertTexts)];
}

function textsOf(item: EvidenceItem): EvidenceText[] {
  const { id, title } = item;
  const outside = (text: string): EvidenceText => ({ id, trust: 'outside', text });
  switch (item.kind) {
    case 'metrics':
    case 'saturation':
    case 'no-change':
      return [{ id, trust: 'measured', text: title }];
    case 'neighbour':
      // One that is well is no symptom.
      return item.healthy === false ? [{ id, trust: 'measured', text: title }] : [];
    case 'logs':
      return item.patterns.map(({ pattern }) => outside(pattern));
    case 'log-anomaly':
      return [outside(item.template)];
    case 'change':
      return [outside(`${title} ${item.change.summary}`)];
    // Its sentence may hold values of labels.
    case 'anomaly':
    case 'build':
    case 'other-builds':
      return [outside(title)];
    // Others' troubles and past ones are no symptoms of this one.
    case 'window':
    case 'graph':
    case 'incident-nearby':
    case 'similar':
    case 'runbooks':
    case 'release':
    case 'missing':
      return [];
  }
}

function alertTexts({ name, summary, anomaly, signal = '' }: AlertNote): EvidenceText[] {
  const id = `the alert ${clip(plainText(name), NAME_LENGTH)}`;
  // Anybody who may send alerts can name any source; the anomaly is our own detector's word alone.
  const own = anomaly !== undefined;
  return [
    { id, trust: own ? 'measured' : 'outside', text: `${name} ${signal}` },
    { id, trust: 'outside', text: summary },
  ];
}
