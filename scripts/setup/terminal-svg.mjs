/** Size of a character and of a line in pixels; `textLength` keeps the columns whatever font the reader has. */
const CHARACTER = 8;
const LINE = 18;
const PADDING = 16;
const BAR = 30;
/** A pause longer than this (milliseconds) is shortened: the times stand in the text. */
const LONGEST_PAUSE = 1_200;
const STAGE = /^( *[\d.]+ s {2})(\S.*?)(  +|$)(.*)$/;
const GOOD = /^(It went as it should\.|verdict|resolved)/;

/**
 * Draws the lines of a terminal (`{at, text}`, `at` in milliseconds from the start) as an SVG with its styles inside. Lines come up one after the other, once; where nothing
 * may move they all stand there.
 */
export function drawTerminal(lines, { columns, title }) {
  const delays = delaysOf(lines);
  const width = columns * CHARACTER + 2 * PADDING;
  const height = lines.length * LINE + BAR + 2 * PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(`Terminal: ${title}`)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="screen" width="${width}" height="${height}" rx="8"/>`,
    ...[0, 1, 2].map((i) => `<circle class="dot" cx="${PADDING + 4 + i * 18}" cy="${BAR / 2 + 2}" r="5"/>`),
    `<text class="title" x="${width / 2}" y="${BAR / 2 + 6}">${escape(title)}</text>`,
    ...lines.flatMap((line, i) => drawLine(line.text, BAR + PADDING + (i + 0.7) * LINE, delays[i] ?? 0)),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = [
  ".screen{fill:#12161d}.dot{fill:#39424f}text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#c9d1d9;white-space:pre}",
  '.title{fill:#7d8794;text-anchor:middle}.time{fill:#7d8794}.stage{fill:#79b8ff}.good{fill:#6fd08c}.head{fill:#f0f3f6;font-weight:bold}',
  'g{animation:come 120ms linear backwards}@keyframes come{from{opacity:0}}@media(prefers-reduced-motion:reduce){g{animation:none}}',
].join('');

function delaysOf(lines) {
  let delay = 0;
  return lines.map((line, i) => (delay += Math.min(LONGEST_PAUSE, line.at - (lines[i - 1]?.at ?? line.at))));
}

function drawLine(text, y, delay) {
  const spans = spansOf(text);
  if (spans.length === 0) return [];
  const drawn = spans.map(({ column, kind, words }) => {
    const place = `x="${PADDING + column * CHARACTER}" y="${y.toFixed(1)}" textLength="${[...words].length * CHARACTER}"`;
    return `<text ${place}${kind === undefined ? '' : ` class="${kind}"`} xml:space="preserve">${escape(words)}</text>`;
  });
  return [`<g style="animation-delay:${(delay / 1000).toFixed(2)}s">${drawn.join('')}</g>`];
}

/** The parts of a line with their columns: time, stage and words; a line without a time is one part. */
function spansOf(text) {
  const stage = STAGE.exec(text);
  const parts = stage
    ? [
        { column: 0, kind: 'time', words: stage[1] ?? '' },
        { column: (stage[1] ?? '').length, kind: GOOD.test(stage[2] ?? '') ? 'good' : 'stage', words: stage[2] ?? '' },
        { column: text.length - (stage[4] ?? '').length, kind: undefined, words: stage[4] ?? '' },
      ]
    : [{ column: 0, kind: GOOD.test(text) ? 'good' : /^\S/.test(text) ? 'head' : undefined, words: text }];
  return parts.flatMap(({ column, kind, words }) => {
    const bare = words.trim();
    return bare === '' ? [] : [{ column: column + words.length - words.trimStart().length, kind, words: bare }];
  });
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
