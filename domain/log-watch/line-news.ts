import type { Alert } from '../alert';
import type { AnomalyRecord } from '../detection/anomaly-record';
import { groupedTemplates } from '../log-templates/grouped';
import type { CountedLine } from '../log-templates/grouped';
import { TemplateMiner } from '../log-templates/miner';
import { logAnomalies } from '../log-templates/rates';
import { RATE_DEFAULTS } from '../log-templates/rates-types';
import type { CountedTemplate, LogAnomaly, RateSettings } from '../log-templates/rates-types';
import { historyWindows, windowed } from '../log-templates/rates-windows';
import { quantileOf } from '../quantile';
import { newLineAlert } from './log-alerts';
import type { FrequentLine, LogPlace } from './log-alerts';
import { lineRecord } from './line-record';

const MINUTE_MS = 60_000;
/** What is judged at a time: long enough that the minute or three of errors of a restart are a small part of it. */
export const WINDOW_MS = 10 * MINUTE_MS;
/** A new error line opens an incident when it came so often, that is three times a minute, */
const OFTEN_LINES = 30;
/** in so many of the minutes: a deployment that restarts one instance after another is through by then, */
const OFTEN_MINUTES = 5;
/** and when error lines in all are more than in all but a hundredth of the windows before, as bursts are: one that only took the place of another, as where a release words it anew, makes them no more. */
const USUAL_SHARE = 0.99;
/** Windows that must be known for that; before, what is new is told of by itself. */
const LEAST_WINDOWS = 12;
/** Minutes without a line that end it. */
const QUIET_MS = 3 * MINUTE_MS;
/** What was told is not told again before it was usual for so long. */
const EPISODE_MS = 3 * WINDOW_MS;

/** A line that was told as an anomaly. Times are epoch milliseconds; plain JSON. */
export interface ToldLine {
  /** The line with placeholders that it is known by. */
  readonly line: string;
  /** What people were shown. */
  readonly text: string;
  readonly since: number;
  /** When it was last unusual. */
  readonly lastAt: number;
  /** Whether an alert stands; `ended` when it stood. */
  readonly alert: 'none' | 'firing' | 'ended';
}

/** What the lines of one service showed. */
export interface LineNews {
  readonly told: readonly ToldLine[];
  readonly alerts: readonly Alert[];
  readonly records: readonly AnomalyRecord[];
}

/** The lines of a service up to `now` (epoch milliseconds, begin of a minute), its history since `from`, and what was told of them. */
export interface LinesSeen {
  readonly lines: readonly CountedLine[];
  readonly from: number;
  readonly now: number;
  readonly told: readonly ToldLine[];
}

/**
 * Judges the warnings and errors of a service: templates that are new or come more often than ever are anomalies, each told once an episode, and a new error that comes often is an alert until it comes
 * no more. Fewer of them are no trouble. The same lines give the same ids.
 */
export function lineNews(place: LogPlace, { lines, from, now, told }: LinesSeen): LineNews {
  const kinds = new Kinds(lines);
  const settings: RateSettings = { ...RATE_DEFAULTS, from, now, windowMs: WINDOW_MS };
  const { known, dropped } = knownBy(kinds, told);
  const over = (one: ToldLine, endedAt: number): Alert => newLineAlert(place, { since: one.since, endedAt }, { template: one.line, text: one.text });
  const alerts: Alert[] = dropped.map((one) => over(one, now));
  const records: AnomalyRecord[] = [];
  for (const { anomaly, template, often } of unusual(kinds.templates, settings)) {
    const before = known.get(template.id);
    const one = before ?? { line: kinds.lineOf(template.id), text: anomaly.text, since: anomaly.since, lastAt: now, alert: 'none' as const };
    const alerting = often && one.alert === 'none';
    known.set(template.id, { ...one, lastAt: now, ...(alerting && { alert: 'firing' as const }) });
    if (before && !alerting) continue;
    const record = lineRecord(place, { anomaly, line: one.line, template, settings, templates: kinds.templates.length, alerting });
    records.push(record);
    if (alerting) alerts.push(newLineAlert(place, { since: one.since }, { template: one.line, text: one.text, anomaly, record }));
  }
  const kept = [...known].map(([id, one]) => {
    const endedAt = one.alert === 'firing' ? quietSince(kinds.template(id), one, now) : undefined;
    if (endedAt === undefined) return one;
    alerts.push(over(one, endedAt));
    return { ...one, alert: 'ended' as const };
  });
  return { told: kept.filter(({ alert, lastAt }) => alert === 'firing' || now - lastAt < EPISODE_MS), alerts, records };
}

