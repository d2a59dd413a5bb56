import { fillArguments, type CommandName, type PlaceholderValues } from '../../domain/command-hands';
import { NightshiftError } from '../../domain/errors';
import { targetId, type CommandHands, type Service } from '../../domain/inventory';
import { clip, plainText } from '../../domain/plain-text';
import { redact, REDACTED } from '../../domain/redact';
import type { CommandEnd, CommandSpec } from './run-command';

/** Environment of the commands of one service: all variables that they get, and which of their values are secret. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Environments by the text form of a target. */
export type CommandEnvironments = Readonly<Record<string, CommandEnvironment>>;

/** What is looked at of a program's output when it is told to people. */
const TAIL_CHARACTERS = 8_000;
const LONGEST_SAID = 300;
/** A secret shorter than this would black out ordinary words. */
const LEAST_SECRET = 4;

/** The hands of a service whose inventory names commands. Throws `invalid_input` for any other. */
export function commandHands(service: Service): CommandHands {
  if (service.hands?.kind !== 'commands')
    throw new NightshiftError('invalid_input', `${service.name} has no commands in the inventory; add hands to act on it`);
  return service.hands;
}

/** One command of a service, ready to run; undefined where the team gave none of that name. */
export function commandSpec(
  service: Service,
  environments: CommandEnvironments,
  command: CommandName,
  values: PlaceholderValues & { readonly timeoutMs?: number } = {},
): CommandSpec | undefined {
  const hands = commandHands(service);
  const argv = hands.commands[command];
  if (!argv) return undefined;
  const { timeoutMs, ...given } = values;
  const all = { ...given, service: service.name, environment: service.environment };
  const own = Object.fromEntries(Object.entries(all).map(([name, value]) => [`NIGHTSHIFT_${name.toUpperCase()}`, value]));
  return {
    argv: fillArguments(argv, all),
    directory: hands.directory,
    environment: { ...environments[targetId(hands.target)]?.variables, ...own },
    timeoutMs: timeoutMs ?? hands.timeoutMs,
    maxBytes: hands.outputLimitBytes,
  };
}

/** Text without the secrets that a command was given. */
export function withoutSecrets(text: string, environment: CommandEnvironment | undefined): string {
  const secrets = (environment?.secrets ?? []).filter((secret) => secret.length >= LEAST_SECRET);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
}

/** The end of what a program said, for people: secrets removed, on one line. Standard error goes before standard output. */
export function saidBy(end: Pick<CommandEnd, 'stdout' | 'stderr'>, environment: CommandEnvironment | undefined): string {
  const text = end.stderr.trim() === '' ? end.stdout : end.stderr;
  const hidden = withoutSecrets(text, environment);
  // A line that is cut in two could leave half a secret, which nothing would recognise.
  const tail = hidden.length <= TAIL_CHARACTERS ? hidden : hidden.slice(-TAIL_CHARACTERS).replace(/^[^\n]*(\n|$)/, '');
  const said = plainText(redact(tail));
  return said.length <= LONGEST_SAID ? said : `…${clip([...said].slice(1 - LONGEST_SAID).join(''), LONGEST_SAID)}`;
}
