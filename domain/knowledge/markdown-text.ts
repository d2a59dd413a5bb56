import { escapeMarkdown } from '../markdown';
import { clip, plainText } from '../plain-text';
import { redact } from '../redact';

const LONGEST = 500;

/** Text from outside as one line of a document: scrubbed, cut, and rendering as itself. */
export function md(text: string, longest = LONGEST): string {
  return escapeMarkdown(clip(plainText(redact(text)), longest));
}

/** A heading with its list; nothing where the list is empty and nothing stands instead. */
export function section(heading: string, lines: readonly string[], instead?: string): readonly string[] {
  if (lines.length === 0 && instead === undefined) return [];
  return [`## ${heading}`, lines.length === 0 ? (instead ?? '') : lines.join('\n')];
}

/** An item of a list. */
export function item(text: string): string {
  return `- ${text}`;
}
