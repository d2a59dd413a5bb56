const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Numbers as block characters, at most `width` of them; each shows the highest number of its part, a gap where nothing was measured. `top` is the full block. */
export function sparkline(values: readonly (number | null)[], width: number, top = Math.max(0, ...values.map((v) => v ?? 0))): string {
  const count = Math.min(values.length, Math.max(1, width));
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    const numbers = part.filter((v) => v !== null);
    return numbers.length === 0 ? ' ' : block(Math.max(...numbers), top);
  }).join('');
}

function block(value: number, top: number): string {
  if (top <= 0 || value <= 0) return BLOCKS[0];
  const step = Math.ceil((value / top) * BLOCKS.length) - 1;
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, step))] ?? BLOCKS[0];
}
