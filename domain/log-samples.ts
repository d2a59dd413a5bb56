import { outsideText } from './reasoning/outside';

/** Sample lines of one template, and characters of each. */
export const SAMPLES = { most: 3, length: 200 } as const;

/** A line of a log as evidence may hold it: on one line, without control and hidden characters, scrubbed of secrets and personal data, and clipped. */
export function sampleText(line: string): string {
  return outsideText(line, SAMPLES.length);
}
