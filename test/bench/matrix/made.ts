import type { Sample } from '../../../domain/metrics';

/** A scrape at a time with so many requests since the process began, a tenth of them failed and half of them slow. */
export function sampleOf(at: number, requests: number, startedAt = 0): Sample {
  return {
    ...{ service: 'bookshop', environment: 'demo', instance: 'a', at, up: true, startedAt },
    routes: { '/books': { requests, errors: Math.floor(requests / 10) } },
    latency: { le: [0.1, 1, null], counts: [Math.floor(requests / 2), requests, requests] },
    saturation: { cache: 0.1 },
  };
}
