import type { LookbackReport, ReportIncident } from '../report';
import type { ReportClock } from './clock';
import { html, type Markup } from './markup';

const WIDTH = 1040;
const LEFT = 132;
const ROW = 30;
const TOP = 26;
const LEAST_BAR = 5;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Services that a drawing shows; of more, those with the most pages. */
const MOST_ROWS = 24;
/** Changes that a row shows. */
const MOST_CHANGES = 400;

/** The whole span: a row a service, nights shaded, an incident a bar that leads to its section, a tick a page, a mark a named cause. */
export function timeline(report: LookbackReport, clock: ReportClock): Markup {
  const [from, to] = [Date.parse(report.from), Date.parse(report.to)];
  const x = (at: number): number => LEFT + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (WIDTH - LEFT - 8);
  const rows = rowsOf(report);
  const height = TOP + rows.length * ROW + 24;
  const bottom = height - 24;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Incidents by service over the span">
    ${nights(from, to, clock).map(([a, b]) => html`<rect class="night" x="${n(x(a))}" y="${TOP}" width="${n(x(b) - x(a))}" height="${bottom - TOP}" />`)}
    ${days(from, to, clock).map((at, i, all) => html`<line class="grid" x1="${n(x(at))}" x2="${n(x(at))}" y1="${TOP}" y2="${bottom}" />${i % Math.ceil(all.length / 15) === 0 && html`<text class="axis" x="${n(x(at) + 3)}" y="${TOP - 8}">${clock.day(at)}</text>`}`)}
    ${rows.map((service, i) => row(service, TOP + i * ROW, report, { x, to }))}
    <line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${bottom}" y2="${bottom}" />
  </svg>`;
}

/** Services with incidents, the one with the first incident first. */
function rowsOf({ incidents }: LookbackReport): string[] {
  const counts = new Map<string, number>();
  for (const { pages } of incidents) for (const { service } of pages) counts.set(service, (counts.get(service) ?? 0) + 1);
  const kept = new Set(
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_ROWS)
      .map(([name]) => name),
  );
  return [...counts.keys()].filter((name) => kept.has(name));
}

interface Scale {
  readonly x: (at: number) => number;
  readonly to: number;
}

function row(service: string, y: number, { incidents, changes }: LookbackReport, scale: Scale): Markup {
  const own = incidents.filter(({ pages }) => pages.some((page) => page.service === service));
  const altered = changes.filter(({ services }) => services.includes(service)).slice(0, MOST_CHANGES);
  return html`<line class="rule" x1="0" x2="${WIDTH - 8}" y1="${y}" y2="${y}" />
    <text class="service" x="${LEFT - 10}" y="${y + ROW / 2 + 4}" text-anchor="end">${short(service)}</text>
    ${altered.map(({ at }) => html`<circle class="change" cx="${n(scale.x(Date.parse(at)))}" cy="${y + 6}" r="1.7" />`)}
    ${own.map((incident) => bar(incident, service, y, scale))}`;
}

function bar(incident: ReportIncident, service: string, y: number, { x, to }: Scale): Markup {
  const pages = incident.pages.filter((page) => page.service === service);
  const begin = Math.min(...pages.map((page) => Date.parse(page.begin)));
  const end = Math.max(...pages.map((page) => (page.end === undefined ? to : Date.parse(page.end))));
  const cause = incident.service === service ? incident.suspects.find(({ named }) => named) : undefined;
  const width = Math.max(LEAST_BAR, x(end) - x(begin));
  return html`<a href="#${incident.id}"
    ><title>${incident.title}: ${incident.pages.length} pages</title>
    ${cause && html`<path class="cause" d="M${n(x(Date.parse(cause.at)) - 4.5)} ${y + 3}h9l-4.5 7z" />`}
    <rect class="bar ${incident.wouldHave.would} ${incident.noise && 'noise'}" x="${n(x(begin))}" y="${y + 11}" width="${n(width)}" height="12" rx="2" />
    ${pages.map((page) => html`<line class="page" x1="${n(x(Date.parse(page.begin)))}" x2="${n(x(Date.parse(page.begin)))}" y1="${y + 24}" y2="${y + 28}" />`)}</a
  >`;
}

/** Nights as stretches, in whole hours. */
function nights(from: number, to: number, clock: ReportClock): [number, number][] {
  const found: [number, number][] = [];
  for (let at = from; at < to; at += HOUR_MS) {
    const dark = clock.hour(at) >= 22 || clock.hour(at) < 7;
    const last = found.at(-1);
    if (dark && last?.[1] === at) last[1] = Math.min(at + HOUR_MS, to);
    else if (dark) found.push([at, Math.min(at + HOUR_MS, to)]);
  }
  return found;
}

function days(from: number, to: number, clock: ReportClock): number[] {
  const first = from + ((24 - clock.hour(from)) % 24) * HOUR_MS;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / DAY_MS)) }, (_none, i) => first + i * DAY_MS);
}

function short(text: string): string {
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
}

function n(value: number): string {
  return value.toFixed(1);
}
