import pino from 'pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createAwsCarriers } from '../../../adapters/aws/hands/carriers';
import { createAwsHands } from '../../../adapters/aws/hands/describe';
import { processEnvironment } from '../../../config/environment';
import { packageRoot } from '../../../config/package-root';
import { loadStartup } from '../../../config/startup';
import type { NightshiftConfig } from '../../../config/types';
import type { ActionName } from '../../../domain/actions/table';
import { errorMessage } from '../../../domain/errors';
import type { Carrier, Hands } from '../../../ports/hands';
import type { Store } from '../../../ports/store';
import { connectTemporal } from '../../../workers/connect';
import { openStore } from '../../../workers/open-store';
import { localSenses } from '../../../workers/senses';
import { installRuntime } from '../../../workers/system';
import { createTemporalWorkers } from '../../../workers/temporal-worker';
import { allSnapshots } from './intent';
import { AWS_MUTATIONS, mutateActuator, mutateHands } from './mutation';
import type { AwsMutation } from './mutation';

/** `worker <config> <address of Temporal> [mutation]`: the workers of a process of Nightshift, without its doors and loops; says `ready` once it polls, and ends when its input does. */
async function main([file, address = '', mutation]: readonly string[]): Promise<void> {
  process.stdin.resume().once('end', () => process.exit(0));
  const log = pino({ level: 'warn' }, pino.destination(2));
  installRuntime(log);
  const env = processEnvironment();
  const { config } = loadStartup({ root: packageRoot(), env, cwd: process.cwd(), ...(file !== undefined && { file }) });
  const [store, connections] = await Promise.all([openStore(config), connectTemporal({ address })]);
  await Promise.all(allSnapshots().map((snapshot) => store.proposals.saveRunbook(snapshot)));
  const workers = await createTemporalWorkers(connections.native, {
    ...{ config, store, log, clock: { now: () => Date.now() }, metrics: new Registry(), onHeartbeat: () => undefined, stopping: new AbortController().signal },
    runbooks: { current: async () => [], repository: async () => undefined },
    senses: sensesOf(
      config,
      store,
      log,
      AWS_MUTATIONS.find((one) => one === mutation),
    ),
  });
  const running = workers.run();
  process.stdout.write('ready\n');
  await running;
}

function sensesOf(config: NightshiftConfig, { state }: Store, log: Logger, mutation: AwsMutation | undefined): ReturnType<typeof localSenses> {
  const { actions, commandEnvironments, aws } = config;
  const clock = { now: () => Date.now() };
  const senses = localSenses(clock, { state, actions, commandEnvironments, aws, log });
  if (mutation === undefined || !aws) return senses;
  const actuator = mutateActuator(aws, clock, mutation);
  const carriers: Partial<Record<ActionName, Carrier>> = createAwsCarriers({ actuator, clock, state });
  const own = createAwsHands(actuator);
  const of = (action: ActionName): Carrier => carriers[action] ?? senses.hands;
  const hands: Hands = {
    describe: (service) => own.describe(service),
    look: (service, effect) => of(effect.action).look(service, effect),
    act: (service, effect) => of(effect.action).act(service, effect),
    unmet: async (service, wanted) => of(wanted.action).unmet?.(service, wanted),
    preview: async (service, wanted) => of(wanted.action).preview?.(service, wanted),
  };
  return { ...senses, hands: mutateHands(hands, mutation) };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exit(1);
});
