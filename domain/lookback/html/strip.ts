import type { ReportIncident, ReportPage } from '../report';
import type { ReportClock } from './clock';
import { html, type Markup } from './markup';

const WIDTH = 1000;
const LEFT = 210;
const RIGHT = 12;
const ROW = 20;
const MOST_ROWS = 8;
const BEFORE_MS = 15 * 60_000;
/** Changes further before the onset than this are only listed, so that minutes can still be told apart. */
const REACH_MS = 60 * 60_000;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000);

/** One incident close up: a row for its changes, one for each condition, the onset as a line. */
export function strip(incident: ReportIncident, until: number, clock: ReportClock): Markup {
  const onset = Date.parse(incident.onset);
  const end = incident.end === undefined ? until : Date.parse(incident.end);
  const shown = incident.suspects.filter(({ at }) => Date.parse(at) >= onset - REACH_MS && Date.parse(at) <= end);
  const first = Math.min(onset - BEFORE_MS, ...shown.map(({ at }) => Date.parse(at) - 120_000));
  const last = end + Math.max(120_000, (end - first) * 0.03);
  const x = (at: number): number => LEFT + ((Math.min(Math.max(at, first), last) - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const rows = conditions(incident);
  const bottom = 8 + ROW * (rows.length + 1);
  const marks = shown.map((each) => {
    const at = n(x(Date.parse(each.at)));
    return html`<path class="${each.named ? 'cause' : 'other'}" d="M${at} 11l5 8h-10z"><title>${each.summary}</title></path>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="The incident in time">
    <text class="service" x="${LEFT - 10}" y="20" text-anchor="end">changes</text>
    ${ticks(first, last).map((at) => html`<line class="grid" x1="${n(x(at))}" x2="${n(x(at))}" y1="4" y2="${bottom}" /><text class="axis" x="${n(x(at))}" y="${bottom + 14}" text-anchor="middle">${clock.time(at)}</text>`)}
    <line class="onset" x1="${n(x(onset))}" x2="${n(x(onset))}" y1="4" y2="${bottom}" />
    ${marks} ${rows.map(([name, pages], i) => rowOf(name, pages, { y: 8 + ROW * (i + 1), x, end: last }))}
  </svg>`;
}

function conditions({ pages, services }: ReportIncident): (readonly [string, readonly ReportPage[]])[] {
  const rows = new Map<string, ReportPage[]>();
  for (const page of pages) {
    const name = services.length > 1 ? `${page.service}: ${page.name}` : page.name;
    rows.set(name, [...(rows.get(name) ?? []), page]);
  }
  return [...rows].slice(0, MOST_ROWS);
}

function rowOf(
  name: string,
  pages: readonly ReportPage[],
  { y, x, end }: { readonly y: number; readonly x: (at: number) => number; readonly end: number },
): Markup {
  const bars = pages.map((page) => {
    const [from, to] = [x(Date.parse(page.begin)), x(page.end === undefined ? end : Date.parse(page.end))];
    return html`<rect
      class="alarm ${page.kind !== 'told' && 'noise'}"
      x="${n(from)}"
      y="${y + 4}"
      width="${n(Math.max(3, to - from))}"
      height="11"
      rx="1.5"
    />`;
  });
  return html`<text class="service" x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${name.length > 32 ? `${name.slice(0, 31)}…` : name}</text>${bars}`;
}

function ticks(from: number, to: number): number[] {
  const step = STEPS_MS.find((each) => (to - from) / each <= 9) ?? 1440 * 60_000 * Math.ceil((to - from) / (9 * 1440 * 60_000));
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_none, i) => first + i * step);
}

function n(value: number): string {
  return value.toFixed(1);
}
