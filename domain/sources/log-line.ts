import type { LogRecord } from '../telemetry';
import { cleanText } from '../outside-text';
import { awsTime } from './aws-times';
import { ENVIRONMENT_LABELS, SERVICE_LABELS, valuesOf } from './names';
import { hasMembers, jsonOf } from './wire';

/** Longest message of a line that is kept. */
const LONGEST = 4_000;
/** How far into a line its level is looked for. */
const HEAD = 200;

const MESSAGES = ['message', 'msg', 'log', 'event'];
const LEVELS = ['level', 'severity', 'levelname', 'log.level', 'lvl', 'severity_text'];
const TIMES = ['timestamp', '@timestamp', 'time', 'ts', 'date'];
const TRACES = ['trace_id', 'traceId', 'trace.id', 'traceid', 'xray_trace_id'];

/** What a line of a log says by itself; its text is redacted and bounded. */
export interface ReadLine extends Pick<LogRecord, 'level' | 'message'> {
  /** Epoch milliseconds. */
  readonly at?: number | undefined;
  /** Names that it gives its service and its environment. */
  readonly services: readonly (string | undefined)[];
  readonly environments: readonly (string | undefined)[];
  readonly traceId?: string | undefined;
}

/** A JSON object as a line of a log, or undefined where it has no message. */
export function structuredLine(json: unknown): ReadLine | undefined {
  if (!hasMembers(json)) return undefined;
  const message = valuesOf(json, MESSAGES).find((text) => text !== undefined);
  if (message === undefined) return undefined;
  const told = LEVELS.map((name) => (Object.hasOwn(json, name) ? json[name] : undefined)).find((level) => level !== undefined && level !== null);
  const times = TIMES.map((name) => (Object.hasOwn(json, name) ? awsTime(json[name]) : undefined));
  const trace = valuesOf(json, TRACES).find((text) => text !== undefined);
  const pod = hasMembers(json, 'kubernetes') && hasMembers(json['kubernetes']) ? json['kubernetes'] : {};
  const podLabels = hasMembers(pod, 'labels') && hasMembers(pod['labels']) ? pod['labels'] : {};
  return {
    ...{ level: levelOf(told) ?? levelIn(message), message: cleanText(message, LONGEST), at: times.find((at) => at !== undefined) },
    ...{
      services: [...valuesOf(json, SERVICE_LABELS), ...valuesOf(podLabels, SERVICE_LABELS), ...valuesOf(pod, ['container_name'])],
      environments: valuesOf(json, ENVIRONMENT_LABELS),
      traceId: traceOf(trace),
    },
  };
}

/** Any line of a log: as its JSON says where it is some, else its text with a level that stands near its beginning. */
export function anyLine(text: string): ReadLine {
  const structured = text.trimStart().startsWith('{') ? structuredLine(jsonOf(text)) : undefined;
  return structured ?? { level: levelIn(text), message: cleanText(text, LONGEST), services: [], environments: [] };
}

/** The level of a word, or of a number as pino and bunyan write it (10 trace to 60 fatal). */
function levelOf(told: unknown): LogRecord['level'] | undefined {
  if (typeof told === 'number') return told >= 50 ? 'error' : told >= 40 ? 'warn' : told >= 30 ? 'info' : 'debug';
  const word = typeof told === 'string' ? told.trim().toLowerCase() : '';
  if (/^(?:error|err|fatal|critical|crit|severe|alert|emerg|emergency|panic)$/.test(word)) return 'error';
  if (/^warn(?:ing)?$/.test(word)) return 'warn';
  if (/^(?:debug|trace|verbose|fine|finer|finest)$/.test(word)) return 'debug';
  return /^(?:info|information|informational|notice|log)$/.test(word) ? 'info' : undefined;
}

/** Capitals, brackets or a name before it, as in `ERROR …`, `[error] …` and `level=error`: any other word may belong to a sentence. */
function levelIn(text: string): LogRecord['level'] {
  const head = text.slice(0, HEAD);
  const word = /\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|WARN|WARNING|INFO|NOTICE|DEBUG|TRACE)\b/.exec(head)?.[0];
  const marked = /(?:\[|\b(?:level|severity)[=:]\s?"?)(error|fatal|critical|severe|panic|warn|warning|info|notice|debug|trace)\b/i.exec(head)?.[1];
  // Words of runtimes for a call that ended badly.
  const crashed = /Task timed out after|^Traceback \(most recent call last\)|Runtime exited with error/.test(head);
  return levelOf(word ?? marked) ?? (crashed ? 'error' : 'info');
}

/** Lower-case hex, of X-Ray's `1-58406520-a006649127e371903a2de979` too. */
function traceOf(text: string | undefined): string | undefined {
  const hex = text
    ?.replace(/^1-(?=[0-9a-f]{8}-[0-9a-f]{24}$)/i, '')
    .replaceAll('-', '')
    .toLowerCase();
  return hex !== undefined && /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(hex) ? hex : undefined;
}
