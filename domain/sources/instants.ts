/** Numbers below are seconds, others milliseconds: the year 1973 in milliseconds, the year 5138 in seconds. */
const LEAST_MS = 1e11;
/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|([+-]\d\d):?(\d\d))?$/i;

/** Epoch milliseconds of a time as sources write it: epoch seconds or milliseconds as a number or as text, or ISO 8601 (without a zone it counts as UTC). Undefined for anything else, and for the zero time. */
export function epochOf(value: unknown): number | undefined {
  const ms = typeof value === 'number' ? inMs(value) : typeof value === 'string' ? fromText(value.trim()) : undefined;
  return ms !== undefined && ms > 0 && ms <= LAST_MS ? Math.floor(ms) : undefined;
}

function fromText(text: string): number | undefined {
  if (/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return inMs(Number(text));
  const [, day, time, , hours, minutes] = ISO.exec(text) ?? [];
  // Written out, as JavaScript takes a time without a zone for the machine's own.
  return day === undefined ? undefined : Date.parse(`${day}T${time ?? ''}${hours === undefined ? 'Z' : `${hours}:${minutes ?? ''}`}`);
}

function inMs(value: number): number {
  return value < LEAST_MS ? value * 1000 : value;
}
