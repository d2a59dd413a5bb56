import type { Command, CommandInvocation } from '@aws-sdk/client-ssm';
import { digestLabel, refusalOf } from '../../../domain/actions/allowed';
import { arnIn } from '../../../domain/aws/arn';
import type { AwsCommand, AwsHands } from '../../../domain/aws/hands';
import { placeText } from '../../../domain/aws/place';
import { commandFinding, instancesUnmet, targetsText, tokenComment } from '../../../domain/aws/ssm-command';
import type { CommandSeen, InstanceSeen, InvocationSeen } from '../../../domain/aws/ssm-command';
import { documentArn, documentText, filledParameters, namedIn, parametersText } from '../../../domain/aws/ssm-document';
import { defined } from '../../../domain/defined';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import type { AwsClients } from '../clients';
import { wholeList } from '../lookback/kind';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { causeName } from './outcome';
import { asSent, describeDocument, documentRefusal, ssmClient, ssmClients, wholeSeconds } from './ssm';
import type { Ssm } from './ssm';

const PAGE = 50;
/** Seconds in which a command reaches an instance at the latest; it takes no less. */
const LEAST_DELIVERY = 30;

/** Carries out `ssm.command`: the comment of a command is what it is found by. */
export function ssmCommand(deps: AwsHandsDeps): Carrier {
  const clients = ssmClients(deps.actuator);
  return awsCarrier('ssm.command', 'commands', {
    async look({ hands }, effect) {
      const { reference } = effect;
      const found = reference === undefined ? await commandsOf(clients, hands, effect) : await commandWith(clients, hands, reference);
      const [command, ...more] = found;
      if (more.length > 0) return { state: 'ambiguous', detail: `${found.map(({ id }) => id).join(' and ')} bear the comment ${tokenComment(effect.token)}` };
      if (command) return sighting(clients, hands, command);
      return reference === undefined ? { state: 'absent' } : { state: 'in-progress', detail: `the command ${reference} is not visible yet` };
    },
    act: ({ hands }, effect) => send(deps, hands, effect),
    async stop({ hands }, effect) {
      const ids = effect.reference === undefined ? (await commandsOf(clients, hands, effect)).map(({ id }) => id) : [effect.reference];
      for (const id of ids) await cancel(deps, hands, effect, id);
    },
    async unmet({ hands }, { inputs }) {
      const refused = refusalOf(() => asked(hands, inputs));
      if (refused !== undefined) return refused;
      const { command, parameters } = asked(hands, inputs);
      const document = await documentRefusal(clients, hands, { type: 'Command', automation: command, parameters });
      return document ?? instancesUnmet(command, await instancesOf(clients, hands, command));
    },
    async preview({ hands }, { inputs }) {
      const { command, parameters } = asked(hands, inputs);
      const found = await describeDocument(clients, hands, command);
      const what = typeof found === 'string' ? command.document : documentText(command, found);
      const where = targetsText(command, await instancesOf(clients, hands, command));
      return `sends ${digestLabel(command)} the command ${what} in ${placeText(hands)}${parametersText(parameters)} to ${where}`;
    },
  });
}

function asked(hands: AwsHands, inputs: Readonly<Record<string, string>>) {
  const command = namedIn('commands', hands, inputs);
  return { command, parameters: filledParameters('commands', command, inputs) };
}

async function send({ actuator }: AwsHandsDeps, hands: AwsHands, effect: Effect): Promise<string | undefined> {
  const { command, parameters } = asked(hands, effect.inputs);
  const { document, version, instances, concurrency = '1', errors = '0' } = command;
  const { SendCommandCommand } = await import('@aws-sdk/client-ssm');
  const sent = new SendCommandCommand({
    ...{ DocumentName: document, Parameters: asSent(parameters), Comment: tokenComment(effect.token), MaxConcurrency: concurrency, MaxErrors: errors },
    ...(version !== undefined && { DocumentVersion: version }),
    ...('tag' in instances ? { Targets: [{ Key: `tag:${instances.tag.key}`, Values: [instances.tag.value] }] } : { InstanceIds: [...instances.ids] }),
    // An instance that comes back hours later must not find it.
    TimeoutSeconds: Math.max(LEAST_DELIVERY, Math.ceil(effect.timeoutMs / 1000)),
  });
  const may = [{ actions: ['ssm:SendCommand'], resources: [documentArn('document', document, hands), ...instanceArns(hands, command)] }];
  const order = { place: hands, effect, operation: 'ssm:SendCommand', may, make: ssmClient };
  const { Command: answer } = await actuator.acts({ ...order, send: (ssm) => ssm.send(sent) });
  return answer?.CommandId;
}

