import type { CancelCommandRequest, Command, CommandFilter, CommandInvocation, SendCommandRequest, SendCommandResult, Target } from '@aws-sdk/client-ssm';
import { makeCourses } from '../course';
import { AwsError, invalid } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { documentNamed, INSTANCES, parametersOf, versionOf } from './ssm-store';
import type { DocumentStep, ManagedInstance, SsmDocument } from './ssm-store';
import { found, idOf, stateKey } from './support';

/** How far a command is on one instance. */
export type InvocationStatus = 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

/** A command on one instance. */
export interface Invocation {
  readonly instanceId: string;
  status: InvocationStatus;
  startedAt?: number;
  endedAt?: number;
}

/** A command with what only the fake knows of it. */
export interface Sent {
  command: Command;
  readonly document: SsmDocument;
  /** Empty until it is dispatched. */
  invocations: Invocation[];
}

/** Commands by their ids, the latest last. */
export const COMMANDS = stateKey('commands', () => new Map<string, Sent>());
const ENDS = makeCourses<'Success' | 'Failed' | 'TimedOut', Readonly<Record<string, readonly string[]>>>('ends of commands');
const DISPATCH_MS = 2_000;
const COMMAND_MS = 5_000;
const MOST_INSTANCES = 50;
const MOST_COMMENT = 100;
const HOUR = 3_600;
const ENDED: readonly string[] = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

/** Sends a command to instances; there is no token that would tell a second call from the first. */
export function sendCommand(input: SendCommandRequest, call: Call): SendCommandResult {
  const { DocumentName, Comment = '', TimeoutSeconds = HOUR } = input;
  const { place, now } = call;
  if (Comment.length > MOST_COMMENT) throw invalid(`Value at 'comment' failed to satisfy constraint: at most ${String(MOST_COMMENT)} characters`);
  const document = found(documentNamed(place, DocumentName, 'Command'), 'InvalidDocument', `Document with name ${DocumentName ?? ''} does not exist.`);
  const version = found(versionOf(document, input.DocumentVersion), 'InvalidDocumentVersion', `There is no version ${input.DocumentVersion ?? ''}`);
  const parameters = parametersOf(document, input.Parameters, 'InvalidParameters');
  const instances = input.InstanceIds ? byIds(place, input.InstanceIds) : byTargets(place, input.Targets ?? []);
  const id = idOf(place);
  const command: Command = {
    ...{ CommandId: id, DocumentName: document.name, DocumentVersion: version, Comment, Parameters: parameters, TimeoutSeconds },
    ...{
      InstanceIds: input.InstanceIds ?? [],
      Targets: input.Targets ?? [],
      RequestedDateTime: new Date(now),
      ExpiresAfter: new Date(now + TimeoutSeconds * 1000),
    },
    ...{ Status: 'Pending', StatusDetails: 'Pending', TargetCount: instances.length, CompletedCount: 0, ErrorCount: 0, DeliveryTimedOutCount: 0 },
    ...{ MaxConcurrency: input.MaxConcurrency ?? '50', MaxErrors: input.MaxErrors ?? '0' },
  };
  const sent: Sent = { command, document, invocations: [] };
  place.state(COMMANDS).set(id, sent);
  call.made({ kind: 'ssm.command', id, target: instances.join(','), comment: Comment, detail: { document: document.name, parameters } });
  place.world.agenda.after(now, document.command?.dispatchMs ?? DISPATCH_MS, (at) => dispatchTo(call, sent, instances, at));
  return { Command: command };
}

function byIds(place: Place, ids: readonly string[]): readonly string[] {
  if (new Set(ids).size < ids.length) throw new AwsError('DuplicateInstanceId', 'You cannot specify an instance ID in more than one association');
  if (ids.length === 0 || ids.length > MOST_INSTANCES) throw invalid(`There must be 1 to ${String(MOST_INSTANCES)} instances`);
  const all = place.state(INSTANCES);
  const bad = ids.filter((id) => all.get(id)?.PingStatus !== 'Online');
  if (bad.length > 0) throw new AwsError('InvalidInstanceId', `Instances [[${bad.join(', ')}]] not in a valid state for account ${place.account}`);
  return ids;
}

function byTargets(place: Place, targets: readonly Target[]): readonly string[] {
  if (targets.length === 0) throw invalid('There must be instances or targets');
  const fits = ({ InstanceId = '', tags = {} }: ManagedInstance, { Key = '', Values = [] }: Target): boolean =>
    Key.toLowerCase() === 'instanceids' ? Values.includes(InstanceId) : Key.startsWith('tag:') && Values.includes(tags[Key.slice('tag:'.length)] ?? '');
  const online = [...place.state(INSTANCES).values()].filter(({ PingStatus }) => PingStatus === 'Online');
  return online.filter((instance) => targets.every((target) => fits(instance, target))).map(({ InstanceId }) => InstanceId ?? '');
}

