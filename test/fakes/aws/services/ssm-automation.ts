import { isDeepStrictEqual } from 'node:util';
import type {
  AutomationExecution,
  AutomationExecutionFilter,
  AutomationExecutionMetadata,
  DescribeAutomationExecutionsRequest,
  DescribeAutomationExecutionsResult,
  GetAutomationExecutionRequest,
  GetAutomationExecutionResult,
  SendAutomationSignalRequest,
  StartAutomationExecutionRequest,
  StartAutomationExecutionResult,
  StopAutomationExecutionRequest,
} from '@aws-sdk/client-ssm';
import { AwsError, invalid } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { AUTOMATIONS, automationEnded, beginAutomation, endWaiting, stopAutomation, waitingStep } from './ssm-automation-run';
import type { Automation } from './ssm-automation-run';
import { checkPage, documentNamed, parametersOf, versionOf } from './ssm-store';
import { found, stateKey } from './support';

interface Used {
  readonly id: string;
  readonly input: Omit<StartAutomationExecutionRequest, 'ClientToken'>;
}

const TOKENS = stateKey('tokens of automations', () => new Map<string, Used>());
const LIMIT = stateKey('limit of automations', () => ({ running: 100 }));
const UUID = /^[a-fA-F0-9]{8}-([a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}$/;
const PAGE = 50;
const MOST_TAGS = 5;

/** How many executions may run at once; one more is refused. */
export function setAutomationLimit(place: Place, { running }: { readonly running: number }): void {
  place.state(LIMIT).running = running;
}

/** Begins an execution, or tells the id of the one that its token began. */
export function startAutomationExecution(input: StartAutomationExecutionRequest, call: Call): StartAutomationExecutionResult {
  const { ClientToken: token, ...rest } = input;
  if (token !== undefined && !UUID.test(token)) throw invalid("Value at 'clientToken' failed to satisfy constraint: it must be a UUID");
  const used = token === undefined ? undefined : call.place.state(TOKENS).get(token);
  if (used && !isDeepStrictEqual(used.input, rest)) throw new AwsError('IdempotentParameterMismatch', 'The token was used with other parameters');
  if (used) return { AutomationExecutionId: used.id };
  const id = begin(input, call);
  if (token !== undefined) call.place.state(TOKENS).set(token, { id, input: rest });
  return { AutomationExecutionId: id };
}

function begin(input: StartAutomationExecutionRequest, call: Call): string {
  const { DocumentName, DocumentVersion, Parameters, ClientToken: token, Tags: tags = [], Mode = 'Auto' } = input;
  if (input.Targets ?? input.TargetMaps ?? input.TargetLocations ?? input.TargetLocationsURL ?? (Mode === 'Interactive' ? Mode : undefined))
    throw new AwsError('NotImplemented', 'The fake runs automations on their parameters only: no targets, and not step by step.', 501);
  const none = `Automation Definition Not Found for document: ${DocumentName ?? ''}`;
  const document = found(documentNamed(call.place, DocumentName, 'Automation'), 'AutomationDefinitionNotFoundException', none);
  const version = found(versionOf(document, DocumentVersion), 'AutomationDefinitionVersionNotFoundException', `There is no version ${DocumentVersion ?? ''}`);
  if (tags.length > MOST_TAGS) throw invalid(`There may be ${String(MOST_TAGS)} tags`);
  const parameters = parametersOf(document, Parameters, 'InvalidAutomationExecutionParametersException');
  const running = [...call.place.state(AUTOMATIONS).values()].filter(({ execution }) => !automationEnded(execution));
  if (running.length >= call.place.state(LIMIT).running)
    throw new AwsError('AutomationExecutionLimitExceededException', 'The number of simultaneously running Automation executions exceeded the limit');
  const execution = { DocumentName: document.name, DocumentVersion: version, Parameters: parameters, Mode, Outputs: {} };
  return beginAutomation(call, document, { execution, tags, token });
}

function automationOf({ place, visible }: Call, id = ''): Automation {
  const one = visible(id) ? place.state(AUTOMATIONS).get(id) : undefined;
  return found(one, 'AutomationExecutionNotFoundException', `Automation execution ${id} does not exist`);
}

/** One execution with its steps. */
export function getAutomationExecution({ AutomationExecutionId }: GetAutomationExecutionRequest, call: Call): GetAutomationExecutionResult {
  return { AutomationExecution: automationOf(call, AutomationExecutionId).execution };
}

/** Executions, the latest first, without their parameters and steps. */
export function describeAutomationExecutions(input: DescribeAutomationExecutionsRequest, call: Call): DescribeAutomationExecutionsResult {
  const { Filters = [], MaxResults, NextToken } = input;
  checkPage(MaxResults, 1, PAGE);
  const tests = Filters.map(testOf);
  const items = (): AutomationExecutionMetadata[] =>
    [...call.place.state(AUTOMATIONS).values()]
      .reverse()
      .filter((one) => tests.every((test) => test(one)) && call.visible(one.execution.AutomationExecutionId ?? ''))
      .map(({ execution }) => metadataOf(execution));
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextToken' });
  return { AutomationExecutionMetadataList: page.items, NextToken: page.next };
}

function metadataOf(execution: AutomationExecution): AutomationExecutionMetadata {
  const { Parameters: _parameters, StepExecutions: _steps, StepExecutionsTruncated: _cut, ...rest } = execution;
  return { ...rest, AutomationType: 'Local' };
}

const TESTS: Readonly<Record<string, (one: Automation, values: readonly string[]) => boolean>> = {
  DocumentNamePrefix: ({ execution }, values) => values.some((prefix) => execution.DocumentName?.startsWith(prefix) === true),
  ExecutionStatus: ({ execution }, values) => values.includes(execution.AutomationExecutionStatus ?? ''),
  ExecutionId: ({ execution }, values) => values.includes(execution.AutomationExecutionId ?? ''),
  StartTimeAfter: ({ execution }, [time]) => (execution.ExecutionStartTime?.getTime() ?? 0) > Date.parse(time ?? ''),
  StartTimeBefore: ({ execution }, [time]) => (execution.ExecutionStartTime?.getTime() ?? 0) < Date.parse(time ?? ''),
  CurrentAction: ({ execution }, values) => values.includes(execution.CurrentAction ?? ''),
  AutomationType: (_one, values) => values.includes('Local'),
  TagKey: ({ tags }, values) => tags.some(({ Key }) => values.includes(Key ?? '')),
};

function testOf({ Key = '' as never, Values = [] }: AutomationExecutionFilter): (one: Automation) => boolean {
  const test = found(TESTS[Key], 'InvalidFilterKey', `The fake does not filter by ${String(Key)}`);
  if (Values.length === 0 || (/^StartTime/.test(Key) && Number.isNaN(Date.parse(Values[0] ?? ''))))
    throw new AwsError('InvalidFilterValue', `The filter ${String(Key)} has no such value: ${Values.join(', ')}`);
  return (one) => test(one, Values);
}

/** Stops an execution that has not ended. */
export function stopAutomationExecution({ AutomationExecutionId, Type = 'Cancel' }: StopAutomationExecutionRequest, call: Call): object {
  const one = automationOf(call, AutomationExecutionId);
  if (automationEnded(one.execution))
    throw new AwsError('InvalidAutomationStatusUpdateException', `The execution is ${one.execution.AutomationExecutionStatus ?? ''}: it cannot be stopped`);
  if (one.stopping) return {};
  call.effect({ kind: 'ssm.stop', id: AutomationExecutionId ?? '', target: one.document.name, detail: { type: Type } });
  stopAutomation(call, one, Type);
  return {};
}

/** Lets an execution that waits go on, or ends it. */
export function sendAutomationSignal({ AutomationExecutionId, SignalType, Payload }: SendAutomationSignalRequest, call: Call): object {
  const one = automationOf(call, AutomationExecutionId);
  const index = waitingStep(one);
  const step = one.document.steps?.[index];
  const stepName = Payload?.['StepName']?.[0];
  if (stepName !== undefined && !(one.document.steps ?? []).some(({ name }) => name === stepName))
    throw new AwsError('AutomationStepNotFoundException', `There is no step ${stepName}`);
  const fits = step?.action === 'aws:pause' ? SignalType === 'Resume' : SignalType === 'Approve' || SignalType === 'Reject';
  if (!step || !fits || one.stopping)
    throw new AwsError('InvalidAutomationSignalException', `The signal ${SignalType ?? ''} is not valid for the current state of the execution`);
  call.effect({ kind: 'ssm.signal', id: AutomationExecutionId ?? '', target: `${one.document.name}/${step.name}`, detail: { signal: SignalType } });
  endWaiting(call, one, SignalType !== 'Reject');
  return {};
}
