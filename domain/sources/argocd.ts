import { z } from 'zod';
import { cleanText } from '../outside-text';
import { releaseOf } from './argocd-release';
import { epochOf } from './instants';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { Normalised, Reading, Source, SourceContext } from './source';
import { toAlert } from './to-alert';
import { firstOf, toChange } from './to-change';
import { hasMembers, readAs } from './wire';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const notification = z.looseObject({
  source: z.literal('argocd'),
  application: z.string().min(1),
  namespace: text,
  uid: text,
  environment: text,
  labels: z.record(z.string(), z.string()).nullish(),
  link: text,
  at: text,
  health: z.looseObject({ status: text, message: text, lastTransitionTime: text }).nullish(),
  operation: z
    .looseObject({
      phase: text,
      message: text,
      startedAt: text,
      finishedAt: text,
      initiatedBy: z.looseObject({ username: text, automated: z.boolean().nullish() }).nullish(),
      result: z.looseObject({ revision: text, revisions: texts }).nullish(),
    })
    .nullish(),
  history: z.array(z.looseObject({ revision: text, revisions: texts })).nullish(),
});
type Told = z.output<typeof notification>;

/**
 * Notifications of Argo CD, whose body is the user's own: docs/sources.md has the template to write.
 * Every message tells the whole state, and each part of it has an id that is the same each time: a sync that succeeded is a deployment, one that failed and health that is
 * degraded are alerts, which end with the next sync that succeeds and with good health. https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/
 */
export const argocd: Source = {
  name: 'argocd',
  title: 'Argo CD notifications, webhook (the template that the docs recommend)',
  gives: ['change', 'alert'],
  recognises: ({ json }) => hasMembers(json, 'source', 'application') && json['source'] === 'argocd',
  read(message, context) {
    const told = readAs(message, notification);
    const objects = [...synced(told, context), ...syncState(told, context), ...healthState(told, context)];
    return { objects, passedOver: objects.length === 0 ? [nothing(told)] : [] };
  },
};

function synced(told: Told, context: SourceContext): Normalised[] {
  const { operation } = told;
  if (operation?.phase !== 'Succeeded') return [];
  const { kind, from, to } = releaseOf(operation.result, told.history ?? []);
  // Pods are replaced from the beginning on, and the trouble that a release brings can begin before it is finished.
  const at = epochOf(operation.startedAt) ?? epochOf(operation.finishedAt);
  const id = `argocd:${keyOf(told)}:${to ?? ''}:${operation.finishedAt ?? operation.startedAt ?? ''}`;
  const author = firstOf([operation.initiatedBy?.username]) ?? 'argocd';
  return [toChange({ kind, ...placeOf(told, context), id, at, author, from, to, link: told.link }, context)];
}

function syncState(told: Told, context: SourceContext): Normalised[] {
  const { phase, message, startedAt, finishedAt } = told.operation ?? {};
  const status = phase === 'Succeeded' ? 'resolved' : phase === 'Failed' || phase === 'Error' ? 'firing' : undefined;
  if (status === undefined) return [];
  return [alert(told, { status, name: 'SyncFailed', kind: 'sync', severity: 'error', message, at: epochOf(finishedAt) ?? epochOf(startedAt) }, context)];
}

function healthState(told: Told, context: SourceContext): Normalised[] {
  const { status: health, message, lastTransitionTime } = told.health ?? {};
  const status = health === 'Healthy' ? 'resolved' : health === 'Degraded' ? 'firing' : undefined;
  if (status === undefined) return [];
  const at = epochOf(lastTransitionTime) ?? epochOf(told.at);
  return [alert(told, { status, name: 'HealthDegraded', kind: 'health', severity: 'error', message, at }, context)];
}

interface Condition {
  readonly status: 'firing' | 'resolved';
  readonly name: string;
  readonly kind: 'sync' | 'health';
  readonly severity: string;
  readonly message: string | null | undefined;
  readonly at: number | undefined;
}

/** Of an end the beginning is not told: its own time stands for both, so that the end comes after what it ends. */
function alert(told: Told, { status, name, kind, severity, message, at }: Condition, context: SourceContext): Normalised {
  const fingerprint = `argocd:${keyOf(told)}:${kind}`;
  return toAlert(
    {
      ...{ source: 'argocd', status, name, severity, fingerprint, labels: { application: told.application } },
      ...placeOf(told, context),
      summary: status === 'firing' ? (message ?? undefined) : `${told.application} ${kind === 'sync' ? 'synced' : 'is healthy'}`,
      startsAt: at,
      endsAt: status === 'resolved' ? at : undefined,
      link: told.link ?? undefined,
    },
    context,
  );
}

function placeOf({ application, labels, environment }: Told, context: SourceContext): { readonly environment: string; readonly service: string } {
  return {
    environment: environmentOf([environment ?? undefined, ...valuesOf(labels ?? {}, ENVIRONMENT_LABELS)], context),
    service: serviceOf([...valuesOf(labels ?? {}, SERVICE_LABELS), application], context),
  };
}

/** The application: its own id, or its name where the template leaves the id out. */
function keyOf({ uid, namespace, application }: Told): string {
  return uid || `${namespace ?? ''}/${application}`;
}

function nothing({ operation, health }: Told): Reading['passedOver'][number] {
  return `a sync that is ${cleanText(operation?.phase ?? 'not begun', 64)} with health ${cleanText(health?.status ?? 'unknown', 64)}, which begins or ends nothing`;
}
