import type { InstanceInformation } from '@aws-sdk/client-ssm';
import type { Course } from '../course';
import { AwsError } from '../errors';
import type { Place } from '../world';
import { stateKey } from './support';

/** What a step or a command truly does, as the ledger of effects has it. */
export interface NamedEffect {
  /** Such as `service.restart`. */
  readonly kind: string;
  /** The parameter whose values it befalls; without it, the instance of a command, or the document. */
  readonly parameter?: string;
}

/** One step of a runbook of Systems Manager; its effect happens as it begins. */
export interface DocumentStep extends Course<'Success' | 'Failed' | 'TimedOut', Readonly<Record<string, readonly string[]>>> {
  readonly name: string;
  /** `aws:runCommand` where nothing is said; `aws:approve` and `aws:pause` wait for a signal. */
  readonly action?: string;
  readonly effect?: NamedEffect;
}

/** A document of Systems Manager. */
export interface SsmDocument {
  readonly name: string;
  readonly type: 'Automation' | 'Command';
  /** The last is the default; `1` where nothing is said. */
  readonly versions?: readonly string[];
  /** Its parameters and what they are where nothing is given; undefined: they must be given. */
  readonly parameters?: Readonly<Record<string, readonly string[] | null>>;
  /** What an automation does, one after another. */
  readonly steps?: readonly DocumentStep[];
  /** What a command does on each instance. */
  readonly command?: Omit<DocumentStep, 'name' | 'action'> & { readonly output?: string; /** Until its invocations are there. */ readonly dispatchMs?: number };
}

/** An instance that Systems Manager knows. */
export interface ManagedInstance extends InstanceInformation {
  readonly tags?: Readonly<Record<string, string>>;
}

export const DOCUMENTS = stateKey('documents', () => new Map<string, SsmDocument>());
export const INSTANCES = stateKey('managed instances', () => new Map<string, ManagedInstance>());

/** Adds a document, by its name. */
export function putDocument(place: Place, document: SsmDocument): void {
  place.state(DOCUMENTS).set(document.name, document);
}

/** Adds an instance, by its id; it is online where nothing is said. */
export function putInstance(place: Place, { tags, ...instance }: ManagedInstance): void {
  const usual = { PingStatus: 'Online', PlatformType: 'Linux', ResourceType: 'EC2Instance', AgentVersion: '3.3.0.0' } as const;
  place.state(INSTANCES).set(instance.InstanceId ?? '', { ...usual, LastPingDateTime: new Date(place.world.clock.now()), ...instance, ...(tags && { tags }) });
}

/** A document by its name or ARN. */
export function documentNamed(place: Place, name: string | undefined, type: SsmDocument['type']): SsmDocument | undefined {
  const document = anyDocument(place, name);
  return document?.type === type ? document : undefined;
}

/** A document of any type, by its name or ARN. */
export function anyDocument(place: Place, name = ''): SsmDocument | undefined {
  return place.state(DOCUMENTS).get(name.replace(/^arn:.*(document|automation-definition)\//, '').replace(/:.*$/, ''));
}

/** The version that is asked for; undefined where there is none. */
export function versionOf({ versions = ['1'] }: SsmDocument, asked = '$DEFAULT'): string | undefined {
  return asked === '$DEFAULT' || asked === '$LATEST' ? versions.at(-1) : versions.find((version) => version === asked);
}

/** What was given with what the document has for the rest; throws `error` on parameters that are unknown or missing. */
export function parametersOf(
  { parameters = {} }: SsmDocument,
  given: Readonly<Record<string, readonly string[]>> = {},
  error: string,
): Record<string, string[]> {
  const unknown = Object.keys(given).filter((name) => !(name in parameters));
  if (unknown.length > 0) throw new AwsError(error, `Parameters are not defined in the document: ${unknown.join(', ')}`);
  const missing = Object.keys(parameters).filter((name) => parameters[name] === null && given[name] === undefined);
  if (missing.length > 0) throw new AwsError(error, `Parameters have no values: ${missing.join(', ')}`);
  const usual = Object.entries(parameters).flatMap(([name, values]) => (values ? [[name, values] as const] : []));
  return Object.fromEntries([...usual, ...Object.entries(given)].map(([name, values]) => [name, [...values]]));
}

/** Checks that so many are asked for as the service gives. */
export function checkPage(size: number | undefined, least: number, most: number): void {
  if (size === undefined || (size >= least && size <= most)) return;
  throw new AwsError('ValidationException', `Value at 'maxResults' failed to satisfy constraint: it must be from ${String(least)} to ${String(most)}`);
}
