import { compareText } from '../compare';
import type { EvidenceBundle, EvidenceItem } from '../evidence';
import type { IncidentView } from '../incident-view';
import { maskLine } from '../log-templates/mask';
import type { CauseKind } from '../names';
import { isOwnChange } from '../own-changes';
import { clip, plainText } from '../plain-text';
import { redact } from '../redact';

/** What an incident is compared by: names and kinds, and masked templates of log lines; no log line, no value, no person. */
export interface IncidentCard {
  readonly incidentId: string;
  readonly environment: string;
  readonly service: string;
  readonly cause?: Exclude<CauseKind, 'undetermined'>;
  /** Names of the conditions. */
  readonly alerts: readonly string[];
  /** Templates of lines that were new or more than before, the most frequent first. */
  readonly logs: readonly string[];
  /** Kinds of the changes before the onset. */
  readonly changes: readonly string[];
  /** Other signs: resources that filled up, neighbours that were unwell, what a failed build turned out to be. */
  readonly signs: readonly string[];
}

/** The lists of a card are no longer than that, nor its texts, characters. */
const MOST = 10;
const LONGEST = 200;

/** The card of an incident with the evidence of its last round, where there is any. `cause` is what it is compared by: for the past one that was confirmed, for an open incident the one that is named. */
export function cardOf(view: IncidentView, bundle: EvidenceBundle | undefined, cause: CauseKind | undefined = view.cause): IncidentCard {
  const items = bundle?.items ?? [];
  return {
    incidentId: view.incidentId,
    environment: view.environment,
    service: view.service,
    ...(cause === undefined || cause === 'undetermined' ? {} : { cause }),
    alerts: sorted(view.alerts.map(({ name }) => name)),
    logs: templates(items),
    changes: sorted(
      items.flatMap((item) => (item.kind === 'change' && item.hops === undefined && item.leadMs >= 0 && !isOwnChange(item.change) ? [item.change.kind] : [])),
    ),
    signs: sorted(items.flatMap(sign)),
  };
}

/** A card as text, a line a field, for whoever reads or embeds it; equal cards give equal text. */
export function cardText({ service, cause, alerts, logs, changes, signs }: IncidentCard): string {
  const line = (name: string, values: readonly string[]): readonly string[] => (values.length === 0 ? [] : [`${name}: ${values.join('; ')}`]);
  return [
    ...line('service', [service]),
    ...line('cause', cause === undefined ? [] : [cause]),
    ...line('alerts', alerts),
    ...line('changes before', changes),
    ...line('signs', signs),
    ...line('log lines', logs),
  ].join('\n');
}

function templates(items: readonly EvidenceItem[]): readonly string[] {
  const counted = items.flatMap((item) => {
    if (item.kind === 'logs')
      return item.patterns.filter(({ isNew, before, since }) => isNew || since > before).map(({ pattern, since }) => [pattern, since] as const);
    return item.kind === 'log-anomaly' && item.what !== 'fewer' ? [[item.template, item.lines] as const] : [];
  });
  const byCount = [...counted].sort(([a, most], [b, more]) => more - most || compareText(a, b));
  return [...new Set(byCount.map(([text]) => clean(maskLine(redact(text)))))].slice(0, MOST);
}

function sign(item: EvidenceItem): readonly string[] {
  if (item.kind === 'saturation') return item.rising ? [`${item.resource} rises`] : [];
  if (item.kind === 'neighbour') return item.healthy === false ? [`${item.service} unwell`] : [];
  if (item.kind === 'build') return item.class === undefined ? [] : [`build ${item.class}`];
  return [];
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => clean(redact(text))))].sort(compareText).slice(0, MOST);
}

function clean(text: string): string {
  return clip(plainText(text), LONGEST);
}
