import { redactWith } from '../redact';
import { LineRedactor, NOTHING_CARRIED } from './lines';
import type { Carried } from './lines';
import { safeBeginning } from './pieces';
import type { Mask } from './rule';

/** Most characters of one line that are held at once; a longer one goes in pieces. */
const LONGEST_LINE = 1_048_576;

/**
 * Redacts text that comes in parts: one line out for each line in, with its own line end, and memory for one line or piece at most. Characters stay what they are, so that bytes can be
 * given as Latin-1. A line longer than 1 MiB goes in pieces, cut where no secret is; what is one secret for longer than that is masked up to the next space, quote or comma.
 */
export class RedactedStream {
  readonly #mask: Mask;
  readonly #lines: LineRedactor;
  #held: string[] = [];
  #size = 0;
  #skipping = false;
  #inPieces = false;

  constructor(mask: Mask, before: Carried = NOTHING_CARRIED) {
    this.#mask = mask;
    this.#lines = new LineRedactor(mask, before);
  }

  /** What is known after the lines that came whole. */
  get carried(): Carried {
    return this.#lines.carried;
  }

  /** Takes a part and returns what can be told by now. */
  push(part: string): string {
    const out: string[] = [];
    let from = 0;
    for (let end = part.indexOf('\n'); end >= 0; end = part.indexOf('\n', from)) {
      out.push(this.#line(this.#taken(part.slice(from, end))), '\n');
      from = end + 1;
    }
    if (from < part.length) this.#hold(part.slice(from), out);
    return out.join('');
  }

  /** Returns the rest: a last line without an end. */
  end(): string {
    const rest = this.#taken('');
    const out = rest === '' ? '' : this.#line(rest);
    this.#lines.end();
    return out;
  }

  #taken(last: string): string {
    if (this.#held.length === 0) return last;
    const line = this.#held.join('') + last;
    this.#held = [];
    this.#size = 0;
    return line;
  }

  #line(text: string): string {
    const end = text.endsWith('\r') ? '\r' : '';
    const content = end === '' ? text : text.slice(0, -1);
    const whole = !this.#inPieces;
    this.#inPieces = false;
    if (whole) return this.#lines.line(content) + end;
    const rest = this.#skipped(content);
    this.#skipping = false;
    return redactWith(this.#mask, rest) + end;
  }

  #hold(text: string, out: string[]): void {
    this.#held.push(text);
    this.#size += text.length;
    if (this.#size <= LONGEST_LINE) return;
    this.#inPieces = true;
    const held = this.#skipped(this.#taken(''));
    if (held.length <= LONGEST_LINE / 2) return this.#keep(held);
    const begin = safeBeginning(held, this.#mask);
    out.push(begin?.redacted ?? redactWith(this.#mask, held));
    this.#skipping = begin === undefined;
    this.#keep(begin === undefined ? '' : held.slice(begin.end));
  }

  #keep(text: string): void {
    this.#held = text === '' ? [] : [text];
    this.#size = text.length;
  }

  // The rest of a secret that was too long to be held.
  #skipped(text: string): string {
    if (!this.#skipping) return text;
    const end = text.search(/[\s"'`,;&<>]/);
    if (end >= 0) this.#skipping = false;
    return end >= 0 ? text.slice(end) : '';
  }
}
