import { z } from 'zod';
import { eventReader, eventSource, text } from './aws-event';
import { actorOf, awsEnvironment, consoleLink } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toChange } from './to-change';

const automation = z.looseObject({
  ...{ ExecutionId: z.string(), Definition: z.string(), Status: z.string(), StartTime: text, EndTime: text, ExecutedBy: text },
});
// Its parameters may hold secrets and are never read.
const command = z.looseObject({ 'command-id': z.string(), 'document-name': text, status: z.string() });

/** Statuses of what has ended; a run that failed may have altered something too. */
const ENDED: Readonly<Record<string, string>> = {
  ...{ success: 'succeeded', completedwithsuccess: 'succeeded', completedwithfailure: 'failed', failed: 'failed', timedout: 'timed out' },
  ...{ cancelled: 'was cancelled', canceled: 'was cancelled', rejected: 'was rejected', exited: 'ended' },
};

/**
 * Runs of automations and commands of Systems Manager that ended, whatever came of them: changes of the infrastructure, or restarts where the document's name says so. Single
 * instances and steps are left aside. https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 */
export const systemsManager = eventSource({
  ...{ name: 'systems-manager', title: 'AWS Systems Manager, automations and commands by EventBridge', gives: ['change'], service: 'aws.ssm' },
  readers: {
    'EC2 Automation Execution Status-change Notification': eventReader(automation, ({ detail, at, ...where }, context) =>
      changeOf(
        { ...where, what: 'Automation', run: detail.ExecutionId, document: detail.Definition, status: detail.Status, by: detail.ExecutedBy },
        awsTime(detail.EndTime) ?? at,
        context,
      ),
    ),
    'EC2 Command Status-change Notification': eventReader(command, ({ detail, at, ...where }, context) =>
      changeOf(
        { ...where, what: 'Command', run: detail['command-id'], document: detail['document-name'] ?? '', status: detail.status, by: undefined },
        at,
        context,
      ),
    ),
  },
  otherwise: 'as only whole automations and commands are kept',
});

interface Run {
  readonly what: 'Automation' | 'Command';
  readonly run: string;
  readonly document: string;
  readonly status: string;
  readonly by: string | undefined;
  readonly account: string;
  readonly region: string;
}

function changeOf({ what, run, document, status, by, account, region }: Run, at: number | undefined, context: SourceContext): Normalised[] | string {
  const key = status.toLowerCase().replace(/[ _]/g, '');
  const ended = Object.hasOwn(ENDED, key) ? ENDED[key] : undefined;
  const name = document.split('/').at(-1) ?? document;
  if (ended === undefined) return `the ${what.toLowerCase()} ${name} that has not ended (${status})`;
  const page = what === 'Automation' ? `systems-manager/automation/execution/${run}` : `systems-manager/run-command/${run}`;
  return [
    toChange(
      {
        ...{ kind: /restart|reboot/i.test(document) ? 'restart' : 'infrastructure', at, author: actorOf(by) ?? 'systems-manager' },
        ...{ id: ['ssm', account, region, run].filter((part) => part !== '').join(':'), summary: `${what} ${name} ${ended}` },
        ...{ environment: awsEnvironment([], context), service: serviceOf([name, ...words(name)], context) },
        link: /^[\w-]+$/.test(run) ? consoleLink(region, page) : undefined,
      },
      context,
    ),
  ];
}
