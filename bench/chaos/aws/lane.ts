import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { packageRoot } from '../../../config/package-root';
import { loadStartup } from '../../../config/startup';
import type { Environment, NightshiftConfig } from '../../../config/types';
import { keysOf } from '../../../test/fakes/aws/identity';
import { startFakeAws } from '../../../test/fakes/aws/server';
import type { FakeAws } from '../../../test/fakes/aws/server';
import { putRole } from '../../../test/fakes/aws/services/sts';
import { Closing } from '../../stage/closing';
import { startWorker } from './child';
import type { WorkerOptions, WorkerProcess } from './child';
import { ACTUATOR, configText, EXTERNAL_ID, OWN_ACCOUNT, REGION } from './config';
import type { AwsMutation } from './mutation';
import { outlooks } from './outlook';
import type { Outlooks } from './outlook';
import { CASES } from './scenarios';

/** Durations of the fake are so much shorter than those of AWS. */
const PACE = 0.01;

/** What a lane is opened with. */
export interface LaneOptions {
  /** Tells lanes of one Temporal server apart. */
  readonly environment: string;
  readonly address: string;
  readonly client: Client;
  /** URL of a new database; without it the worker's own process holds the store. */
  readonly databaseUrl: string | undefined;
  readonly mutation: AwsMutation | undefined;
  readonly env: Environment;
}

/** A fake AWS with a worker that can be killed; seeds run in it one after another. */
export class Lane {
  private constructor(
    readonly dir: string,
    readonly aws: FakeAws,
    readonly config: NightshiftConfig,
    readonly client: Client,
    readonly outlook: Outlooks,
    private worker: WorkerProcess,
    private readonly options: WorkerOptions,
    private readonly closing: Closing,
  ) {}

  /** Starts all of it. */
  static open(options: LaneOptions): Promise<Lane> {
    return Closing.guard(async (closing) => {
      const dir = await mkdtemp(join(tmpdir(), 'nightshift-chaos-'));
      const home = join(dir, 'home');
      await mkdir(home, { mode: 0o700 });
      const aws = await startFakeAws({ pace: PACE, pageSize: 10 });
      closing.add(() => aws.close());
      for (const { account } of CASES) {
        putRole(aws.place(REGION, account), { arn: `arn:aws:iam::${account}:role/${ACTUATOR}`, externalId: EXTERNAL_ID });
      }
      await writeFile(join(dir, 'nightshift.yaml'), configText({ home, environment: options.environment, endpoint: aws.endpoint }));
      const env = workerEnv(options);
      const { config } = loadStartup({ root: packageRoot(), env, cwd: dir, file: join(dir, 'nightshift.yaml') });
      const worker: WorkerOptions = { dir, env, args: [options.address, ...(options.mutation === undefined ? [] : [options.mutation])] };
      const lane = new Lane(dir, aws, config, options.client, outlooks(aws.endpoint), startWorker(worker), worker, closing);
      closing.add(() => lane.worker.kill());
      await lane.worker.ready;
      return lane;
    });
  }

  /** Kills the worker with SIGKILL and starts another; resolves once that one polls. */
  async kill(pauseMs: number, whileGone: () => Promise<void>): Promise<void> {
    await this.worker.kill();
    await delay(pauseMs);
    this.worker = startWorker(this.options);
    await Promise.all([this.worker.ready, whileGone()]);
  }

  /** Ends all of it; the folder stays when `keep`. */
  async close(keep: boolean): Promise<void> {
    await this.closing.close();
    if (!keep) await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function workerEnv({ databaseUrl, env }: LaneOptions): Environment {
  const { accessKeyId, secretAccessKey } = keysOf(OWN_ACCOUNT);
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _database, NIGHTSHIFT_PROFILE: _profile, NIGHTSHIFT_HOME: _home, ...ours } = env;
  return {
    ...ours,
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, CHAOS_EXTERNAL_ID: EXTERNAL_ID },
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
}
