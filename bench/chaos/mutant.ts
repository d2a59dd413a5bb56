import { randomUUID } from 'node:crypto';
import { processIo } from '../../cli/process-io';
import { processEnvironment } from '../../config/environment';
import type { Hands } from '../../ports/hands';
import { localSenses, NO_STATE } from '../../workers/senses';
import { start } from '../../workers/start';
import { stopSignal } from '../../workers/stop-signal';

/** Ways to break what keeps an effect from happening twice, to prove that the harness would notice. */
export const MUTATIONS = ['no-intent', 'no-look'] as const;
/** One of the ways. */
export type Mutation = (typeof MUTATIONS)[number];

/** Hands that forget: without an intent each process makes a token of its own, without a look nothing is ever found that another process began. */
export function mutate(hands: Hands, mutation: Mutation): Hands {
  const own = new Map<string, string>();
  const acted = new Set<string>();
  if (mutation === 'no-intent') {
    const renamed = <T extends { readonly token: string }>(effect: T): T => {
      const token = own.get(effect.token) ?? randomUUID();
      own.set(effect.token, token);
      return { ...effect, token };
    };
    return {
      describe: (service) => hands.describe(service),
      look: (service, effect) => hands.look(service, renamed(effect)),
      act: (service, effect) => hands.act(service, renamed(effect)),
    };
  }
  return {
    describe: (service) => hands.describe(service),
    look: async (service, effect) => (acted.has(effect.token) ? hands.look(service, effect) : { state: 'absent' }),
    act: async (service, effect) => {
      acted.add(effect.token);
      await hands.act(service, effect);
    },
  };
}

/** `mutant <mutation> start --json --config FILE`: as `nightshift start`, with broken hands. */
async function main([mutation, ...args]: readonly string[]): Promise<number> {
  const known = MUTATIONS.find((one) => one === mutation);
  if (known === undefined) throw new Error(`There is no mutation ${mutation ?? ''}.`);
  const config = args[args.indexOf('--config') + 1];
  const { hands } = localSenses(
    { now: () => Date.now() },
    { state: NO_STATE, commandEnvironments: {}, actions: { commands: [], calls: [], environments: {}, headers: {}, secrets: [] } },
  );
  return start({
    ...{ io: processIo(process, true, () => process.exit(0)), env: processEnvironment(), cwd: process.cwd(), json: true, role: 'all', stopped: stopSignal() },
    ...(config === undefined ? {} : { config }),
    senses: { hands: mutate(hands, known) },
  });
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
    setTimeout(() => process.exit(), 200).unref();
  });
}
