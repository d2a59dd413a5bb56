import { clip, plainText } from '../plain-text';
import { redact } from '../redact';

/** What became of something in Systems Manager. */
export type SsmFinding =
  | { readonly state: 'in-progress' | 'failed' | 'ambiguous'; readonly detail: string }
  /** `at`: ISO, when it ended. */
  | { readonly state: 'done'; readonly detail: string; readonly at: string };

const LONGEST_SAID = 300;

/** What came from outside, on one line, without secrets, and short. */
export function said(text: string, longest = LONGEST_SAID): string {
  return clip(plainText(redact(text)), longest);
}
