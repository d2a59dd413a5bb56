import { defined } from '../domain/defined';
import type { AwsSource } from './schema-aws';
import type { AwsConfig } from './types';

const MINUTE_MS = 60_000;

/** What is read again and again; only what the file asks for. */
export function resolvePolled({ muteRules, serviceGraph }: AwsSource): Pick<AwsConfig, 'muteRules' | 'serviceGraph'> {
  return defined({ muteRules: every(muteRules, MINUTE_MS), serviceGraph: every(serviceGraph, 5 * MINUTE_MS) });
}

function every(section: { readonly every?: number | undefined } | undefined, usualMs: number): { readonly everyMs: number } | undefined {
  return section && { everyMs: section.every ?? usualMs };
}
