import type {
  Command,
  CommandInvocation,
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  InstanceInformation,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  ListCommandsRequest,
  ListCommandsResult,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import {
  describeAutomationExecutions,
  getAutomationExecution,
  sendAutomationSignal,
  setAutomationLimit,
  startAutomationExecution,
  stopAutomationExecution,
} from './ssm-automation';
import { describeDocument, listTagsForResource } from './ssm-describe';
import { cancelCommand, COMMANDS, fitsCommand, invocationOf, pluginOf, responseCode, sendCommand } from './ssm-command';
import type { Sent } from './ssm-command';
import { checkPage, INSTANCES, putDocument, putInstance } from './ssm-store';
import type { ManagedInstance } from './ssm-store';
import { found } from './support';

const PAGE = 50;
const LEAST_INSTANCES = 5;

/** Commands that are seen, the latest first. */
function sentOf(call: Call, commandId: string | undefined): Sent[] {
  return [...call.place.state(COMMANDS).values()]
    .reverse()
    .filter(({ command: { CommandId = '' } }) => (commandId === undefined || CommandId === commandId) && call.visible(CommandId));
}

function listCommands({ CommandId, InstanceId, Filters = [], MaxResults, NextToken }: ListCommandsRequest, call: Call): ListCommandsResult {
  checkPage(MaxResults, 1, PAGE);
  const on = ({ command, invocations }: Sent): boolean =>
    InstanceId === undefined || command.InstanceIds?.includes(InstanceId) === true || invocations.some(({ instanceId }) => instanceId === InstanceId);
  const items = (): Command[] =>
    sentOf(call, CommandId)
      .filter((one) => on(one) && fitsCommand(one, one.command.Status, Filters))
      .map(({ command }) => command);
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextToken' });
  return { Commands: page.items, NextToken: page.next };
}

function listCommandInvocations(input: ListCommandInvocationsRequest, call: Call): ListCommandInvocationsResult {
  const { CommandId, InstanceId, Filters = [], Details = false, MaxResults, NextToken } = input;
  checkPage(MaxResults, 1, PAGE);
  const items = (): CommandInvocation[] =>
    sentOf(call, CommandId).flatMap((one) =>
      one.invocations
        .filter(({ instanceId, status }) => (InstanceId === undefined || instanceId === InstanceId) && fitsCommand(one, status, Filters))
        .map((invocation) => invocationOf(one, invocation, Details)),
    );
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextToken' });
  return { CommandInvocations: page.items, NextToken: page.next };
}

function getCommandInvocation({ CommandId = '', InstanceId = '', PluginName }: GetCommandInvocationRequest, call: Call): GetCommandInvocationResult {
  const sent = sentOf(call, CommandId)[0];
  const invocation = sent?.invocations.find(({ instanceId }) => instanceId === InstanceId);
  if (!sent || !invocation) throw new AwsError('InvocationDoesNotExist', '');
  const plugin = pluginOf(sent.document);
  if (PluginName !== undefined && PluginName !== plugin) throw new AwsError('InvalidPluginName', `There is no plugin ${PluginName}`);
  const { Comment, DocumentName, DocumentVersion } = sent.command;
  const { status, startedAt, endedAt } = invocation;
  const ok = status === 'Success';
  return {
    ...{ CommandId, InstanceId, Comment, DocumentName, DocumentVersion, PluginName: plugin, Status: status, StatusDetails: status },
    ResponseCode: responseCode(status),
    ExecutionStartDateTime: startedAt === undefined ? '' : new Date(startedAt).toISOString(),
    ExecutionEndDateTime: endedAt === undefined ? '' : new Date(endedAt).toISOString(),
    ExecutionElapsedTime: endedAt === undefined ? '' : `PT${String((endedAt - (startedAt ?? endedAt)) / 1000)}S`,
    StandardOutputContent: ok ? (sent.document.command?.output ?? '') : '',
    StandardErrorContent: status === 'Failed' ? 'failed to run commands: exit status 1' : '',
    ...{ StandardOutputUrl: '', StandardErrorUrl: '' },
  };
}

const INSTANCE_TESTS: Readonly<Record<string, (instance: ManagedInstance) => string | undefined>> = {
  InstanceIds: ({ InstanceId }) => InstanceId,
  PingStatus: ({ PingStatus }) => PingStatus,
  PlatformTypes: ({ PlatformType }) => PlatformType,
  ResourceType: ({ ResourceType }) => ResourceType,
};

function describeInstanceInformation(input: DescribeInstanceInformationRequest, call: Call): DescribeInstanceInformationResult {
  const { Filters = [], InstanceInformationFilterList: old = [], MaxResults, NextToken } = input;
  checkPage(MaxResults, LEAST_INSTANCES, PAGE);
  const filters = [
    ...Filters.map(({ Key = '', Values = [] }) => [Key, Values] as const),
    ...old.map(({ key = '', valueSet = [] }) => [key, valueSet] as const),
  ];
  const tests = filters.map(([key, values]) => {
    const read = key.startsWith('tag:') ? ({ tags }: ManagedInstance) => tags?.[key.slice('tag:'.length)] : INSTANCE_TESTS[key];
    const value = found(read, 'InvalidFilterKey', `The fake does not filter instances by ${String(key)}`);
    return (instance: ManagedInstance) => values.includes(value(instance) ?? '');
  });
  const items = (): InstanceInformation[] =>
    [...call.place.state(INSTANCES).values()]
      .filter((instance) => tests.every((test) => test(instance)) && call.visible(instance.InstanceId ?? ''))
      .map(({ tags: _tags, ...information }) => information);
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextToken' });
  return { InstanceInformationList: page.items, NextToken: page.next };
}

/** Systems Manager: Automation and Run Command. */
export const SSM: FakeService = {
  signedAs: 'ssm',
  target: 'AmazonSSM',
  load: () => import('@aws-sdk/client-ssm'),
  operations: {
    StartAutomationExecution: startAutomationExecution,
    GetAutomationExecution: getAutomationExecution,
    DescribeAutomationExecutions: describeAutomationExecutions,
    StopAutomationExecution: stopAutomationExecution,
    SendAutomationSignal: sendAutomationSignal,
    SendCommand: sendCommand,
    GetCommandInvocation: getCommandInvocation,
    ListCommands: listCommands,
    ListCommandInvocations: listCommandInvocations,
    CancelCommand: cancelCommand,
    DescribeInstanceInformation: describeInstanceInformation,
    DescribeDocument: describeDocument,
    ListTagsForResource: listTagsForResource,
  },
  facts: { document: { put: putDocument }, instance: { put: putInstance }, limit: { put: setAutomationLimit } },
};
