import { cleanText } from '../outside-text';

// A sequence is taken whole, or what is left of it would stand there as text. ECMA-48: CSI, OSC and the other strings, and single characters after ESC.
const SEQUENCES = [
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]?/g,
  // eslint-disable-next-line no-control-regex
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]{0,512}(?:\u0007|\u001b\\|\u009c)?/g,
  // eslint-disable-next-line no-control-regex
  /\u001b[ -~]?/g,
];

/** Zero-width, bidirectional and tag characters, variation selectors, and marks that are piled up: seen by a model, and by no person. */
const HIDDEN = /[\p{Cf}\p{DI}]|(?<=\p{M}{3})\p{M}+/gu;

/** What is read of a text at all, characters: more than `cleanText` looks at, so that it knows that there is more and keeps no half of a secret. */
const MOST_READ = 131_072;

/**
 * Text that anybody may have written, made fit for a model: one line without terminal sequences and hidden characters, secrets and personal data redacted, at most `max` characters.
 * Hidden characters go first, as a secret that they split would not be known as one.
 */
export function outsideText(text: string, max: number): string {
  const bare = SEQUENCES.reduce((sum, each) => sum.replace(each, ''), text.slice(0, MOST_READ));
  return cleanText(bare.replace(HIDDEN, ''), max).replace(/ {2,}/g, ' ');
}