/** What was told by the kinds that its lines are of now, and the firing ones that have become one kind with another that fires: the older stands for both. */
function knownBy(kinds: Kinds, told: readonly ToldLine[]): { readonly known: Map<string, ToldLine>; readonly dropped: readonly ToldLine[] } {
  const known = new Map<string, ToldLine>();
  const dropped: ToldLine[] = [];
  for (const one of told) {
    const id = kinds.idOf(one.line);
    const before = known.get(id);
    const stays = before?.alert === 'firing' && (one.alert !== 'firing' || before.since <= one.since);
    const [kept, other] = stays ? [before, one] : [one, before];
    known.set(id, kept);
    if (other?.alert === 'firing') dropped.push(other);
  }
  return { known, dropped };
}

interface Unusual {
  readonly anomaly: LogAnomaly;
  readonly template: CountedTemplate;
  /** Whether it is a new error that somebody should look at now. */
  readonly often: boolean;
}

/** What is unusual, and each new error that comes often: that others came as often for a minute, as they do at deployments, makes it no less. */
function unusual(templates: readonly CountedTemplate[], settings: RateSettings): readonly Unusual[] {
  if (settings.now <= settings.from) return [];
  const often = templates.filter((template) => comesOften(template, templates, settings));
  const found = logAnomalies(templates, settings);
  const rest = often.filter(({ id }) => found.every(({ template }) => template !== id)).flatMap((template) => logAnomalies([template], settings));
  return [...found, ...rest].flatMap((anomaly) => {
    const template = templates.find(({ id }) => id === anomaly.template);
    return template && anomaly.kind !== 'fewer' ? [{ anomaly, template, often: anomaly.kind === 'new' && often.includes(template) }] : [];
  });
}

/** The error line that came most often since a time (epoch milliseconds). */
export function mostFrequent(lines: readonly CountedLine[], since: number): FrequentLine | undefined {
  const counted = new Kinds(lines).templates
    .filter(({ level }) => level === 'error')
    .map(({ text, minutes }) => ({ text, lines: minutes.reduce((sum, { at, lines: count }) => (at >= since ? sum + count : sum), 0) }));
  const most = counted.reduce((first, other) => (other.lines > first.lines ? other : first), { text: '', lines: 0 });
  return most.lines > 0 ? most : undefined;
}

/** Lines of one kind put together, and which line each kind is known by. */
class Kinds {
  readonly templates: readonly CountedTemplate[];
  private readonly miner = new TemplateMiner();

  constructor(private readonly lines: readonly CountedLine[]) {
    this.templates = groupedTemplates(lines, this.miner);
  }

  template(id: string): CountedTemplate | undefined {
    return this.templates.find((each) => each.id === id);
  }

  /** The kind of a line. */
  idOf(line: string): string {
    const { id } = this.miner.add(line, 0);
    return this.miner.template(id)?.id ?? id;
  }

  /** The first line of a kind: it stays when others join. */
  lineOf(id: string): string {
    const own = this.lines.filter(({ template }) => this.idOf(template) === id);
    const firstAt = (line: CountedLine): number => line.minutes[0]?.at ?? Infinity;
    return own.reduce((first, other) =>
      firstAt(other) < firstAt(first) || (firstAt(other) === firstAt(first) && other.template < first.template) ? other : first,
    ).template;
  }
}

/** Whether an error line that was not there before the window comes in many of its minutes. */
function comesOften({ level, minutes }: CountedTemplate, all: readonly CountedTemplate[], settings: RateSettings): boolean {
  const begin = settings.now - settings.windowMs;
  if (level !== 'error' || (minutes[0]?.at ?? 0) < begin) return false;
  const lines = minutes.reduce((sum, minute) => sum + minute.lines, 0);
  return lines >= OFTEN_LINES && minutes.length >= OFTEN_MINUTES && addsErrors(all, settings);
}

/** Whether error lines in all are more than usual. */
function addsErrors(all: readonly CountedTemplate[], settings: RateSettings): boolean {
  const errors = all.filter(({ level }) => level === 'error').flatMap(({ minutes }) => minutes);
  const together = { id: '', text: '', level: 'error' as const, sample: '', minutes: errors };
  const { lines, history } = windowed(together, settings, historyWindows(settings));
  return history.length < LEAST_WINDOWS || lines > (quantileOf(history, USUAL_SHARE) ?? 0);
}

/** Since when a line has not come, when that is long enough. */
function quietSince(template: CountedTemplate | undefined, { lastAt }: ToldLine, now: number): number | undefined {
  const last = template?.minutes.at(-1)?.at;
  const since = last === undefined ? lastAt : last + MINUTE_MS;
  return now - since >= QUIET_MS ? since : undefined;
}
