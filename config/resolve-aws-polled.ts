import { defined } from '../domain/defined';
import type { AwsSource } from './schema-aws';
import type { AwsConfig } from './types';

const MINUTE_MS = 60_000;

/** What is read again and again; only what the file asks for. */
export function resolvePolled({ muteRules }: AwsSource): Pick<AwsConfig, 'muteRules'> {
  return defined({ muteRules: muteRules && { everyMs: muteRules.every ?? MINUTE_MS } });
}
