import { z } from 'zod';
import { cleanText } from '../outside-text';
import { readCheck, readJob, readRun } from './github-builds';
import { readDeployment } from './github-deployment';
import { eventOf, isRead, withBody } from './github-event';
import type { EventName } from './github-event';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { hasMembers, readAs, unreadable } from './wire';

const acted = z.looseObject({ action: z.string() });

const READERS: Readonly<Record<EventName, (message: WireMessage, context: SourceContext) => Reading>> = {
  workflow_run: readRun,
  workflow_job: readJob,
  check_run: readCheck,
  deployment_status: readDeployment,
};

/**
 * Webhooks of GitHub: builds from `workflow_run`, `workflow_job` and `check_run` when they are completed, a change or an alert from `deployment_status`; other events are left aside.
 *
 * A run and its jobs are told as builds of different names: `ci` for the run, `ci / unit tests` for a job, each with the same `run`. The id of a job begins with its run's
 * (`github:owner/name/runs/1/attempts/1` and `…/jobs/2`), so whoever counts builds counts either those or these. Each attempt has an id of its own.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export const github: Source = {
  name: 'github',
  title: 'GitHub webhooks: workflow_run, workflow_job, check_run and deployment_status',
  gives: ['build', 'change', 'alert'],
  recognises: ({ json, headers }) => ('x-github-event' in headers ? !isImitated(headers) : isTelling(json)),
  read(given, context) {
    const message = withBody(given);
    readAs(message, z.looseObject({}));
    const event = eventOf(message);
    if (event === undefined)
      throw unreadable('This is no event of GitHub: it has neither the header `X-GitHub-Event` nor a repository and what happened to it.');
    if (event === 'ping') return passed('a ping');
    if (!isRead(event)) return passed(event === 'unnamed' ? 'an event that its header names, which is missing' : `the event \`${cleanText(event, 64)}\``);
    if (event !== 'deployment_status') {
      const { action } = readAs(message, acted);
      if (action !== 'completed') return passed(`the event \`${event}\` with the action \`${cleanText(action, 64)}\`, which is no end`);
    }
    return READERS[event](message, context);
  },
};

/** Gitea, Forgejo and Gogs send GitHub's header too, with bodies of their own. */
function isImitated(headers: WireMessage['headers']): boolean {
  return ['x-gitea-event', 'x-forgejo-event', 'x-gogs-event'].some((name) => name in headers);
}

/** Without a header only what cannot be of another: each of these with the repository and who did it, or a ping. */
function isTelling(json: unknown): boolean {
  if (hasMembers(json, 'zen', 'hook_id')) return true;
  if (!hasMembers(json, 'repository', 'sender') || !hasMembers(json['repository'], 'full_name')) return false;
  return isRead(eventOf({ json, headers: {} }) ?? '');
}

function passed(reason: string): Reading {
  return { objects: [], passedOver: [reason] };
}
