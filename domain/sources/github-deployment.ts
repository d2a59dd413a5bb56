import { z } from 'zod';
import { cleanText } from '../outside-text';
import { actor, id, repository, repositoryService, text } from './github-event';
import { epochOf } from './instants';
import { environmentOf } from './names';
import type { Normalised, Reading, SourceContext, WireMessage } from './source';
import { toAlert } from './to-alert';
import { firstOf, toChange } from './to-change';
import { readAs } from './wire';

const event = z.looseObject({
  repository,
  sender: actor,
  deployment_status: z.looseObject({
    ...{ state: z.string(), description: text, environment: text, created_at: text, updated_at: text, creator: actor },
    ...{ log_url: text, target_url: text, environment_url: text },
  }),
  deployment: z.looseObject({
    ...{ id, sha: text, ref: text, task: text, description: text, environment: text, creator: actor, transient_environment: z.boolean().nullish() },
  }),
  workflow_run: z.looseObject({ html_url: text }).nullish(),
});
type Event = z.output<typeof event>;

/** What both the change and the alert say. */
interface Told {
  readonly environment: string;
  readonly service: string;
  readonly at: number | undefined;
  readonly link: string | undefined;
}

/**
 * The status of a deployment. One that succeeded is a change (a rollback where its task says so) and ends the alert of one that failed before in the same environment.
 * One that failed changed nothing for sure, but it was meant to and somebody must look: it is an alert. A preview that failed is left aside, as its author sees it.
 */
export function readDeployment(message: WireMessage, context: SourceContext): Reading {
  const told = readAs(message, event);
  const { deployment_status: status, deployment, repository: of } = told;
  const facts = {
    environment: environmentOf([firstOf([status.environment, deployment.environment])], context),
    service: repositoryService(of, context),
    at: epochOf(status.created_at) ?? epochOf(status.updated_at),
    link: firstOf([status.log_url, status.target_url, told.workflow_run?.html_url, status.environment_url]),
  };
  if (status.state === 'success') return { objects: [change(told, facts, context), alert(told, facts, context)], passedOver: [] };
  if (status.state !== 'failure' && status.state !== 'error') return passed(`a deployment that is \`${cleanText(status.state, 64)}\``);
  if (deployment.transient_environment === true) return passed(`a deployment that failed in \`${facts.environment}\`, which is a preview`);
  return { objects: [alert(told, facts, context)], passedOver: [] };
}

function change(told: Event, { environment, service, at, link }: Told, context: SourceContext): Normalised {
  const { deployment, deployment_status: status, repository: of, sender } = told;
  return toChange(
    {
      ...{ environment, service, at, link },
      kind: /\brollback\b/i.test(deployment.task ?? '') ? 'rollback' : 'deployment',
      // One deployment may tell of its success more than once.
      id: `github:${of.full_name}/deployments/${deployment.id}`,
      author: firstOf([deployment.creator?.login, status.creator?.login, sender?.login]),
      summary: firstOf([deployment.description, status.description]) ?? `${service} ${whatOf(told)} deployed to ${environment}`,
      to: firstOf([deployment.sha, deployment.ref]),
    },
    context,
  );
}

function alert(told: Event, { environment, service, at, link }: Told, context: SourceContext): Normalised {
  const { deployment, deployment_status: status, repository: of } = told;
  const failed = status.state !== 'success';
  return toAlert(
    {
      ...{ source: 'github', status: failed ? 'firing' : 'resolved', environment, service, name: 'DeploymentFailed', severity: 'error', link },
      id: `github:${of.full_name}/deployments/${deployment.id}:${status.state}`,
      fingerprint: `github:${of.full_name}/environments/${environment}`,
      summary: failed
        ? (firstOf([status.description]) ?? `Deployment of ${whatOf(told)} to ${environment} failed`)
        : `${whatOf(told)} deployed to ${environment}`,
      // Of an end the beginning is not told: its own time stands for both, so that it comes after what it ends.
      ...{ startsAt: at, endsAt: failed ? undefined : at },
      labels: { repository: of.full_name, ref: deployment.ref, sha: deployment.sha },
    },
    context,
  );
}

/** `main (f95f852)`. */
function whatOf({ deployment: { ref, sha } }: Event): string {
  const short = firstOf([sha])?.slice(0, 7);
  const branch = firstOf([ref]);
  if (branch === undefined || branch === sha) return short ?? 'an unnamed version';
  return short === undefined ? branch : `${branch} (${short})`;
}

function passed(reason: string): Reading {
  return { objects: [], passedOver: [reason] };
}
