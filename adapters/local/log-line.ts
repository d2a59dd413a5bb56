import type { LogLine } from '../../domain/metrics';
import { redact } from '../../domain/redact';

/** Longest message kept; what follows is seldom more than a dump. */
const MESSAGE_LENGTH = 2_000;

/**
 * One line of a log with its message redacted: a JSON object, or plain text that begins with a time. Undefined for one without a time (a torn one, a stack trace). Times without a zone are
 * taken as this machine's.
 */
export function parseLogLine(text: string): LogLine | undefined {
  return text.trimStart().startsWith('{') ? parseJsonLine(text) : parseTextLine(text);
}

// `2026-11-20 10:05:00,123 ERROR shop: …` (Python, Java), `[2026-11-20 10:05:00 +0000] [12] [ERROR] …` (gunicorn), `2026/11/20 10:05:00 [error] …` (nginx, Go).
const TEXT_LINE = /^\s*\[?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?\]?[\s:-]+(.*)$/;
const LEVEL_WORD = /\b(TRACE|VERBOSE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|FATAL|CRIT|CRITICAL|PANIC|ALERT|EMERG|SEVERE)\b/i;
/** A level stands near the beginning of a line; later the same words are part of what is told. */
const LEVEL_WITHIN = 60;

function parseTextLine(text: string): LogLine | undefined {
  const found = TEXT_LINE.exec(text);
  if (!found) return undefined;
  const [, year = '', month = '', day = '', time = '', fraction = '0', zone = '', rest = ''] = found;
  const at = timeOf(`${year}-${month}-${day}T${time}.${fraction.slice(0, 3)}${zone}`);
  if (at === undefined) return undefined;
  const level = LEVEL_WORD.exec(rest.slice(0, LEVEL_WITHIN));
  return { at, level: levelOf(level?.[1]), message: redact(rest.trim()).slice(0, MESSAGE_LENGTH) };
}

function parseJsonLine(text: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const at = timeOf(fields['time'] ?? fields['timestamp'] ?? fields['ts'] ?? fields['at'] ?? fields['@timestamp'] ?? fields['asctime']);
  // Redacted before it is cut, so that no cut leaves half a secret behind.
  return at === undefined
    ? undefined
    : {
        at,
        level: levelOf(fields['level'] ?? fields['severity'] ?? fields['levelname'] ?? fields['log.level'] ?? fields['lvl']),
        message: redact(messageOf(fields)).slice(0, MESSAGE_LENGTH),
      };
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value < 1e11 ? Math.round(value * 1000) : value;
  // Python writes a comma before the milliseconds.
  const parsed = typeof value === 'string' ? Date.parse(value.replace(/(\d:\d\d),(\d)/, '$1.$2')) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function levelOf(value: unknown): LogLine['level'] {
  // pino writes numbers: 20 debug, 30 info, 40 warn, 50 error, 60 fatal.
  if (typeof value === 'number') return value >= 50 ? 'error' : value >= 40 ? 'warn' : value >= 30 ? 'info' : 'debug';
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (/^(err|error|fatal|critical|crit|panic|alert|emerg|severe)/.test(word)) return 'error';
  if (word.startsWith('warn')) return 'warn';
  return /^(debug|trace|verbose)/.test(word) ? 'debug' : 'info';
}

// The message alone often says only that something failed; the error beside it says what.
function messageOf(fields: Readonly<Record<string, unknown>>): string {
  const message = textOf(fields['msg'] ?? fields['message'] ?? fields['event']);
  const error = fields['err'] ?? fields['error'];
  const detail = typeof error === 'object' && error !== null && 'message' in error ? textOf(error.message) : textOf(error);
  return [message, detail].filter((part) => part !== '').join(': ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
