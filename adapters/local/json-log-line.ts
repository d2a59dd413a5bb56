import type { LogLine } from '../../domain/metrics';
import { redact } from '../../domain/redact';

/** Longest message kept; what follows is seldom more than a dump. */
const MESSAGE_LENGTH = 2_000;

/** One line of a structured log with its message redacted, or undefined for a line that is no JSON object with a time (a torn one, a stack trace). */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const at = timeOf(fields['time'] ?? fields['timestamp'] ?? fields['ts'] ?? fields['at'] ?? fields['@timestamp']);
  // Redacted before it is cut, so that no cut leaves half a secret behind.
  return at === undefined
    ? undefined
    : { at, level: levelOf(fields['level'] ?? fields['severity']), message: redact(messageOf(fields)).slice(0, MESSAGE_LENGTH) };
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value < 1e11 ? Math.round(value * 1000) : value;
  const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function levelOf(value: unknown): LogLine['level'] {
  // pino writes numbers: 20 debug, 30 info, 40 warn, 50 error, 60 fatal.
  if (typeof value === 'number') return value >= 50 ? 'error' : value >= 40 ? 'warn' : value >= 30 ? 'info' : 'debug';
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (/^(err|error|fatal|critical|crit|panic|alert|emerg)/.test(word)) return 'error';
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
