import type { Diagnosis } from '../../../../domain/diagnosis';
import type { EvidenceBundle, EvidenceItem } from '../../../../domain/evidence';
import type { WindowStats } from '../../../../domain/metrics';
import { noOpinion } from '../../../../domain/reasoning/opinion';
import type { Judged, Opinion } from '../../../../domain/reasoning/opinion';
import { reasoningRequest } from '../../../../domain/reasoning/request';
import type { Candidate, ReasoningRequest } from '../../../../domain/reasoning/request';

const ONSET = Date.parse('2026-03-01T12:00:00Z');
/** The random word of the tests. */
export const BOUNDARY = 'k3v9x2m7q1w8z5t4';

function stats(requests: number, errors: number, latencyP95Ms: number): WindowStats {
  return {
    ...{ from: 0, to: 1, samples: 20, upShare: 1, requests, errors, errorShare: errors / requests, ratePerSecond: requests / 300 },
    ...{ latencyP95Ms, routes: {}, saturation: {} },
  };
}

/** The log line of the sample, with which a test may say something else. */
export const LOG_LINE = 'cannot reserve stock: pool exhausted after 30 s';

/** Evidence of a bad release, with an uninvolved resource and a dependency that is well. */
export function bundle(line = LOG_LINE, more: readonly EvidenceItem[] = []): EvidenceBundle {
  return {
    ...{ incidentId: 'inc-1', round: 1, environment: 'production', service: 'cart', gatheredAt: '2026-03-01T12:05:00Z', onset: ONSET },
    items: [
      { id: 'E01', title: 't', kind: 'metrics', service: 'cart', baseline: stats(6000, 6, 85), now: stats(5400, 1242, 910), series: [] },
      { id: 'E02', title: 't', kind: 'saturation', service: 'cart', resource: 'connections', before: 0.3, now: 0.62, rising: false },
      {
        ...{ id: 'E03', title: 't', kind: 'logs', service: 'cart', linesRead: 412 },
        patterns: [{ pattern: line, level: 'error', before: 0, since: 318, isNew: true, mentions: [] }],
      },
      {
        ...{ id: 'E04', title: 't', kind: 'change', leadMs: 40_000 },
        change: {
          ...{ id: 'c-1', kind: 'deployment', environment: 'production', service: 'cart', at: '2026-03-01T11:59:20Z', author: 'ci' },
          ...{ summary: 'smaller pool of connections', from: 'v41', to: 'v42' },
        },
      },
      { id: 'E05', title: 't', kind: 'neighbour', service: 'stock', healthy: true, baseline: stats(900, 1, 20), now: stats(900, 1, 21) },
      ...more,
    ],
  };
}

/** What the statistics make of it: a bad release, and far behind it the resource. */
export const DETERMINED: Diagnosis = {
  verdict: 'determined',
  cause: 'bad-release',
  hypotheses: [
    {
      ...{ id: 'change:c-1', cause: 'bad-release', title: 'The deployment of v42', score: 0.87, supporting: ['E01', 'E03', 'E04'], contradicting: [] },
      ...{ suspect: 'cart', runbook: 'roll-back', parameters: { release: 'v41' } },
    },
    {
      ...{ id: 'resource:connections', cause: 'resource-exhaustion', title: 'connections run out', score: 0.55, supporting: ['E02'], contradicting: [] },
      ...{ suspect: 'cart', runbook: 'restart' },
    },
  ],
  ruledOut: [],
  unknown: [],
};

/** The statistics found nothing. */
export const UNDETERMINED: Diagnosis = { verdict: 'undetermined', cause: 'undetermined', hypotheses: [], ruledOut: [], unknown: [] };

/** The catalogue. */
export const CANDIDATES: readonly Candidate[] = [
  { id: 'roll-back', title: 'Roll back to the release before', causes: ['bad-release'], risk: 'medium', reversible: true },
  { id: 'restart', title: 'Restart', causes: ['resource-exhaustion'], risk: 'low', reversible: false },
  { id: 'flag-off', title: 'Turn the newest flag off', causes: ['bad-release'], risk: 'low', reversible: true },
  { id: 'wipe', title: 'Begin with an empty database', causes: ['bad-release'], risk: 'high', reversible: false },
];

/** The request of the sample. */
export function asked(line = LOG_LINE, diagnosis = DETERMINED): ReasoningRequest {
  return reasoningRequest({ bundle: bundle(line), diagnosis, candidates: CANDIDATES, boundary: BOUNDARY });
}

/** A hypothesis that holds, and what a test changes in it. */
export function hypothesis(change: object = {}): object {
  return {
    ...{ statistical: 'H1', cause: 'bad-release', statement: 'Since the deployment 23 % of the requests fail.', evidence_ids: ['E01', 'E04'] },
    ...{ counter_evidence_ids: [], quotes: [{ evidence_id: 'E03', text: 'pool exhausted' }], confidence: 4 },
    ...change,
  };
}

/** An answer that holds, and what a test changes in it, as JSON. */
export function answer(change: object = {}): string {
  const whole = { hypotheses: [hypothesis()], runbook: 'roll-back', summary: 'The new release fails.', unknowns: [], needs_human: false };
  return JSON.stringify({ ...whole, ...change });
}

/** An opinion as it is recorded of what was judged. */
export function opinionOf(judged: Partial<Judged> = {}): Opinion {
  return { ...noOpinion({ incidentId: 'inc-1', round: 1, at: '2026-03-01T12:05:10Z', outcome: 'used', why: '' }), model: 'vendor.model', ...judged };
}
