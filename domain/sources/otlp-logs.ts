import { z } from 'zod';
import { cleanText } from '../outside-text';
import type { LogRecord } from '../telemetry';
import { labelCleaner } from './labels';
import type { CleanLabels } from './labels';
import { LOGS_SHAPE } from './otlp-shapes';
import {
  attributes,
  isExport,
  list,
  numberOf,
  originOf,
  pairsOf,
  readableItems,
  readExport,
  resource,
  scalar,
  scope,
  text,
  textOf,
  timeOfNano,
} from './otlp-wire';
import type { Origin } from './otlp-wire';
import type { Source, SourceContext } from './source';
import { gathered } from './tally';
import { timeOf } from './to-alert';
import { hasMembers } from './wire';

const LONGEST_MESSAGE = 2000;

const record = z.looseObject({
  timeUnixNano: scalar,
  observedTimeUnixNano: scalar,
  severityNumber: scalar,
  severityText: text,
  body: z.unknown().optional(),
  eventName: text,
  traceId: text,
  attributes,
});
type Told = z.output<typeof record>;

const request = z.looseObject({
  resourceLogs: list(z.looseObject({ resource, scopeLogs: list(z.looseObject({ scope, logRecords: list(z.unknown()) })) })),
});

/** Logs of OpenTelemetry over HTTP, in JSON or protobuf. https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto */
export const otlpLogs: Source = {
  name: 'otlp-logs',
  title: 'OpenTelemetry logs, OTLP/HTTP in JSON or protobuf',
  gives: ['log'],
  recognises: (message) => hasMembers(message.json, 'resourceLogs') || isExport(message, LOGS_SHAPE, ['resourceLogs', 'scopeLogs', 'logRecords'], isRecord),
  read: (message, context) =>
    gathered('an export without lines', (keep, aside) => {
      const clean = labelCleaner();
      for (const { resource: of, scopeLogs } of readExport(message, LOGS_SHAPE, request).resourceLogs) {
        const origin = originOf(of, context);
        for (const { scope: by, logRecords } of scopeLogs) {
          for (const told of readableItems(logRecords, record, (_item, problems) => aside.malformed('line', { why: 'that is not as OTLP says', problems }))) {
            const line = lineOf(told, origin, by?.name ?? '', clean, context);
            if (line) keep({ object: 'log', ...line });
            else aside.refuse('line', 'without text');
          }
        }
      }
    }),
};

function isRecord(item: unknown): boolean {
  return hasMembers(item, 'timeUnixNano') || hasMembers(item, 'observedTimeUnixNano');
}

function lineOf(
  told: Told,
  { environment, service, labels: shared }: Origin,
  logger: string,
  clean: CleanLabels,
  context: SourceContext,
): LogRecord | undefined {
  const labels = pairsOf(told.attributes);
  const message = cleanText(
    firstText([textOf(told.body), valueIn(labels, 'exception.message'), told.eventName, valueIn(labels, 'event.name')]),
    LONGEST_MESSAGE,
  );
  if (message === '') return undefined;
  const traceId = told.traceId?.toLowerCase() ?? '';
  return {
    ...{ source: 'otlp-logs', environment, service },
    at: timeOfNano(told.timeUnixNano) ?? timeOfNano(told.observedTimeUnixNano) ?? timeOf(context.receivedAt) ?? '',
    level: levelOf(told),
    message,
    labels: clean([...labels, ['otel.scope.name', logger], ...shared]),
    ...(/^(?!0+$)[0-9a-f]{32}$/.test(traceId) && { traceId }),
  };
}

function firstText(candidates: readonly (string | null | undefined)[]): string {
  return candidates.find((candidate) => typeof candidate === 'string' && candidate.trim() !== '') ?? '';
}

function valueIn(pairs: readonly (readonly [string, string])[], name: string): string | undefined {
  return pairs.find(([key]) => key === name)?.[1];
}

/** Numbers 1 to 24 stand in fours: trace, debug, info, warn, error, fatal. Without one the word tells, if it is known. */
function levelOf({ severityNumber, severityText }: Told): LogRecord['level'] {
  // Libraries for protobuf write the name of the number into JSON: SEVERITY_NUMBER_WARN2.
  const number = numberOf(severityNumber) ?? 0;
  if (number >= 17) return 'error';
  if (number >= 13) return 'warn';
  if (number >= 9) return 'info';
  if (number >= 1) return 'debug';
  const word = `${typeof severityNumber === 'string' ? severityNumber.replace('SEVERITY_NUMBER_', '') : ''} ${severityText ?? ''}`.slice(0, 100);
  if (/\b(?:fatal|error|err|crit|critical|alert|emerg|emergency|panic|severe)\d?\b/i.test(word)) return 'error';
  if (/\b(?:warn|warning)\d?\b/i.test(word)) return 'warn';
  return /\b(?:trace|debug|verbose|fine|finer|finest)\d?\b/i.test(word) ? 'debug' : 'info';
}
