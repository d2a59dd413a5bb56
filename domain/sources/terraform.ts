import { z } from 'zod';
import { cleanText } from '../outside-text';
import { epochOf } from './instants';
import { environmentOf, serviceOf } from './names';
import type { Normalised, Reading, Source, SourceContext } from './source';
import { toAlert } from './to-alert';
import { firstOf, toChange } from './to-change';
import { hasMembers, readAs } from './wire';

const text = z.string().nullish();

const notification = z.looseObject({ message: text, trigger: z.string(), run_status: text, run_updated_at: text, run_updated_by: text });
type Notification = z.output<typeof notification>;

// All of the run is null in the message that verifies the address.
const runs = z.looseObject({
  ...{ run_url: text, run_id: text, run_message: text, run_created_at: text, run_created_by: text },
  ...{ workspace_id: text, workspace_name: text, organization_name: text },
  notifications: z.array(notification),
});
type Run = z.output<typeof runs>;

const named = z.looseObject({ run_id: z.string().min(1), workspace_name: z.string().min(1) });
const assessment = z.looseObject({ trigger: z.string() });

const COMPLETED = ['run:completed', 'run:applied'];
const ERRORED = 'run:errored';
/** Ends of a run that altered nothing. https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#run-states */
const NOTHING_APPLIED = ['planned_and_finished', 'planned_and_saved', 'policy_soft_failed', 'discarded'];
/** Ends that a person chose. */
const CANCELLED = ['canceled', 'force_canceled', 'discarded'];

/**
 * Notifications of HCP Terraform and Terraform Enterprise about runs (generic webhook). A run that was applied is a change of infrastructure; one that failed is an alert on the
 * workspace, which the next run that completes ends. The workspace names the service. https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations
 */
export const terraform: Source = {
  name: 'terraform',
  title: 'HCP Terraform and Terraform Enterprise, run notifications',
  gives: ['change', 'alert'],
  recognises: ({ json }) =>
    hasMembers(json, 'payload_version', 'notification_configuration_id') && (Array.isArray(json['notifications']) || Object.hasOwn(json, 'trigger_scope')),
  read(message, context) {
    // Drift and failed checks are told when they begin; nothing tells when they end.
    if (hasMembers(message.json, 'trigger_scope')) return passed(`the event \`${cleanText(readAs(message, assessment).trigger, 64)}\` of a workspace`);
    const run = readAs(message, runs);
    if (run.notifications.some(({ trigger }) => COMPLETED.includes(trigger) || trigger === ERRORED)) readAs(message, named);
    const readings = run.notifications.map((told) => read(told, run, context));
    if (readings.length === 0) return passed('a message without notifications');
    return { objects: readings.flatMap(({ objects }) => objects), passedOver: readings.flatMap(({ passedOver }) => passedOver) };
  },
};

function read(told: Notification, run: Run, context: SourceContext): Reading {
  const status = told.run_status ?? '';
  if (COMPLETED.includes(told.trigger)) {
    const ended = alert('resolved', told, run, context);
    if (NOTHING_APPLIED.includes(status)) return { objects: [ended], passedOver: [`a run that altered nothing (\`${status}\`)`] };
    return { objects: [change(told, run, context), ended], passedOver: [] };
  }
  if (told.trigger === ERRORED) {
    if (CANCELLED.includes(status)) return passed(`a run that somebody ended (\`${status}\`)`);
    return { objects: [alert('firing', told, run, context)], passedOver: [] };
  }
  if (told.trigger === 'verification') return passed('the message that verifies the address');
  return passed(`a run that is not at its end (\`${cleanText(told.trigger, 64)}\`)`);
}

function change(told: Notification, run: Run, context: SourceContext): Normalised {
  return toChange(
    {
      ...{ kind: 'infrastructure', ...placeOf(run, context), id: `terraform:${run.run_id ?? ''}`, at: epochOf(told.run_updated_at), link: run.run_url },
      author: firstOf([run.run_created_by, told.run_updated_by]),
      summary: firstOf([run.run_message, told.message]),
    },
    context,
  );
}

function alert(status: 'firing' | 'resolved', told: Notification, run: Run, context: SourceContext): Normalised {
  const { workspace_id: id, workspace_name: name, organization_name: organization, run_message: message, run_id: runId } = run;
  const at = epochOf(told.run_updated_at);
  const what = [firstOf([told.message]) ?? 'Run errored', firstOf([message])].filter((part) => part !== undefined).join(': ');
  return toAlert(
    {
      ...{ source: 'terraform', status, name: 'TerraformRunFailed', severity: 'warning', ...placeOf(run, context) },
      id: `terraform:${runId ?? ''}:${status}`,
      fingerprint: `terraform:${firstOf([id]) ?? `${organization ?? ''}/${name ?? ''}`}`,
      summary: what,
      // Of an end the beginning is not told: its own time stands for both, so that it comes after what it ends.
      ...{ startsAt: at, endsAt: status === 'resolved' ? at : undefined },
      labels: { organization, workspace: name, run: runId },
      link: run.run_url ?? undefined,
    },
    context,
  );
}

function placeOf(
  { workspace_name: name, organization_name: organization }: Run,
  context: SourceContext,
): { readonly environment: string; readonly service: string } {
  const full = organization ? `${organization}/${name ?? ''}` : undefined;
  return { environment: environmentOf([], context), service: serviceOf([name ?? undefined, full], context) };
}

function passed(reason: string): Reading {
  return { objects: [], passedOver: [reason] };
}
