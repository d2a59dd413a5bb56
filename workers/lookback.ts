import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readPast } from '../activities/lookback';
import { lookbackFile } from '../adapters/local/lookback-file';
import { prometheusPast } from '../adapters/prometheus/past-reader';
import type { AwsLookback, LookbackOptions, LookedBack } from '../cli/deps';
import { stateFolder } from '../config/environment';
import { readText } from '../config/files';
import type { Startup } from '../config/startup';
import type { Environment } from '../config/types';
import { NightshiftError } from '../domain/errors';
import { formatDuration } from '../domain/duration';
import { lookBack } from '../domain/lookback/look-back';
import { assemblePast } from '../domain/lookback/past';
import type { Clock } from '../ports/clock';
import type { PastReader } from '../ports/lookback';

/** What a look back is run with. */
export interface LookbackSetting {
  readonly env: Environment;
  readonly clock: Clock;
  /** Loads the configuration, or the defaults where there is none. */
  readonly startup: () => Startup;
  readonly stopped: Promise<unknown>;
  /** Makes the reader of AWS; absent until there is one. */
  readonly aws?: (options: AwsLookback) => PastReader;
}

/** Environment of what names none. */
const ENVIRONMENT = 'production';

/** Reads the past and says what the engine would have made of it; undefined when the person stopped it. Needs no running system and changes nothing. */
export async function runLookback(options: LookbackOptions, setting: LookbackSetting): Promise<LookedBack | undefined> {
  const { env, clock, startup, stopped } = setting;
  const { config, catalogue } = startup();
  const plain = readerOf(options, setting);
  const source = (await plain.identify?.()) ?? plain.source;
  const reader = { ...plain, source: `${source} (${formatDuration(options.sinceMs)})` };
  const now = clock.now();
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  const kept = lookbackFile(
    options.resume ?? join(stateFolder(env), `lookback-${createHash('sha256').update(reader.source).digest('hex').slice(0, 12)}.jsonl`),
    clock,
  );
  const span = { from: now - options.sinceMs, to: now };
  const read = await readPast({ reader, kept, tell: options.tell, signal: stop.signal }, { span, maxUsd: options.maxUsd });
  if (read.state === 'stopped') return undefined;
  const { watchMs, evidence } = config.incidents;
  const zone = options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const settings = { environment: config.services[0]?.environment ?? ENVIRONMENT, zone, watchMs, lookbackMs: evidence.lookbackMs, quiet: config.alerts };
  const hands = { runbooks: catalogue, policy: config.policy, services: config.services };
  const report = lookBack(assemblePast(read.facts, read.span), { ...settings, ...hands }, { made: now, source, gaps: read.gaps, calls: read.calls });
  return { report, finish: read.finish };
}

function readerOf({ prometheus, alertmanager, severities, tokenFile, aws }: LookbackOptions, setting: LookbackSetting): PastReader {
  if (aws) {
    if (setting.aws) return setting.aws(aws);
    throw new NightshiftError(
      'invalid_input',
      'Looking back on AWS comes with the AWS adapter, which is not part of this version. --prometheus URL works now.',
    );
  }
  if (prometheus === undefined)
    throw new NightshiftError('invalid_input', 'Say what to look back on: --prometheus URL, with --alertmanager URL where there is one, or --aws.');
  const token = tokenFile === undefined ? undefined : tokenOf(tokenFile);
  const server = (url: string) => ({ url: url.replace(/\/+$/, ''), ...(token !== undefined && { authorization: `Bearer ${token}` }) });
  return prometheusPast({ prometheus: server(prometheus), severities, ...(alertmanager !== undefined && { alertmanager: server(alertmanager) }) });
}

function tokenOf(file: string): string {
  const token = readText(file).text?.trim();
  if (!token) throw new NightshiftError('invalid_input', `${file} holds no token, or cannot be read.`);
  return token;
}
