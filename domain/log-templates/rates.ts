import { NightshiftError } from '../errors';
import { humanDuration, utcTime } from '../human-time';
import { cleanText } from '../outside-text';
import { newcomers } from './rates-new';
import type { Newcomer } from './rates-new';
import { chanceOfFewer, chanceOfMore, expectedBand, expectedOf } from './rates-tail';
import type { Expected } from './rates-tail';
import { RATE_DEFAULTS } from './rates-types';
import type { CountedTemplate, LogAnomaly, RateSettings } from './rates-types';
import { historyWindows, windowBegin, windowed } from './rates-windows';
import type { Windowed } from './rates-windows';

const MINUTE_MS = 60_000;
const WEEK_MS = 604_800_000;
const OUTSIDE_BAND = 0.01;
/** With fewer windows of its own a template's rate is not known. */
const LEAST_WINDOWS = 12;
/** More windows of history than this are not looked at: 28 days of five minutes. */
const MOST_WINDOWS = 8064;
const EXAMPLE_LENGTH = 300;
const TEXT_LENGTH = 200;

/**
 * What is unusual in the window that ends now among the templates of one service: new ones first, then changed rates, the least likely first. A rate is judged by a negative binomial
 * fitted to the windows of its own history; the chance that counts as too small follows from `alertsPerWeek`, the number of templates and of windows a week, so that more templates do
 * not mean more alarms. Throws `invalid_input` for times that make no sense.
 */
export function logAnomalies(templates: readonly CountedTemplate[], given: Pick<RateSettings, 'from' | 'now'> & Partial<RateSettings>): LogAnomaly[] {
  const settings = checked({ ...RATE_DEFAULTS, ...given });
  const windows = historyWindows(settings);
  const all = templates.map((template) => windowed(template, settings, windows));
  const fresh = newcomers(all, settings).map((newcomer) => freshAnomaly(newcomer, settings, windows));
  const smallest = settings.alertsPerWeek / (Math.max(1, all.length) * (WEEK_MS / settings.windowMs));
  const changed = all
    .map((one) => changedRate(one, settings, smallest))
    .filter((anomaly) => anomaly !== undefined)
    .sort((a, b) => a.chance - b.chance);
  return [...fresh, ...changed].slice(0, settings.most);
}

function checked(settings: RateSettings): RateSettings {
  const { from, now, windowMs } = settings;
  if (!(windowMs >= MINUTE_MS && windowMs % MINUTE_MS === 0)) throw new NightshiftError('invalid_input', 'The window is not a whole number of minutes.');
  if (!(Number.isFinite(from) && now > from)) throw new NightshiftError('invalid_input', 'The history must begin before now.');
  return { ...settings, from: Math.max(from, now - (MOST_WINDOWS + 1) * windowMs) };
}

function freshAnomaly({ windowed: { template, lines }, before }: Newcomer, settings: RateSettings, windows: number): LogAnomaly {
  const begin = windowBegin(settings, windows, windows);
  const since = template.minutes.find(({ at, lines: count }) => at >= begin && count > 0)?.at ?? begin;
  const often = before === 0 ? '' : ` New lines like it came ${times(before)} in that time.`;
  const sentence = `New ${template.level} line ${quoted(template)}: ${times(lines)} in ${humanDuration(settings.windowMs)}, not once in the ${humanDuration(begin - settings.from)} before; since ${utcTime(since)}.${often}`;
  return { kind: 'new', ...told(template), lines, expected: { mean: 0, low: 0, high: 0 }, since, chance: before / Math.max(1, windows), sentence };
}

function changedRate({ template, lines, history }: Windowed, settings: RateSettings, smallest: number): LogAnomaly | undefined {
  if (history.length < LEAST_WINDOWS) return undefined;
  const expected = expectedOf(history);
  const kind = lines > expected.mean ? 'more' : 'fewer';
  const { leastRatio, leastLines } = settings;
  const [big, small] = kind === 'more' ? [lines, expected.mean] : [expected.mean, lines];
  if (big < small * leastRatio || big - small < leastLines) return undefined;
  const chance = kind === 'more' ? chanceOfMore(lines, expected) : chanceOfFewer(lines, expected);
  if (chance > smallest) return undefined;
  const band = expectedBand(expected, OUTSIDE_BAND);
  const since = changeBegin(template, kind, expected, settings);
  const sentence = `${kind === 'more' ? 'More' : 'Fewer'} ${template.level} lines ${quoted(template)}: ${times(lines)} in ${humanDuration(settings.windowMs)}, expected ${number(expected.mean)} (${number(band.low)} to ${number(band.high)}); since ${utcTime(since)}.`;
  return { kind, ...told(template), lines, expected: { mean: expected.mean, ...band }, since, chance, sentence };
}

// The first minute of the window with more lines than the band of a minute has; the minute after the last with as many as usual. Not before the window.
function changeBegin({ minutes }: CountedTemplate, kind: 'more' | 'fewer', { mean, variance }: Expected, { now, windowMs }: RateSettings): number {
  const begin = now - windowMs;
  const share = MINUTE_MS / windowMs;
  const within = minutes.filter(({ at }) => at >= begin && at < now);
  if (kind === 'more') {
    const minute = { mean: mean * share, variance: variance * share };
    return within.find(({ lines }) => chanceOfMore(lines, minute) < OUTSIDE_BAND)?.at ?? within[0]?.at ?? begin;
  }
  const last = within.findLast(({ lines }) => lines >= mean * share);
  return last ? last.at + MINUTE_MS : begin;
}

function told(template: CountedTemplate): Pick<LogAnomaly, 'template' | 'text' | 'level' | 'example'> {
  return { template: template.id, text: cleanText(template.text, TEXT_LENGTH), level: template.level, example: cleanText(template.sample, EXAMPLE_LENGTH) };
}

function quoted(template: CountedTemplate): string {
  return `“${cleanText(template.text, TEXT_LENGTH)}”`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${number(count)} times`;
}

function number(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
