import { clip } from '../plain-text';
import type { AwsCommand } from './hands';
import { said } from './ssm-finding';
import type { SsmFinding } from './ssm-finding';

/** A command that was sent. */
export interface CommandSeen {
  readonly id: string;
  readonly document: string;
  readonly status: string;
  readonly statusDetails: string;
  /** Instances that it was meant for, as far as they are counted. */
  readonly targets: number;
  /** ISO, when it was sent. */
  readonly sentAt: string;
}

/** It on one instance. */
export interface InvocationSeen {
  readonly instance: string;
  readonly status: string;
  readonly statusDetails: string;
  readonly output: string;
  /** ISO. */
  readonly endedAt?: string;
}

/** An instance that Systems Manager knows. */
export interface InstanceSeen {
  readonly id: string;
  readonly ping: string;
}

const ENDED: readonly string[] = ['Success', 'Failed', 'TimedOut', 'Cancelled'];
const LONGEST_OUTPUT = 200;
const LONGEST_LIST = 1_000;
const MOST_NAMED = 10;

/** What a command is found by. */
export function tokenComment(token: string): string {
  return `nightshift:${token}`;
}

/** What became of a command, by itself and by what each instance made of it. What it says of itself comes before what it says of its instances, so that it is done only when every one has told. */
export function commandFinding(command: CommandSeen, invocations: readonly InvocationSeen[]): SsmFinding {
  const what = `the command ${command.id} (${command.document})`;
  const succeeded = invocations.filter(({ status }) => status === 'Success');
  const share = `${String(succeeded.length)} of ${String(Math.max(command.targets, invocations.length))} instances`;
  if (!ENDED.includes(command.status)) return { state: 'in-progress', detail: `${what} is ${command.statusDetails}; ${share} have done it` };
  if (command.targets === 0 && invocations.length === 0) return { state: 'failed', detail: `${what} reached no instance (${command.statusDetails})` };
  const others = invocations.filter(({ status }) => status !== 'Success');
  if (command.status !== 'Success' || others.some(({ status }) => ENDED.includes(status)))
    return { state: 'failed', detail: `${what} ended ${command.statusDetails}: ${share} did it${failuresText(others)}` };
  if (others.length > 0 || invocations.length < command.targets) return { state: 'in-progress', detail: `${what} has ended; ${share} have told so` };
  const at = invocations.map(({ endedAt }) => endedAt ?? command.sentAt).sort();
  return { state: 'done', detail: `${what} succeeded on ${namesText(invocations.map(({ instance }) => instance))}`, at: at.at(-1) ?? command.sentAt };
}

function failuresText(others: readonly InvocationSeen[]): string {
  const all = others.map(({ instance, statusDetails, output }) => {
    const told = said(output, LONGEST_OUTPUT);
    return `${instance} ${statusDetails}${told === '' ? '' : ` (${told})`}`;
  });
  return all.length === 0 ? '' : clip(`; ${all.join('; ')}`, LONGEST_LIST);
}

/** Why a command would not reach its instances; undefined when it would. Of those with a tag, the ones that are there get it. */
export function instancesUnmet({ instances }: AwsCommand, found: readonly InstanceSeen[]): string | undefined {
  if ('tag' in instances) {
    const { key, value } = instances.tag;
    return found.some(({ ping }) => ping === 'Online') ? undefined : `No instance with the tag ${key}=${value} is online in Systems Manager.`;
  }
  const away = instances.ids.flatMap((id) => {
    const ping = found.find((each) => each.id === id)?.ping;
    return ping === 'Online' ? [] : [`${id} is ${ping ?? 'not known'}`];
  });
  return away.length === 0 ? undefined : `Not every instance is online in Systems Manager: ${away.join(', ')}.`;
}

/** `i-1 and i-2, one at a time, until one fails`. */
export function targetsText({ instances, concurrency = '1', errors = '0' }: AwsCommand, found: readonly InstanceSeen[]): string {
  const online = found.filter(({ ping }) => ping === 'Online').map(({ id }) => id);
  const named =
    'tag' in instances ? `the instances with the tag ${instances.tag.key}=${instances.tag.value} (now ${namesText(online)})` : namesText(instances.ids);
  const pace = concurrency === '1' ? 'one at a time' : `${concurrency} at a time`;
  return `${named}, ${pace}, until ${errors === '0' ? 'one fails' : `more than ${errors} fail`}`;
}

function namesText(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  const more = ids.length - MOST_NAMED;
  return `${ids.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
