import { githubCarriers } from '../../adapters/github/carriers';
import { createExecutionActivities } from '../../activities/execution';
import type { AllowedGithub, AllowedWorkflow } from '../../domain/actions/allowed-github';
import type { Service } from '../../domain/inventory';
import type { Executed, PreparedStep } from '../../domain/steps';
import type { Carrier, Hands } from '../../ports/hands';
import { startGithub } from './github';
import type { FakeGithub } from './github';
import { MemoryStore } from './memory-store';

/** A service, a store and a GitHub whose clock goes on while something is waited for. */
export interface GithubHandsWorld {
  readonly github: FakeGithub;
  store: MemoryStore;
  readonly clock: { now(): number };
  /** Lets time go by. */
  wait(ms: number): void;
  /** Called at every pause, after the clock has gone on. */
  paused: () => void;
  /** What of the configuration is other than usual. */
  over: Partial<AllowedGithub>;
  namesRuns: boolean;
  carrier(action: 'github.rerun-failed-jobs' | 'github.dispatch'): Carrier;
  intend(token?: string): Promise<void>;
  /** One attempt of the activity `execute`. */
  execute(step: Pick<PreparedStep, 'action' | 'inputs'> & Partial<PreparedStep>): Promise<Executed>;
  /** Attempts until one is answered, as Temporal makes them; the errors of those that are not. */
  insist(step: Parameters<GithubHandsWorld['execute']>[0]): Promise<{ readonly executed: Executed; readonly errors: readonly string[] }>;
}

export const TARGET = { provider: 'local', partition: 'local', account: 'here', region: 'local', kind: 'service', id: 'shop' };
export const SHOP: Service = {
  ...{ name: 'shop', environment: 'prod', tier: 'critical', dependsOn: [] },
  hands: { kind: 'supervisor', url: 'http://127.0.0.1:9', target: TARGET },
};
export const DEPLOY: AllowedWorkflow = {
  ...{ name: 'deploy', file: 'deploy.yml', ref: 'main', inputs: { release: '{release}', why: 'incident {incident}' }, tokenInput: 'intent' },
  ...{ parameters: { release: { type: 'string', description: 'Which.', pattern: 'v[0-9]+' } }, scope: {} },
};
const START = Date.UTC(2026, 10, 22, 12);

/** Starts one. */
export async function githubHandsWorld(): Promise<GithubHandsWorld> {
  const github = await startGithub('acme/shop');
  [github.token] = ['a-token-of-github'];
  let now = START;
  const clock = { now: () => now };
  github.actions.now = clock.now;
  github.actions.workflows.set('deploy.yml', { inputs: ['release', 'why', 'intent'], shows: 'intent' });
  const world: GithubHandsWorld = {
    ...{ github, store: new MemoryStore(), clock, paused: () => undefined, over: {}, namesRuns: false },
    wait: (ms) => void (now += ms),
    carrier: (action) => {
      const allowed = { repository: github.repository, url: github.url, scope: {}, workflows: [DEPLOY], ...world.over };
      const access = { token: 'a-token-of-github', timeoutMs: 1_000, namesRuns: world.namesRuns };
      return githubCarriers({ github: allowed, access, state: world.store.state, clock })[action];
    },
    async intend(token = 'tok-1') {
      const intent = { token, incidentId: 'inc-a', round: 1, step: 'a', target: 'x', runbook: 'r', intendedAt: now };
      await world.store.intents.prepare([intent], () => []);
    },
    execute(given) {
      const step = { id: 'a', name: 'A', token: 'tok-1', timeoutMs: 600_000, ...given };
      const unused = { describe: async () => ({ account: 'here', region: 'local', releases: [], healthy: true }) };
      const { stop: _none, ...carrier } = world.carrier(step.action as 'github.dispatch');
      const hands: Hands = { ...carrier, ...unused };
      const pause = async (ms: number): Promise<void> => {
        now += ms;
        world.paused();
      };
      const { intents, killSwitch } = world.store;
      const deps = { intents, killSwitch, hands, inventory: { services: [SHOP] }, clock, heartbeat: () => undefined, beatEveryMs: 60_000, pause };
      return createExecutionActivities(deps).execute({ incidentId: 'inc-a', environment: 'prod', service: 'shop', target: TARGET, step });
    },
    async insist(step) {
      const errors: string[] = [];
      for (let attempt = 1; attempt < 6; attempt += 1) {
        try {
          return { executed: await world.execute(step), errors };
        } catch (error) {
          errors.push(String(error));
          now += 5_000;
        }
      }
      throw new Error(`it was never answered: ${errors.join('; ')}`);
    },
  };
  return world;
}
