import type { Drawing, Shape } from './plot';
import { COLOURS } from './plot';

/** A drawing as one SVG that needs nothing else: no style sheet, no font file, no script. Texts are escaped. */
export function svgOf({ width, height, title, shapes }: Drawing): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img" font-family="sans-serif" font-size="11">`;
  const page = `<rect width="${String(width)}" height="${String(height)}" fill="${COLOURS.page}"/>`;
  return `${head}\n<title>${escaped(title)}</title>\n${page}\n${shapes.map(elementOf).join('\n')}\n</svg>\n`;
}

function elementOf(shape: Shape): string {
  const colour = COLOURS[shape.colour];
  switch (shape.kind) {
    case 'area':
      return `<polygon fill="${colour}" points="${pointsOf(shape.places)}"/>`;
    case 'line': {
      const dash = shape.colour === 'onset' ? ' stroke-dasharray="4 3"' : '';
      const thick = shape.colour === 'value' ? '1.5' : '1';
      return `<polyline fill="none" stroke="${colour}" stroke-width="${thick}" stroke-linecap="round"${dash} points="${pointsOf(shape.places)}"/>`;
    }
    case 'dot':
      return `<circle cx="${place(shape.x)}" cy="${place(shape.y)}" r="4.5" fill="${colour}" stroke="${COLOURS.page}"/>`;
    case 'text':
      return `<text x="${place(shape.x)}" y="${place(shape.y)}" text-anchor="${shape.anchor}" fill="${colour}">${escaped(shape.text)}</text>`;
  }
}

function pointsOf(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y]) => `${place(x)},${place(y)}`).join(' ');
}

function place(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
