import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';

const style = readFileSync(join(packageRoot(), 'console', 'style', 'colours.css'), 'utf8');
const colours = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
const dark = style.indexOf('prefers-color-scheme: dark');
const schemes = { light: colours(style.slice(0, dark)), dark: colours(style.slice(dark)) };

/** Relative luminance of a colour, and the contrast of two, as WCAG 2 defines them. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const part = parseInt(colour.slice(i, i + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const PAIRS = [
  ...['text', 'quiet', 'link', 'bad', 'good', 'warn'].flatMap((ink) => ['page', 'card'].map((back) => [ink, back] as const)),
  ...['bad', 'good', 'warn'].map((word) => [word, `${word}-back`] as const),
  ...['text', 'quiet'].flatMap((ink) => ['soft', 'warn-back', 'good-back'].map((back) => [ink, back] as const)),
  ['on-accent', 'accent'] as const,
];

test.each(Object.entries(schemes))('every text can be read in %s colours: contrast 4.5 and more', (_, scheme) => {
  const weak = PAIRS.filter(([ink, back]) => contrast(scheme[ink] ?? '', scheme[back] ?? '') < 4.5).map(([ink, back]) => `${ink} on ${back}`);
  expect(weak).toEqual([]);
  expect(Object.keys(schemes.dark)).toEqual(Object.keys(schemes.light));
});
