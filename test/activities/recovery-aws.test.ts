import { recoverStore } from '../../activities/recovery';
import { targetId } from '../../domain/inventory';
import { buildProposal } from '../../domain/propose';
import { loadCatalogue } from '../../domain/runbook-schema';
import type { Asked, HandsWorld } from '../adapters/aws/hands/world';
import { handsWorld } from '../adapters/aws/hands/world';
import { fillActuators } from '../fakes/aws/support/actuator-facts';

/** Five remedies, each a step of its own, all of one incident. */
const ASKED: readonly Asked[] = [
  { action: 'ssm.automation', inputs: { automation: 'restart' } },
  { action: 'ssm.command', inputs: { command: 'bounce' } },
  { action: 'lambda.alias' },
  { action: 'autoscaling.scale', inputs: { by: '+1' } },
  { action: 'ecs.service-deployment', inputs: { do: 'force-new' } },
];
const stepOf = ({ action }: Asked): string => action.replaceAll('.', '-');

let world: HandsWorld;
beforeEach(async () => {
  world = await handsWorld({
    automations: [{ name: 'restart', document: 'Restart-Service', parameters: { Service: ['web'] } }],
    commands: [{ name: 'bounce', document: 'AWS-RunShellScript', parameters: { commands: ['true'] }, instances: { tag: { key: 'app', value: 'shop' } } }],
    lambda: { function: 'checkout', alias: 'live' },
    autoscaling: { group: 'web' },
    ecs: { cluster: 'fleet', service: 'web' },
  });
  fillActuators(world.place);
});
afterEach(() => world.close());

test('a store from before five remedies looks at the world before anything else, and none of them is done a second time', async () => {
  const steps = ASKED.map((asked) => ({ ...asked, step: stepOf(asked) }));
  for (const asked of steps) expect([asked.action, (await world.execute(asked)).state]).toEqual([asked.action, 'done']);
  const done = world.aws.effects.entries.length;
  await turnBack(steps);
  const found = await recoverStore({
    ...{ store: world.store, hands: world.hands, runbooks, inventory: { services: [world.service] }, clock: world.clock, restoredState: 'restored' },
    memory: { open: async () => [], head: async () => undefined, recall: async () => undefined },
  });
  // What only the lost store could tell is a person's to settle.
  expect(found?.looked).toEqual({ done: 3, ambiguous: 2 });
  await world.store.killSwitch.set(false, 'ana', 'looked through', new Date(world.clock.now()).toISOString());
  const again = [];
  for (const asked of steps) again.push((await world.execute(asked)).state);
  expect(again).toEqual(['done', 'done', 'done', 'ambiguous', 'ambiguous']);
  expect(world.aws.effects.entries).toHaveLength(done);
});

const lines = ASKED.map((asked) => `{id: ${stepOf(asked)}, name: A step, uses: ${asked.action}, with: ${JSON.stringify(asked.inputs ?? {})}}`);
const { runbooks } = loadCatalogue([
  {
    file: 'r.yaml',
    text: `{id: a-runbook, version: 1, title: R, description: R, for: {causes: [bad-release]}, risk: low, reversible: false, steps: [${lines.join(', ')}]}`,
  },
]);

/** The store as it was before: the proposal and the intents are there, and nothing of what came of them. */
async function turnBack(steps: readonly (Asked & { readonly step: string })[]): Promise<void> {
  const { store, service } = world;
  const [runbook] = runbooks;
  if (!runbook || !service.hands) throw new Error('the runbook of the test has a mistake');
  store.intentRows.clear();
  store.saved.clear();
  const { target } = service.hands;
  const place = { incidentId: 'inc-a', round: 1, environment: 'production', service: 'shop', suspect: 'shop' };
  await store.proposals.saveRunbook(runbook);
  await store.proposals.saveProposal(buildProposal({ ...place, hypothesis: 'h', runbook, target, parameters: {} }));
  const rows = steps.map((asked) => {
    const { token, intendedAt } = world.effect(asked);
    return { token, incidentId: 'inc-a', round: 1, step: asked.step, target: targetId(target), runbook: 'a-runbook', intendedAt };
  });
  await store.intents.prepare(rows, () => []);
  await store.state.save('restored', { at: 0 });
}
