import { z } from 'zod';
import { cleanText, digestId } from '../outside-text';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { Reading, SourceContext, WireMessage } from './source';
import { toAlert } from './to-alert';
import { readAs } from './wire';

const MINUTE_MS = 60_000;

const texts = z.record(z.string(), z.string()).nullish();

const legacy = z.looseObject({
  ruleId: z.number(),
  ruleName: z.string(),
  state: z.string(),
  ruleUrl: z.string().nullish(),
  message: z.string().nullish(),
  title: z.string().nullish(),
  orgId: z.number().nullish(),
  tags: texts,
  evalMatches: z.array(z.looseObject({ value: z.number().nullish(), metric: z.string().nullish(), tags: texts })).nullish(),
});

const STATES: ReadonlyMap<string, 'firing' | 'resolved'> = new Map([
  ['alerting', 'firing'],
  ['no_data', 'firing'],
  ['ok', 'resolved'],
]);

/**
 * One message of Grafana's legacy alerting, which was removed in Grafana 11. It says neither when the condition began nor which message it is, so the minute of arrival
 * stands for both: a redelivery within it counts as the same. https://grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications/#webhook
 */
export function readLegacy(message: WireMessage, context: SourceContext): Reading {
  const told = readAs(message, legacy);
  const status = STATES.get(told.state);
  if (status === undefined) return { objects: [], passedOver: [`the state ${cleanText(told.state, 64)}, which is neither a beginning nor an end`] };
  const matches = told.evalMatches ?? [];
  const only = matches.length === 1 ? matches[0] : undefined;
  // Series are told of while it fires only: service and environment are of the rule's own tags, so that the end goes where the beginning went.
  const tags = told.tags ?? {};
  const { severity, ...others } = { ...matches[0]?.tags, ...tags };
  const fingerprint = `grafana:${String(told.orgId ?? 1)}:rule:${String(told.ruleId)}`;
  const minute = Math.floor(context.receivedAt / MINUTE_MS) * MINUTE_MS;
  const alert = toAlert(
    {
      ...{ source: 'grafana', status, name: told.ruleName, severity, labels: others, fingerprint, startsAt: minute },
      id: digestId('al', [fingerprint, told.state, minute]),
      environment: environmentOf(valuesOf(tags, ENVIRONMENT_LABELS), context),
      service: serviceOf(valuesOf(tags, SERVICE_LABELS), context),
      summary: [told.message, told.title].find((text) => text?.trim()) ?? undefined,
      signal: only?.metric ?? undefined,
      value: only?.value ?? undefined,
      link: told.ruleUrl ?? undefined,
    },
    context,
  );
  return { objects: [alert], passedOver: [] };
}
