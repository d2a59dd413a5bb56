import { cleanText } from '../outside-text';
import type { SourceContext } from './source';

/** Longest name of a service or an environment. */
const LONGEST = 64;

/** Labels that usually name the service, the most telling first. */
export const SERVICE_LABELS = [
  'service',
  'service_name',
  'service.name',
  'servicename',
  'app.kubernetes.io/name',
  'app',
  'application',
  'deployment',
  'job',
] as const;

/** Labels that usually name the environment. */
export const ENVIRONMENT_LABELS = ['environment', 'env', 'deployment.environment.name', 'deployment.environment', 'deployment_environment', 'stage'] as const;

/** Configured services by the names that messages may have for them, for `SourceContext`. */
export function knownServices(services: readonly { readonly name: string }[]): SourceContext['services'] {
  return new Map(services.map(({ name }) => [name.toLowerCase(), name]));
}

/** The service that is meant: the first candidate that is known, or else the first that there is; `unknown` when nothing names one. */
export function serviceOf(candidates: readonly (string | undefined)[], { services }: SourceContext): string {
  const given = candidates.filter((candidate) => candidate !== undefined && candidate.trim() !== '') as readonly string[];
  const known = given.map((candidate) => services.get(candidate.trim().toLowerCase())).find((service) => service !== undefined);
  return known ?? given.map(nameOf).find((name) => name !== undefined) ?? 'unknown';
}

/** The environment that is meant, or the one of messages that name none. */
export function environmentOf(candidates: readonly (string | undefined)[], { environment }: SourceContext): string {
  return candidates.map((candidate) => (candidate === undefined ? undefined : nameOf(candidate))).find((name) => name !== undefined) ?? environment;
}

/** The values of these labels in their order. */
export function valuesOf(labels: Readonly<Record<string, unknown>>, names: readonly string[]): (string | undefined)[] {
  return names.map((name) => (Object.hasOwn(labels, name) && typeof labels[name] === 'string' ? labels[name] : undefined));
}

/** A name from outside as names are written in the configuration: in small letters, other characters become dashes. Undefined where nothing is left. */
export function nameOf(text: string): string | undefined {
  const name = cleanText(text, LONGEST * 4)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9._/-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, LONGEST);
  return name === '' ? undefined : name;
}
