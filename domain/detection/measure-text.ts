import { latency, percent, plainNumber } from '../wording';
import { kindOfMeasure, SATURATION } from './measures';

/** A measure in words: `error share`, `p95 latency`, `search cache in use`. */
export function measureText(name: string): string {
  if (name.startsWith(SATURATION)) return `${name.slice(SATURATION.length)} in use`;
  const words: Readonly<Record<string, string>> = {
    errorShare: 'share of failed requests',
    up: 'share of answered scrapes',
    latencyP95Ms: 'p95 latency',
    rate: 'requests per second',
  };
  return words[name] ?? name;
}

/** A value of a measure in words, with its unit. */
export function valueText(name: string, value: number): string {
  const kind = kindOfMeasure(name);
  if (kind === 'latency') return latency(value);
  return kind === 'errorShare' || kind === 'up' || kind === 'saturation' ? percent(value) : plainNumber(value);
}

/** What else of a service is unusual at the same time, as a sentence to append; empty where nothing is. */
export function relatedText(related: readonly string[]): string {
  return related.length === 0 ? '' : ` Also unusual: ${related.map(measureText).join(', ')}.`;
}
