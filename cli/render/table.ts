import { clip, plainText } from '../../domain/plain-text';

/** A cell: text from anywhere, and how it is painted after it was made safe and padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = '  ';

/** A table of left-aligned columns as text. Only the last column is shortened, to keep lines within `width`. Outside text is made safe here. */
export function table(headings: readonly string[], rows: readonly (readonly (string | Cell)[])[], width: number): string {
  const cells = rows.map((row) => row.map(toCell));
  const widths = headings.map((heading, i) => Math.max(length(heading), ...cells.map((row) => length(row[i]?.text ?? ''))));
  const taken = widths.slice(0, -1).reduce((sum, w) => sum + w + GAP.length, 0);
  const last = Math.max(10, width - taken);
  const line = (row: readonly Cell[]): string => row.map((cell, i) => fit(cell, widths[i] ?? 0, i === headings.length - 1 ? last : Infinity)).join(GAP);
  return [headings.map((text) => ({ text })), ...cells].map((row) => `${line(row).trimEnd()}\n`).join('');
}

function toCell(cell: string | Cell): Cell {
  return typeof cell === 'string' ? { text: plainText(cell) } : { ...cell, text: plainText(cell.text) };
}

function fit(cell: Cell, width: number, most: number): string {
  const text = clip(cell.text, most);
  const painted = cell.paint === undefined ? text : cell.paint(text);
  return painted + ' '.repeat(most === Infinity ? Math.max(0, width - length(text)) : 0);
}

function length(text: string): number {
  return [...text].length;
}
