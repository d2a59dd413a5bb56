import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import { diagnose } from '../../domain/diagnose';
import { buildEvidence } from '../../domain/evidence-build';
import type { Service } from '../../domain/inventory';
import type { IncidentRanking } from '../../domain/runbook-match/incident-ranking';
import { sampleView } from '../fakes/incident-samples';
import { badRelease } from '../fakes/practice-faults';
import type { Harness } from './harness';
import { harness } from './harness';

const bundle = { ...buildEvidence(badRelease()), incidentId: 'inc-a', round: 1 };
const target = { provider: 'local', partition: 'local', account: 'local', region: 'local', kind: 'service', id: 'demo/bookshop' };
const bookshop: Service = {
  name: bundle.service,
  environment: bundle.environment,
  tier: 'standard',
  dependsOn: [],
  hands: { kind: 'supervisor', url: 'http://h', target },
};

/** A door with the built-in runbooks, and an incident of a bad release where `found` says what the diagnosis recorded. */
async function withIncident(verdict: 'determined' | 'undetermined'): Promise<Harness> {
  const { runbooks } = readCatalogue({ root: packageRoot() });
  const h = await harness({ deps: { inventory: { services: [bookshop] }, runbooks: { current: async () => runbooks, repository: async () => undefined } } });
  const { hypotheses, ruledOut, unknown } = diagnose(bundle, []);
  const diagnosis = { verdict, hypotheses, ruledOut, unknown, evidenceDigest: 'd', evidence: {}, onset: new Date(bundle.onset).toISOString() };
  const view = sampleView({ incidentId: 'inc-a', service: bundle.service, environment: bundle.environment, round: 1, diagnosis });
  await h.store.transitions.apply({
    incidentId: 'inc-a',
    view,
    records: [{ seq: 1, at: view.openedAt, actor: 'nightshift', kind: 'opened', summary: 'opened' }],
  });
  await h.store.evidence.freeze(bundle);
  return h;
}

test('a viewer sees which runbook would be proposed and why, and why others would not', async () => {
  const res = await (await withIncident('determined')).call('viewer', 'GET', '/v1/incidents/inc-a/runbooks');
  expect(res.statusCode).toBe(200);
  const { candidates, ...rest } = res.json<IncidentRanking>();
  expect(rest).toMatchObject({ incidentId: 'inc-a', cause: 'bad-release', suspect: 'bookshop' });
  expect(candidates[0]).toMatchObject({
    runbook: 'rollback-release',
    standing: 'first',
    reasons: expect.arrayContaining(['declared for bad-release']) as string[],
  });
  expect(candidates.find(({ runbook }) => runbook === 'rollback-deployment')).toMatchObject({
    standing: 'not',
    reasons: expect.arrayContaining(['not: needs hands.codedeploy, which bookshop does not have']) as string[],
  });
});

test('where the evidence names no cause, runbooks only resemble it', async () => {
  const res = await (await withIncident('undetermined')).call('viewer', 'GET', '/v1/incidents/inc-a/runbooks');
  const { candidates, cause } = res.json<IncidentRanking>();
  expect(cause).toBeUndefined();
  expect(new Set(candidates.map(({ standing }) => standing))).toEqual(new Set(['near']));
});

test('an incident that is not there is told', async () => {
  expect((await (await harness()).call('viewer', 'GET', '/v1/incidents/inc-z/runbooks')).json().code).toBe('not_found');
});
