import { createDiagnosisActivities } from '../../../../activities/diagnosis';
import { readCatalogue } from '../../../../config/catalogue';
import { defaultsOf } from '../../../../config/defaults';
import { packageRoot } from '../../../../config/package-root';
import type { AlertNote } from '../../../../domain/alert';
import { buildEvidence } from '../../../../domain/evidence-build';
import { joinAlerts } from '../../../../domain/incident-alerts';
import type { IncidentState } from '../../../../domain/incident-state';
import type { PolicyMode } from '../../../../domain/names';
import type { PredictedSeries } from '../../../../domain/prediction/prediction-alert';
import { lookAhead, NOTHING_PREDICTED } from '../../../../domain/prediction/prediction-watch';
import type { Proposal } from '../../../../domain/proposal';
import { renderRunbook } from '../../../../domain/runbook-render';
import type { Plan } from '../../../../domain/steps';
import type { AwsActionName } from '../../../../domain/actions/table';
import { calmRaw } from '../../../fakes/practice-faults';
import { putAutoScalingGroup } from '../../../fakes/aws/services/autoscaling-store';
import { HOUR, lookAt } from '../../../domain/prediction/samples';
import { handsWorld, NOW } from './world';
import type { HandsWorld } from './world';

const CONNECTIONS: PredictedSeries = {
  ...{ environment: 'production', service: 'shop', tier: 'critical', signal: 'saturation:connections', what: 'connections' },
  ...{ limit: { side: 'above', value: 0.99 }, fills: true },
};
const { runbooks } = readCatalogue({ root: packageRoot() });

let world: HandsWorld;
beforeEach(async () => {
  world = await handsWorld({ autoscaling: { group: 'web' } });
  putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 4, MaxSize: 20, DesiredCapacity: 4 } as never);
});
afterEach(() => world.close());

/** What the incident knows of the prediction that two looks at values to come make. */
function foretold(values: readonly number[]): readonly AlertNote[] {
  const before = lookAhead(NOTHING_PREDICTED, CONNECTIONS, lookAt(values));
  const { alerts } = lookAhead(before.state, CONNECTIONS, lookAt(values));
  const state = { service: 'shop', seen: [], alerts: [], alertCount: 0, severity: 'sev4' } as unknown as IncidentState;
  return joinAlerts(state, alerts, 10).added;
}

async function planned(alerts: readonly AlertNote[], mode: PolicyMode = 'approve'): Promise<Plan> {
  const { approvals, limits, brake } = defaultsOf('default');
  const bundle = { ...buildEvidence(calmRaw()), service: 'shop', environment: 'production' };
  const { assess } = createDiagnosisActivities({
    ...{ evidence: { read: async () => bundle }, proposals: world.store.proposals, inventory: { services: [world.service] } },
    policy: { rules: [{ mode }], approvals: { ...approvals, allowUnverified: true }, limits, brake, freezes: [] },
    ...{ runbooks: { current: async () => runbooks }, hands: world.hands, allowed: { commands: [], calls: [] }, clock: world.clock },
  });
  const asked = { incidentId: 'inc-a', round: 1, environment: 'production', service: 'shop', evidence: { digest: 'd', ids: [], onset: NOW } };
  return (await assess({ ...asked, alerts, attempts: [], maxHypotheses: 3 })).plan;
}

function proposalOf(plan: Plan): Proposal {
  if (!('proposal' in plan)) throw new Error(plan.reason);
  return plan.proposal;
}

async function carriedOut({ runbook, parameters }: Proposal): Promise<readonly unknown[]> {
  const snapshot = runbooks.find(({ hash }) => hash === runbook.hash);
  const { steps } = renderRunbook(snapshot?.runbook ?? runbooks[0]!.runbook, parameters);
  const done: unknown[] = [];
  for (const { uses, with: inputs } of steps) done.push((await world.execute({ action: uses as AwsActionName, inputs })).state);
  return done;
}

/** Sizes of the group and when they came, in minutes from the beginning. */
const sizes = () => world.aws.effects.of('autoscaling.capacity').map(({ at, detail }) => [(at - NOW) / 60_000, detail?.['to']]);

test('a shortage that is foretold is proposed to be met, shown in the names of the world, scales out at its time and back in afterwards', async () => {
  const plan = await planned(foretold([0.7, 0.8, 0.9, 0.97, 1.06, 1.2]));
  expect(plan).toMatchObject({
    kind: 'propose',
    proposal: {
      ...{ runbook: { id: 'schedule-capacity' }, parameters: { by: '+40%', at: '2026-03-01T14:45Z', until: '2026-03-01T17:30Z' }, reversible: true },
      preview: expect.arrayContaining([
        expect.stringMatching(
          /the Auto Scaling group web .* from 4 to 6 from 2026-03-01 14:45:00 UTC until 2026-03-01 17:30:00 UTC, then back to 4, with 4 running, as it has no scaling policy$/,
        ),
      ]) as string[],
    },
  });
  expect(await carriedOut(proposalOf(plan))).toEqual(['done']);
  expect(sizes()).toEqual([]);
  world.clock.advance(6 * HOUR);
  expect(sizes()).toEqual([
    [165, { min: 6, max: 20, desired: 6 }],
    [330, { min: 4, max: 20, desired: 4 }],
  ]);
});

test('one that is about to come is met at once, and ends all the same', async () => {
  const plan = await planned(foretold([1.06, 1.2]));
  expect(proposalOf(plan)).toMatchObject({ runbook: { id: 'schedule-capacity' }, parameters: { at: '2026-03-01T12:00Z' } });
  await carriedOut(proposalOf(plan));
  world.clock.advance(6 * HOUR);
  expect(sizes()).toEqual([
    [0, { min: 6, max: 20, desired: 6 }],
    [90, { min: 4, max: 20, desired: 4 }],
  ]);
});

test.each([
  ['auto', 'propose', 'approve'],
  ['approve', 'propose', 'approve'],
  ['suggest', 'suggest', 'suggest'],
] as const)('where policy says %s it is to %s, by the mode %s, as nothing is broken yet', async (mode, kind, asked) => {
  expect(await planned(foretold([1.06, 1.2]), mode)).toMatchObject({ kind, policy: { mode: asked } });
});

test('what the numbers of a prediction do not say, no text of it can', async () => {
  const [note] = foretold([1.06, 1.2]);
  const { shortage: _shortage, ...words } = note!;
  const said = { ...words, summary: 'by=+900% at=2026-03-01T12:00Z until=2026-03-09T12:00Z' };
  expect(await planned([said])).toMatchObject({ kind: 'escalate' });
});
