import { USUAL_TYPES } from '../domain/aws/config-items';
import { defined } from '../domain/defined';
import type { AwsSource } from './schema-aws';
import type { AwsConfig } from './types';

const MINUTE_MS = 60_000;

/** What is read again and again; only what the file asks for. */
export function resolvePolled({ muteRules, serviceGraph, configuration }: AwsSource): Pick<AwsConfig, 'muteRules' | 'serviceGraph' | 'configuration'> {
  return defined({
    muteRules: muteRules && every(muteRules, MINUTE_MS),
    serviceGraph: serviceGraph && every(serviceGraph, 5 * MINUTE_MS),
    configuration: configuration && { ...every(configuration, 5 * MINUTE_MS), types: configuration.types ?? USUAL_TYPES },
  });
}

function every(section: { readonly every?: number | undefined }, usualMs: number): { readonly everyMs: number } {
  return { everyMs: section.every ?? usualMs };
}
