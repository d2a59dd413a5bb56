/** Numbers below this are seconds: as milliseconds they would lie in 1973. */
const FIRST_MILLISECONDS = 1e11;
const LAST = Date.UTC(9999, 11, 31);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// `Sep 1, 2017 4:12:29 PM` of CodeBuild, always UTC; newer Java writes a narrow no-break space before PM.
const AMERICAN = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)\s(AM|PM)$/;
// `Wed Mar 16 02:30:50 UTC 2016` of CodeDeploy.
const JAVA = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d):(\d\d):(\d\d) (?:UTC|GMT) (\d{4})$/;
// `Thu, 27 Apr 2023 01:01:01 GMT` of AWS Health.
const HTTP = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/;

/** Epoch milliseconds of a time as services of AWS and their logs write it: ISO 8601 (`+0000` too; UTC without a zone), epoch seconds or milliseconds, two forms of Java, and that of HTTP. Undefined for anything else. */
export function awsTime(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const ms = typeof value === 'number' || /^\d{1,16}(?:\.\d{1,9})?$/.test(value) ? ofNumber(Number(value)) : ofText(value.trim());
  return Number.isFinite(ms) && ms > 0 && ms < LAST ? ms : undefined;
}

function ofNumber(value: number): number {
  return Math.round(value < FIRST_MILLISECONDS ? value * 1000 : value);
}

function ofText(text: string): number {
  const iso = ISO.exec(text);
  if (iso) return Date.parse(`${iso[1] ?? ''}T${(iso[2] ?? '').replace(',', '.')}${(iso[3] ?? 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  const american = AMERICAN.exec(text);
  if (american) {
    const [, month = '', day, year, hour, minute, second, half] = american;
    return utc(year, month, day, String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)), minute, second);
  }
  const http = HTTP.exec(text);
  if (http) return utc(http[3], http[2] ?? '', http[1], http[4], http[5], http[6]);
  const [, month = '', day, hour, minute, second, year] = JAVA.exec(text) ?? [];
  return utc(year, month, day, hour, minute, second);
}

function utc(year: string | undefined, month: string, ...rest: readonly (string | undefined)[]): number {
  const [day, hour, minute, second] = rest.map(Number);
  const index = MONTHS.indexOf(month);
  return index < 0 ? NaN : Date.UTC(Number(year), index, day, hour, minute, second);
}
