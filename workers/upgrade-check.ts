import type { Connection } from '@temporalio/client';
import { Client, isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import pino from 'pino';
import { replayOpen } from '../adapters/temporal/replay';
import type { ReplayedWorkflow } from '../adapters/temporal/replay';
import { createClient } from '../cli/client';
import type { CliIo } from '../cli/deps';
import { EXIT } from '../cli/exit-codes';
import { loadClientSettings } from '../config/client';
import { packageRoot } from '../config/package-root';
import { loadStartup } from '../config/startup';
import type { Environment, NightshiftConfig } from '../config/types';
import { errorMessage, NightshiftError } from '../domain/errors';
import { plainText } from '../domain/plain-text';
import { connectClient, temporalPlace } from './connect';
import { installRuntime } from './system';
import { workerVersion, workflowCode } from './workflow-code';

/** What `nightshift upgrade check` is given. */
export interface UpgradeCheckOptions {
  readonly io: CliIo;
  readonly env: Environment;
  readonly cwd: string;
  readonly config?: string;
  readonly json: boolean;
}

/** Whether this code can carry on what is open. */
export interface UpgradeCheck {
  readonly safe: boolean;
  /** Version of this code. */
  readonly version: string;
  readonly temporal: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Open workflows that were looked at. */
  readonly open: number;
  readonly unsafe: readonly ReplayedWorkflow[];
}

/** Replays every open workflow of the running system against this code and says whether it is safe to deploy; changes nothing. Throws `unreachable`, and `invalid_config` where this code does not take the configuration. */
export async function upgradeCheck(options: UpgradeCheckOptions): Promise<number> {
  const place = { env: options.env, cwd: options.cwd, ...(options.config === undefined ? {} : { file: options.config }) };
  const { config } = loadStartup({ root: packageRoot(), ...place });
  const address = config.temporal.address ?? (await addressOfRunning(place));
  // The verdict says what the SDK would log of each failure.
  installRuntime(pino({ level: 'silent' }));
  const connection = await connectClient(temporalPlace(address, config.temporal));
  try {
    const found = await check(connection, address, config);
    options.io.stdout.write(options.json ? `${JSON.stringify(found)}\n` : `${lines(found).join('\n')}\n`);
    return found.safe ? EXIT.ok : EXIT.failed;
  } catch (error) {
    // A server that went away, or has no such namespace, says nothing about the code.
    const cause = error instanceof ServiceError ? error.cause : error;
    if (!isGrpcServiceError(cause) && !(error instanceof NamespaceNotFoundError)) throw error;
    const why = isGrpcServiceError(cause) ? cause.details : errorMessage(error);
    throw new NightshiftError('unreachable', `Temporal at ${address} did not tell what is open: ${why}`, [], { cause: error });
  } finally {
    await connection.close();
  }
}

/** The system at work, which may be of another version, knows the address of the Temporal server that it started. */
async function addressOfRunning(place: { readonly env: Environment; readonly cwd: string; readonly file?: string }): Promise<string> {
  const { temporalAddress } = await createClient(loadClientSettings(place)).status();
  if (temporalAddress !== undefined) return temporalAddress;
  throw new NightshiftError(
    'unreachable',
    'The system that runs does not say where its Temporal server is: name it in TEMPORAL_ADDRESS; its start printed it.',
  );
}

async function check(connection: Connection, address: string, { temporal }: Pick<NightshiftConfig, 'temporal'>): Promise<UpgradeCheck> {
  const { namespace, taskQueue } = temporal;
  const client = new Client({ connection, namespace });
  const unsafe: ReplayedWorkflow[] = [];
  let open = 0;
  for await (const replayed of replayOpen(client, taskQueue, workflowCode())) {
    open += 1;
    if (replayed.reason !== undefined) unsafe.push(replayed);
  }
  return { safe: unsafe.length === 0, version: workerVersion(), temporal: address, namespace, taskQueue, open, unsafe };
}

function lines({ safe, version, temporal, namespace, taskQueue, open, unsafe }: UpgradeCheck): string[] {
  const where = `on ${temporal} (namespace ${namespace}, task queue ${taskQueue})`;
  const told = unsafe.flatMap((each) => [
    `wrong  ${plainText(each.workflowId)} (${plainText([each.type, each.status, `run ${each.runId}`].filter((part) => part !== undefined).join(', '))})`,
    `       ${plainText(each.reason ?? '')}`,
  ]);
  const verdict = safe
    ? `Safe: ${open === 0 ? 'no workflow is open' : `this code (${version}) carries on ${every(open)}`} ${where}.`
    : `Not safe: this code (${version}) cannot carry on ${String(unsafe.length)} of ${String(open)} open workflow(s) ${where}. They would wait, without loss, until code runs that can.`;
  return [...told, plainText(verdict)];
}

function every(open: number): string {
  return open === 1 ? 'the one open workflow' : `all ${String(open)} open workflows`;
}
