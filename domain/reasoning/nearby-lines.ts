import type { EvidenceItem } from '../evidence';
import { over } from '../topology/step-series';
import { latency, percent, plainNumber } from '../wording';

/** Lines before they are made fit. */
export interface Described {
  readonly facts: readonly string[];
  readonly told: readonly (string | undefined)[];
}

/** What stands around an incident, as a model reads it. Services of the graph may be named by who sends traces, so their names are told. */
export function nearby(item: Extract<EvidenceItem, { kind: 'window' | 'graph' | 'incident-nearby' | 'similar' }>): Described {
  switch (item.kind) {
    case 'window': {
      const state = item.healthy === null ? 'too little was measured to tell how it is' : item.healthy ? 'it is well' : 'it is failing';
      const all = over(item.series, -Infinity, Infinity);
      return {
        facts: [
          `a service that is ${String(item.hops)} calls ${item.way === 'callee' ? 'below' : 'above'}, seen by ${item.seenBy}: ${state}`,
          `before and since together: ${String(all.requests)} requests, ${percent(all.errorShare)} failed, ${item.series.latencyIs} ${latency(all.latencyMs)}`,
        ],
        told: [item.title],
      };
    }
    case 'graph':
      return {
        facts: [`${String(item.places.length)} services around ${item.service} and ${String(item.calls.length)} calls among them were looked at`],
        told: item.calls.map(({ caller, callee, from }) => `${caller} calls ${callee} (${from.join(', ')})`),
      };
    case 'incident-nearby':
      return {
        facts: [
          `another incident of the environment is open, ${item.severity}, ${item.status}${item.hops === undefined ? '' : `, ${String(item.hops)} calls away`}`,
        ],
        told: [`service: ${item.service}`, item.told],
      };
    case 'similar':
      return {
        facts: [
          `a past incident that looks alike (${plainNumber(item.score)} of 1), confirmed by ${item.confirmedBy}${item.cause === undefined ? '' : `, cause ${item.cause}`}`,
        ],
        told: [item.title, ...item.because, ...item.didNotHelp.map((name) => `did not help: ${name}`)],
      };
  }
}
