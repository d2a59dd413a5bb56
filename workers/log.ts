import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redact, redactDeep } from '../domain/redact';

/** The log of a process, JSON on each line. Whatever is said, at any level, secrets are taken out of the whole line: a key may stand in an address or in an error's text. */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, hooks: { streamWrite: withoutSecrets } }, destination);
}

function withoutSecrets(line: string): string {
  try {
    return `${JSON.stringify(redactDeep(JSON.parse(line)))}\n`;
  } catch {
    return redact(line);
  }
}