function dispatchTo(call: Call, sent: Sent, instances: readonly string[], at: number): void {
  if (sent.command.Status !== 'Pending') return;
  sent.invocations = instances.map((instanceId) => ({ instanceId, status: 'InProgress', startedAt: at }));
  count(sent);
  const { effect, durationMs = COMMAND_MS } = sent.document.command ?? {};
  for (const { instanceId } of sent.invocations) if (effect) happen(call, sent, effect, instanceId, at);
  call.place.world.agenda.after(at, durationMs, (then) => finish(call, sent, then));
}

function happen(call: Call, { command }: Sent, { kind, parameter }: NonNullable<DocumentStep['effect']>, instanceId: string, at: number): void {
  const detail = parameter === undefined ? {} : { [parameter]: command.Parameters?.[parameter] };
  call.effect({ kind, id: `${command.CommandId ?? ''}/${instanceId}`, target: instanceId, comment: command.Comment, at, detail });
}

function finish({ place }: Call, sent: Sent, at: number): void {
  const { name, command } = sent.document;
  if (command && ENDS.get(place, name) !== command) ENDS.put(place, name, command);
  for (const invocation of sent.invocations) {
    if (invocation.status !== 'InProgress') continue;
    const parameters = { ...sent.command.Parameters, InstanceIds: [invocation.instanceId] };
    Object.assign(invocation, { status: ENDS.end(place, name, parameters, 'Success'), endedAt: at });
  }
  count(sent);
}

/** The command's own status follows from those of its invocations. */
function count(sent: Sent): void {
  const ended = sent.invocations.filter(({ status }) => ENDED.includes(status));
  const errors = ended.filter(({ status }) => status === 'Failed' || status === 'TimedOut');
  const all = ended.length === sent.invocations.length;
  const worst = (['Failed', 'TimedOut', 'Cancelled'] as const).find((status) => ended.some((one) => one.status === status));
  const status = all ? (worst ?? 'Success') : 'InProgress';
  const details = sent.invocations.length === 0 ? 'NoInstancesInTag' : status;
  sent.command = { ...sent.command, Status: status, StatusDetails: details, CompletedCount: ended.length, ErrorCount: errors.length };
}

/** Cancels what of a command has not ended; on what has ended it does nothing. */
export function cancelCommand({ CommandId = '', InstanceIds }: CancelCommandRequest, call: Call): object {
  const sent = found(call.place.state(COMMANDS).get(CommandId), 'InvalidCommandId', `There is no command ${CommandId}`);
  if (ENDED.includes(sent.command.Status ?? '')) return {};
  call.effect({ kind: 'ssm.cancel', id: CommandId, target: sent.document.name });
  if (sent.command.Status === 'Pending') {
    sent.command = { ...sent.command, Status: 'Cancelled', StatusDetails: 'Cancelled' };
    return {};
  }
  for (const invocation of sent.invocations)
    if (invocation.status === 'InProgress' && (InstanceIds ?? [invocation.instanceId]).includes(invocation.instanceId))
      Object.assign(invocation, { status: 'Cancelled', endedAt: call.now });
  count(sent);
  return {};
}

/** Whether a command or an invocation fits what is filtered by; `DocumentName` is of commands only. */
export function fitsCommand({ command, document }: Sent, status: string | undefined, filters: readonly CommandFilter[]): boolean {
  const at = command.RequestedDateTime?.getTime() ?? 0;
  return filters.every(({ key = '' as never, value = '' }) => {
    if (key === 'InvokedAfter') return at >= Date.parse(value);
    if (key === 'InvokedBefore') return at < Date.parse(value);
    if (key === 'Status') return status === value;
    if (key === 'DocumentName') return document.name === value;
    if (key === 'ExecutionStage') return value === (ENDED.includes(command.Status ?? '') ? 'Complete' : 'Executing');
    throw new AwsError('InvalidFilterKey', `There is no filter ${String(key)}`);
  });
}

/** An invocation as lists have it. */
export function invocationOf({ command, document }: Sent, { instanceId, status, startedAt, endedAt }: Invocation, details: boolean): CommandInvocation {
  const { CommandId, Comment, DocumentName, DocumentVersion, RequestedDateTime } = command;
  const times = {
    ...(startedAt !== undefined && { ResponseStartDateTime: new Date(startedAt) }),
    ...(endedAt !== undefined && { ResponseFinishDateTime: new Date(endedAt) }),
  };
  const plugin = {
    Name: pluginOf(document),
    Status: status,
    StatusDetails: status,
    ResponseCode: responseCode(status),
    ...times,
    Output: `${document.command?.output ?? ''}${status === 'Failed' ? '\n----------ERROR-------\nfailed to run commands: exit status 1' : ''}`,
  };
  return {
    ...{ CommandId, InstanceId: instanceId, InstanceName: '', Comment, DocumentName, DocumentVersion, RequestedDateTime },
    ...{ Status: status, StatusDetails: status, CommandPlugins: details ? [plugin] : [] },
  };
}

/** The name of the one plugin that documents of commands have here. */
export function pluginOf({ name }: SsmDocument): string {
  return name.includes('PowerShell') ? 'aws:runPowerShellScript' : 'aws:runShellScript';
}

/** What the script ended with: -1 while it runs. */
export function responseCode(status: InvocationStatus): number {
  return status === 'Success' ? 0 : status === 'Failed' ? 1 : -1;
}
