import { cleanText } from '../outside-text';
import { redactDeep } from '../redact';

/** Labels that a point, a line or a span keeps; of more the first in the order of the source. */
const MOST_LABELS = 32;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 200;

/** Labels from outside as ours. */
export type CleanLabels = (pairs: readonly (readonly [name: string, value: string])[]) => Record<string, string>;

/** Cleans the labels of one message: redacted (what a name such as `password` holds whole), bounded. What many points share is cleaned once. */
export function labelCleaner(): CleanLabels {
  // By name and then by value: to join the two would copy a long text for each label that holds it.
  const known = new Map<string, Map<string, readonly [string, string]>>();
  const clean = (name: string, value: string): readonly [string, string] => {
    const byValue = known.get(name) ?? new Map<string, readonly [string, string]>();
    known.set(name, byValue);
    const old = byValue.get(value);
    if (old) return old;
    const [[cleanName, cleanValue] = ['', '']] = Object.entries(redactDeep({ [name]: value }));
    const made = [cleanText(cleanName, LONGEST_NAME), cleanText(cleanValue, LONGEST_VALUE)] as const;
    byValue.set(value, made);
    return made;
  };
  return (pairs) => {
    const labels = new Map<string, string>();
    for (const [name, value] of pairs) {
      if (name === '' || value === '') continue;
      const [cleanName, cleanValue] = clean(name, value);
      // The first of two that have the same name stays.
      if (cleanName !== '' && !labels.has(cleanName)) labels.set(cleanName, cleanValue);
      if (labels.size === MOST_LABELS) break;
    }
    return Object.fromEntries(labels);
  };
}
