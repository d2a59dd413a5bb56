import { crc32, deflateSync } from 'node:zlib';
import type { Colour, Drawing, Shape } from './plot';
import { COLOURS } from './plot';
import { dotsOf, GLYPH_HEIGHT, GLYPH_WIDTH } from './plot-glyphs';

/** Pixels of the picture for one of the drawing: 2 is sharp on good screens, 1 takes a third of the bytes. */
export type PixelRatio = 1 | 2;
const PALETTE = Object.keys(COLOURS) as Colour[];
const DOT_RADIUS = 4.5;
/** Pixels of the drawing for a dot of a character, before they are whole ones of the picture. */
const GLYPH_DOT = 1.5;

/** A drawing as a PNG (https://www.w3.org/TR/png-3/) with a palette of its few colours, for where no SVG is shown. Lines are not smoothed; texts are those of the axes. */
export function pngOf(drawing: Drawing, times: PixelRatio = 2): Uint8Array {
  const canvas = new Canvas(drawing.width * times, drawing.height * times, times);
  for (const shape of drawing.shapes) paint(canvas, shape);
  return canvas.png();
}

class Canvas {
  private readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly times: PixelRatio,
  ) {
    this.pixels = new Uint8Array(width * height);
  }

  /** Fills a rectangle; what lies outside is left out. */
  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    const [left, right] = [Math.max(0, Math.round(x)), Math.min(this.width, Math.round(x + width))];
    const index = PALETTE.indexOf(colour);
    for (let row = Math.max(0, Math.round(y)); row < Math.min(this.height, Math.round(y + height)); row += 1) {
      if (right > left) this.pixels.fill(index, row * this.width + left, row * this.width + right);
    }
  }

  png(): Uint8Array {
    const head = new DataView(new ArrayBuffer(13));
    head.setUint32(0, this.width);
    head.setUint32(4, this.height);
    head.setUint8(8, 8);
    head.setUint8(9, 3);
    // Each row begins with its filter, 0 for none.
    const rows = new Uint8Array((this.width + 1) * this.height);
    for (let row = 0; row < this.height; row += 1) rows.set(this.pixels.subarray(row * this.width, (row + 1) * this.width), row * (this.width + 1) + 1);
    const palette = PALETTE.flatMap((name) => [1, 3, 5].map((i) => Number.parseInt(COLOURS[name].slice(i, i + 2), 16)));
    const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    const chunks = [
      chunk('IHDR', new Uint8Array(head.buffer)),
      chunk('PLTE', Uint8Array.from(palette)),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', new Uint8Array(0)),
    ];
    return joined([signature, ...chunks]);
  }
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const typed = joined([new TextEncoder().encode(name), data]);
  const edges = new DataView(new ArrayBuffer(8));
  edges.setUint32(0, data.length);
  edges.setUint32(4, crc32(typed));
  return joined([new Uint8Array(edges.buffer, 0, 4), typed, new Uint8Array(edges.buffer, 4, 4)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function paint(canvas: Canvas, shape: Shape): void {
  const { times } = canvas;
  switch (shape.kind) {
    case 'area':
      paintArea(canvas, shape.places, shape.colour);
      break;
    case 'line':
      shape.places.forEach((place, i) => paintLine(canvas, shape.places[i - 1] ?? place, place, shape.colour));
      break;
    case 'dot':
      paintDot(canvas, shape.x * times, shape.y * times, DOT_RADIUS * times, shape.colour);
      break;
    case 'text': {
      const dot = Math.floor(GLYPH_DOT * times);
      const shift = { start: 0, middle: 0.5, end: 1 }[shape.anchor] * GLYPH_WIDTH * dot * shape.text.length;
      for (const [x, y] of dotsOf(shape.text)) {
        canvas.fill(shape.x * times - shift + x * dot, shape.y * times + (y - GLYPH_HEIGHT) * dot, dot, dot, shape.colour);
      }
    }
  }
}

/** Column by column: an area of a band has one top and one bottom everywhere. */
function paintArea(canvas: Canvas, places: readonly (readonly [number, number])[], colour: Colour): void {
  const { times } = canvas;
  const half = places.length / 2;
  const [top, bottom] = [places.slice(0, half), places.slice(half).reverse()];
  top.forEach(([x, y], i) => {
    const [nextX, nextY] = top[i + 1] ?? [x, y];
    const [low, nextLow] = [bottom[i]?.[1] ?? y, bottom[i + 1]?.[1] ?? bottom[i]?.[1] ?? y];
    const steps = Math.max(1, Math.ceil((nextX - x) * times));
    for (let step = 0; step < steps; step += 1) {
      const share = step / steps;
      const [high, base] = [y + (nextY - y) * share, low + (nextLow - low) * share];
      canvas.fill((x + (nextX - x) * share) * times, high * times, 1, Math.max(1, (base - high) * times), colour);
    }
  });
}

function paintLine(canvas: Canvas, from: readonly [number, number], to: readonly [number, number], colour: Colour): void {
  const { times } = canvas;
  const thick = (colour === 'value' ? 1.5 : 1) * times;
  const steps = Math.max(1, Math.ceil(times * Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]))));
  for (let step = 0; step <= steps; step += 1) {
    if (colour === 'onset' && step % (7 * times) >= 4 * times) continue;
    const share = step / steps;
    canvas.fill((from[0] + (to[0] - from[0]) * share) * times - thick / 2, (from[1] + (to[1] - from[1]) * share) * times - thick / 2, thick, thick, colour);
  }
}

function paintDot(canvas: Canvas, x: number, y: number, radius: number, colour: Colour): void {
  for (let row = -radius; row <= radius; row += 1) {
    const half = Math.sqrt(radius * radius - row * row);
    canvas.fill(x - half, y + row, 2 * half, 1, colour);
  }
}
