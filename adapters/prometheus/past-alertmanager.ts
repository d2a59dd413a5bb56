import { z } from 'zod';
import { defined } from '../../domain/defined';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { PastFact, Span } from '../../domain/lookback/facts';
import type { Severity } from '../../domain/names';
import { digestId } from '../../domain/outside-text';
import { readSilences } from '../../domain/quiet/alertmanager-silences';
import { isPage, whereOf } from './past-alerts';
import { askAlertmanager, type ServerOptions } from './past-api';

const alerts = z.array(
  z.looseObject({
    ...{ fingerprint: z.string(), startsAt: z.string(), labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()).default({}) },
    status: z.looseObject({ state: z.string(), silencedBy: z.array(z.string()).default([]), inhibitedBy: z.array(z.string()).default([]) }),
  }),
);

/** Silences that an Alertmanager still remembers, those that are over included (for five days, unless its `--data.retention` says otherwise). */
export async function pastSilences(server: ServerOptions, span: Span): Promise<PastFact[]> {
  const body = await askAlertmanager(server, '/api/v2/silences');
  try {
    const { silences, problems } = readSilences(body, server.url, ['active', 'expired']);
    const held = silences.filter(({ startsAt, endsAt }) => endsAt > span.from && startsAt < span.to);
    return [...held.map((silence) => ({ kind: 'silence' as const, silence })), ...problems.map((text) => ({ kind: 'note' as const, text }))];
  } catch (error) {
    throw new NightshiftError('unreachable', `${server.url} did not answer with a list of silences: ${errorMessage(error).slice(0, 200)}`, [], {
      cause: error,
    });
  }
}

/**
 * What fires now: a word on how much of it is kept quiet, and pages of alerts that no rule of the Prometheus makes (`ruled`), as others send to the Alertmanager too. Where its rules
 * are not known there are no such pages: each could be one that its series told already.
 */
export async function currentAlerts(
  server: ServerOptions,
  ruled: readonly string[] | undefined,
  severities: readonly Severity[],
  span: Span,
): Promise<PastFact[]> {
  const found = alerts.safeParse(await askAlertmanager(server, '/api/v2/alerts'));
  if (!found.success) throw new NightshiftError('unreachable', `${server.url} did not answer with a list of alerts.`);
  const firing = found.data.filter(({ labels }) => isPage(labels, severities));
  const quiet = firing.filter(({ status }) => status.state === 'suppressed').length;
  const others = firing.filter(({ labels, startsAt }) => ruled?.includes(labels['alertname'] ?? '') === false && Date.parse(startsAt) < span.to);
  const pages = others.map(({ fingerprint, labels, annotations, startsAt }): PastFact => {
    const { alertname = '', severity, ...rest } = labels;
    const summary = annotations['summary'] ?? annotations['description'];
    const id = { kind: 'page' as const, id: digestId('pg', [fingerprint, startsAt]), condition: `alertmanager:${fingerprint}`, source: 'alertmanager' };
    return defined({ ...id, name: alertname, severity, summary, labels: rest, begin: Date.parse(startsAt), where: whereOf(labels) });
  });
  const note = `Of ${String(firing.length)} alerts that fire now, ${String(quiet)} are silenced or inhibited in ${server.url}.`;
  const unknown = 'It is not known which of them this Prometheus makes, as it did not tell its rules; they add no pages to those of its series.';
  const notes = firing.length > 0 ? [note, ...(ruled ? [] : [unknown])] : [];
  return [...pages, ...notes.map((text) => ({ kind: 'note' as const, text }))];
}
