import type { EvidenceItem, Trust } from '../evidence';

/** Of whom an item is, and of what kind of looking. Two items of one source are one witness. */
export interface Witness {
  readonly trust: Trust;
  /** Absent for what says nothing about a cause by itself: a list of releases, a dependency that is well, what is missing. */
  readonly source?: string;
}

/**
 * The witness that an item is. Log lines are of anybody who sends a request; numbers of requests can be driven by anybody, but say nothing in words. What our detector found was seen
 * in numbers that stand beside it, so it is no second witness.
 */
export function witnessOf(item: EvidenceItem): Witness {
  switch (item.kind) {
    case 'metrics':
    case 'anomaly':
      return { trust: 'measured', source: `requests:${item.service}` };
    case 'saturation':
      return { trust: 'measured', source: `resources:${item.service}` };
    case 'neighbour':
    case 'window':
      return { trust: 'measured', ...(item.healthy === false && { source: `requests:${item.service}` }) };
    case 'logs':
    case 'log-anomaly':
      return { trust: 'outside', source: `logs:${item.service}` };
    case 'change':
      return { trust: 'platform', source: `changes:${item.change.service}` };
    case 'build':
      return { trust: 'platform', source: `builds:${item.service}` };
    case 'other-builds':
      return { trust: 'platform', source: 'builds:others' };
    case 'no-change':
    case 'runbooks':
    case 'release':
      return { trust: 'platform' };
    // What was decided on before is no witness of what is the matter now, nor is which services there are.
    case 'graph':
    case 'incident-nearby':
    case 'similar':
    case 'missing':
      return { trust: 'measured' };
  }
}
