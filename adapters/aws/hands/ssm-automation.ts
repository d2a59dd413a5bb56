import type { AutomationExecution, AutomationExecutionFilter, DescribeAutomationExecutionsResult } from '@aws-sdk/client-ssm';
import { automationFinding, onlyOne, tokenTag } from '../../../domain/aws/ssm-automation';
import type { AutomationSeen } from '../../../domain/aws/ssm-automation';
import { definitionArns, documentText, filledParameters, namedIn, parametersText, passedRoles } from '../../../domain/aws/ssm-document';
import { refusalOf } from '../../../domain/actions/allowed';
import { arnIn } from '../../../domain/aws/arn';
import type { AwsHands } from '../../../domain/aws/hands';
import { placeText } from '../../../domain/aws/place';
import { defined } from '../../../domain/defined';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import type { AwsClients } from '../clients';
import { wholeList } from '../lookback/kind';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { causeName } from './outcome';
import { asSent, describeDocument, documentRefusal, ssmClient, ssmClients, wholeSeconds } from './ssm';
import type { Ssm } from './ssm';

const PAGE = 50;
/** More than that are not of one token, so that the filter does not do what it says. */
const MOST_OF_TOKEN = 20;

/** Carries out `ssm.automation`: the token goes with the start and, as the key of a tag, with the execution, by which it is found again. */
export function ssmAutomation(deps: AwsHandsDeps): Carrier {
  const clients = ssmClients(deps.actuator);
  return awsCarrier('ssm.automation', 'automations', {
    async look({ hands }, effect) {
      const { reference } = effect;
      const found = reference === undefined ? await idOf(clients, hands, effect) : { id: reference };
      if ('state' in found) return found;
      return found.id === undefined ? { state: 'absent' } : sighting(clients, hands, found.id);
    },
    act: ({ hands }, effect) => start(deps, hands, effect),
    async stop({ hands }, effect) {
      const found = effect.reference === undefined ? await idOf(clients, hands, effect) : { id: effect.reference };
      if ('id' in found && found.id !== undefined) await stop(deps, hands, effect, found.id);
    },
    async unmet({ hands }, { inputs }) {
      const refused = refusalOf(() => asked(hands, inputs));
      return refused ?? documentRefusal(clients, hands, { type: 'Automation', ...asked(hands, inputs) });
    },
    async preview({ hands }, { inputs }) {
      const { automation, parameters } = asked(hands, inputs);
      const found = await describeDocument(clients, hands, automation);
      const what = typeof found === 'string' ? automation.document : documentText(automation, found);
      return `starts the automation ${what} in ${placeText(hands)}${parametersText(parameters)}`;
    },
  });
}

function asked(hands: AwsHands, inputs: Readonly<Record<string, string>>) {
  const automation = namedIn('automations', hands, inputs);
  return { automation, parameters: filledParameters('automations', automation, inputs) };
}

async function start({ actuator }: AwsHandsDeps, hands: AwsHands, effect: Effect): Promise<string | undefined> {
  const { token, incidentId, inputs } = effect;
  const { automation, parameters } = asked(hands, inputs);
  const { document, version } = automation;
  const { StartAutomationExecutionCommand } = await import('@aws-sdk/client-ssm');
  const command = new StartAutomationExecutionCommand({
    ...{ DocumentName: document, ClientToken: token, Parameters: asSent(parameters) },
    ...(version !== undefined && { DocumentVersion: version }),
    Tags: [
      { Key: tokenTag(token), Value: effect.action },
      { Key: 'nightshift:incident', Value: incidentId },
    ],
  });
  const may = [
    { actions: ['ssm:StartAutomationExecution'], resources: definitionArns(document, hands) },
    { actions: ['ssm:AddTagsToResource'], resources: [arnIn(hands, 'ssm', 'automation-execution/*')] },
    { actions: ['iam:PassRole'], resources: passedRoles(automation, hands) },
  ];
  try {
    const order = { place: hands, effect, operation: 'ssm:StartAutomationExecution', may };
    const { AutomationExecutionId } = await actuator.acts({ ...order, make: ssmClient, send: (ssm) => ssm.send(command) });
    return AutomationExecutionId;
  } catch (error) {
    // An execution of this token is there by AWS's own word, so that it did not fail: it is looked for, and never begun again.
    if (causeName(error) !== 'IdempotentParameterMismatch') throw error;
    const why = `an automation was started with the token ${token} before, with another document, version or parameters: the configuration has changed since`;
    throw new NightshiftError('ambiguous_effect', `${why}; look for the tag ${tokenTag(token)} in Systems Manager`, [], { cause: error });
  }
}

