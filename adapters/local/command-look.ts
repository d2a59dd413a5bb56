import type { CommandName } from '../../domain/command-hands';
import { parseCurrent, parseReleases, type CurrentState, type ReleaseEntry } from '../../domain/command-output';
import type { ServiceSight } from '../../domain/command-sighting';
import { defined } from '../../domain/defined';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { targetId, type Service } from '../../domain/inventory';
import type { MetricSource } from '../../ports/metrics';
import { commandHands, commandSpec, saidBy, withoutSecrets, type CommandEnvironments } from './command-context';
import { startCommand } from './run-command';

/** What looking at a service by its commands works with. */
export interface CommandLookDeps {
  readonly environments: CommandEnvironments;
  /** Tells when the process began, where `current` does not. */
  readonly metrics: MetricSource;
}

/** What `current` says, completed by the service's metrics; an empty state where there is no such command and the metrics tell nothing. Throws `unreachable`. */
export async function readCurrent(deps: CommandLookDeps, service: Service): Promise<CurrentState> {
  const text = await output(deps, service, 'current');
  const told: CurrentState = text === undefined ? {} : parseCurrent(text);
  if (told.startedAt !== undefined || told.instance !== undefined) return told;
  const samples = await deps.metrics.scrape(service);
  const starts = samples.flatMap((sample) => (sample.up && sample.startedAt !== undefined ? [sample.startedAt] : []));
  // As long as one instance does not answer, nobody knows whether the oldest of them is new.
  const startedAt = starts.length > 0 && starts.length === samples.length ? Math.min(...starts) : undefined;
  const release = told.release ?? samples.find((sample) => sample.release !== undefined)?.release;
  return { ...told, ...defined({ startedAt, release }) };
}

/** Release and process of a service now. Throws `unreachable`. */
export async function lookAt(deps: CommandLookDeps, service: Service): Promise<ServiceSight> {
  const { release, instance, startedAt } = await readCurrent(deps, service);
  return defined({ release, instance, startedAt });
}

/** What `releases` lists, newest first; nothing where there is no such command. Throws `unreachable`. */
export async function readReleases(deps: CommandLookDeps, service: Service): Promise<readonly ReleaseEntry[]> {
  const text = await output(deps, service, 'releases');
  return text === undefined ? [] : parseReleases(text);
}

/** Standard output of a command that only looks; undefined where the team gave none. */
async function output(deps: CommandLookDeps, service: Service, command: Extract<CommandName, 'current' | 'releases'>): Promise<string | undefined> {
  const spec = commandSpec(service, deps.environments, command);
  if (!spec) return undefined;
  const fail = (what: string): NightshiftError => new NightshiftError('unreachable', `the command ${command} of ${service.name} ${what}`);
  const running = await startCommand(spec).catch((error: unknown) => {
    throw fail(`could not be started: ${errorMessage(error)}`);
  });
  const end = await running.ended;
  if (end.cut !== undefined) throw fail(`was ended: ${end.cut}`);
  if (end.truncated) throw fail(`printed more than ${spec.maxBytes} bytes`);
  const environment = deps.environments[targetId(commandHands(service).target)];
  // What does not fit is quoted in errors, which people and histories see.
  if (end.code === 0) return withoutSecrets(end.stdout, environment);
  const said = saidBy(end, environment);
  throw fail(`ended with ${end.code === null ? `signal ${String(end.signal)}` : `code ${end.code}`}${said === '' ? '' : `: ${said}`}`);
}