function instanceArns(hands: AwsHands, { instances }: AwsCommand): readonly string[] {
  // Which of them have the tag is said by the policy of the role.
  if ('tag' in instances) return [arnIn(hands, 'ec2', 'instance/*'), arnIn(hands, 'ssm', 'managed-instance/*')];
  return instances.ids.map((id) => (id.startsWith('mi-') ? arnIn(hands, 'ssm', `managed-instance/${id}`) : arnIn(hands, 'ec2', `instance/${id}`)));
}

async function cancel({ actuator }: AwsHandsDeps, hands: AwsHands, effect: Effect, id: string): Promise<void> {
  const { CancelCommandCommand } = await import('@aws-sdk/client-ssm');
  const command = new CancelCommandCommand({ CommandId: id });
  // IAM knows no resource for it. On a command that has ended it does nothing.
  const may = [{ actions: ['ssm:CancelCommand'], resources: ['*'] }];
  await actuator.acts({ place: hands, effect, operation: 'ssm:CancelCommand', may, make: ssmClient, send: (ssm) => ssm.send(command) });
}

/** Commands whose comment is the token's. */
async function commandsOf(clients: AwsClients<Ssm>, hands: AwsHands, effect: Effect): Promise<readonly CommandSeen[]> {
  const { ListCommandsCommand } = await import('@aws-sdk/client-ssm');
  // Not by its document, which the configuration may name otherwise by now.
  const Filters = [{ key: 'InvokedAfter' as const, value: wholeSeconds(searchFrom(effect)) }];
  const commands = await wholeList(async (NextToken) => {
    const answer = await clients.ask(hands, 'ssm:ListCommands', (ssm) => ssm.send(new ListCommandsCommand({ Filters, MaxResults: PAGE, NextToken })));
    return { items: answer.Commands ?? [], next: answer.NextToken };
  });
  return commands.filter(({ Comment }) => Comment === tokenComment(effect.token)).map(commandSeen);
}

/** None while it is not visible yet. */
async function commandWith(clients: AwsClients<Ssm>, hands: AwsHands, id: string): Promise<readonly CommandSeen[]> {
  const { ListCommandsCommand } = await import('@aws-sdk/client-ssm');
  try {
    const { Commands = [] } = await clients.ask(hands, 'ssm:ListCommands', (ssm) => ssm.send(new ListCommandsCommand({ CommandId: id })));
    return Commands.map(commandSeen);
  } catch (error) {
    if (causeName(error) === 'InvalidCommandId') return [];
    throw error;
  }
}

async function sighting(clients: AwsClients<Ssm>, hands: AwsHands, command: CommandSeen): Promise<Sighting> {
  const { ListCommandInvocationsCommand } = await import('@aws-sdk/client-ssm');
  const invocations = await wholeList(async (NextToken) => {
    const asks = new ListCommandInvocationsCommand({ CommandId: command.id, Details: true, MaxResults: PAGE, NextToken });
    const answer = await clients.ask(hands, 'ssm:ListCommandInvocations', (ssm) => ssm.send(asks));
    return { items: answer.CommandInvocations ?? [], next: answer.NextToken };
  });
  return commandFinding(command, invocations.map(invocationSeen));
}

function commandSeen({ CommandId = '', DocumentName = '', Status, StatusDetails, TargetCount = 0, RequestedDateTime }: Command): CommandSeen {
  const sentAt = (RequestedDateTime ?? new Date(0)).toISOString();
  const status = Status ?? '';
  return { id: CommandId, document: DocumentName, status, statusDetails: StatusDetails ?? status, targets: TargetCount, sentAt };
}

function invocationSeen({ InstanceId = '', Status, StatusDetails, CommandPlugins = [] }: CommandInvocation): InvocationSeen {
  const status = Status ?? '';
  const ends = CommandPlugins.flatMap(({ ResponseFinishDateTime }) => ResponseFinishDateTime?.toISOString() ?? []).sort();
  const output = CommandPlugins.map(({ Output = '' }) => Output).join('\n');
  return { instance: InstanceId, status, statusDetails: StatusDetails ?? status, output, ...defined({ endedAt: ends.at(-1) }) };
}

async function instancesOf(clients: AwsClients<Ssm>, hands: AwsHands, { instances }: AwsCommand): Promise<readonly InstanceSeen[]> {
  const { DescribeInstanceInformationCommand } = await import('@aws-sdk/client-ssm');
  const filter = 'tag' in instances ? { Key: `tag:${instances.tag.key}`, Values: [instances.tag.value] } : { Key: 'InstanceIds', Values: [...instances.ids] };
  const found = await wholeList(async (NextToken) => {
    const asks = new DescribeInstanceInformationCommand({ Filters: [filter], MaxResults: PAGE, NextToken });
    const answer = await clients.ask(hands, 'ssm:DescribeInstanceInformation', (ssm) => ssm.send(asks));
    return { items: answer.InstanceInformationList ?? [], next: answer.NextToken };
  });
  return found.map(({ InstanceId = '', PingStatus = '' }) => ({ id: InstanceId, ping: PingStatus }));
}