async function stop({ actuator }: AwsHandsDeps, hands: AwsHands, effect: Effect, id: string): Promise<void> {
  const { StopAutomationExecutionCommand } = await import('@aws-sdk/client-ssm');
  const command = new StopAutomationExecutionCommand({ AutomationExecutionId: id, Type: 'Cancel' });
  const may = [{ actions: ['ssm:StopAutomationExecution'], resources: [arnIn(hands, 'ssm', `automation-execution/${id}`)] }];
  try {
    await actuator.acts({ place: hands, effect, operation: 'ssm:StopAutomationExecution', may, make: ssmClient, send: (ssm) => ssm.send(command) });
  } catch (error) {
    // It has ended already, or ends.
    if (causeName(error) !== 'InvalidAutomationStatusUpdateException') throw error;
  }
}

/**
 * The execution that bears the token. What a filter by the key of a tag finds is not said by AWS's reference, so that whatever it finds is asked for its tags, and where it finds nothing so is
 * every execution of the document since. The first has no begin, for a store that was restored does not know when it was.
 */
async function idOf(clients: AwsClients<Ssm>, hands: AwsHands, effect: Effect): Promise<ReturnType<typeof onlyOne>> {
  const tagged = await bearing(clients, hands, effect, { filters: [{ Key: 'TagKey', Values: [tokenTag(effect.token)] }], most: MOST_OF_TOKEN });
  if (tagged.length > 0) return onlyOne(tagged, effect.token);
  // Not by its document, which the configuration may name otherwise by now.
  const since = { Key: 'StartTimeAfter', Values: [wholeSeconds(searchFrom(effect))] } as const;
  return onlyOne(await bearing(clients, hands, effect, { filters: [since], most: Infinity }), effect.token);
}

interface Search {
  readonly filters: readonly { readonly Key: NonNullable<AutomationExecutionFilter['Key']>; readonly Values: readonly string[] }[];
  /** No more pages are read after so many. */
  readonly most: number;
}

async function bearing(clients: AwsClients<Ssm>, hands: AwsHands, { token }: Effect, { filters, most }: Search): Promise<readonly string[]> {
  const { DescribeAutomationExecutionsCommand } = await import('@aws-sdk/client-ssm');
  const Filters = filters.map(({ Key, Values }) => ({ Key, Values: [...Values] }));
  let count = 0;
  const ids = await wholeList(async (NextToken) => {
    const command = new DescribeAutomationExecutionsCommand({ Filters, MaxResults: PAGE, NextToken });
    const answer = await clients.ask(hands, 'ssm:DescribeAutomationExecutions', (ssm) => ssm.send(command)).catch(most === Infinity ? asIs : noneWhereRefused);
    const items = (answer.AutomationExecutionMetadataList ?? []).flatMap(({ AutomationExecutionId: id }) => id ?? []);
    count += items.length;
    return { items, next: count > most ? undefined : answer.NextToken };
  });
  const ours: string[] = [];
  for (const id of new Set(ids)) if (await bears(clients, hands, id, token)) ours.push(id);
  return ours;
}

/** A filter that is not taken finds nothing; the next search is made. */
function noneWhereRefused(error: unknown): DescribeAutomationExecutionsResult {
  if (/^InvalidFilter(?:Key|Value)$/.test(causeName(error))) return {};
  throw error;
}

/** The last search has to tell. */
function asIs(error: unknown): never {
  throw error;
}

async function bears(clients: AwsClients<Ssm>, hands: AwsHands, id: string, token: string): Promise<boolean> {
  const { ListTagsForResourceCommand } = await import('@aws-sdk/client-ssm');
  try {
    const command = new ListTagsForResourceCommand({ ResourceType: 'Automation', ResourceId: id });
    const { TagList = [] } = await clients.ask(hands, 'ssm:ListTagsForResource', (ssm) => ssm.send(command));
    return TagList.some(({ Key }) => Key === tokenTag(token));
  } catch (error) {
    // Its tags are not there yet.
    if (causeName(error) === 'InvalidResourceId') return false;
    throw error;
  }
}

async function sighting(clients: AwsClients<Ssm>, hands: AwsHands, id: string): Promise<Sighting> {
  const { GetAutomationExecutionCommand } = await import('@aws-sdk/client-ssm');
  try {
    const command = new GetAutomationExecutionCommand({ AutomationExecutionId: id });
    const { AutomationExecution: execution = {} } = await clients.ask(hands, 'ssm:GetAutomationExecution', (ssm) => ssm.send(command));
    return automationFinding(seenOf(id, execution));
  } catch (error) {
    if (causeName(error) === 'AutomationExecutionNotFoundException') return { state: 'in-progress', detail: `the automation ${id} is not visible yet` };
    throw error;
  }
}

function seenOf(id: string, execution: AutomationExecution): AutomationSeen {
  const { DocumentName = '', AutomationExecutionStatus: status = '', ExecutionEndTime, FailureMessage, Outputs = {}, StepExecutions = [] } = execution;
  const steps = StepExecutions.map(({ StepName = '', Action = '', StepStatus = '', FailureMessage: failure }) => ({
    ...{ name: StepName, action: Action, status: StepStatus },
    ...defined({ failure }),
  }));
  return { id, document: DocumentName, status, outputs: Outputs, steps, ...defined({ failure: FailureMessage, endedAt: ExecutionEndTime?.toISOString() }) };
}
