import { buildEvidence } from '../../domain/evidence-build';
import type { Plan } from '../../domain/steps';
import { provenAuthority } from '../attacks/support/authority';
import { makeLines } from '../fakes/bookshop-series';
import { badRelease } from '../fakes/practice-faults';
import { heardWorld } from './support/heard-world';

/** What is done about a bad release that may be taken back without an answer, while nobody measures what the service calls. */
async function planOf(lines: number): Promise<Plan> {
  const raw = badRelease();
  const told = makeLines('error', 46, 46 + lines, 1000, () => 'payments did not answer within 2000 ms');
  const bundle = buildEvidence({ ...raw, neighbours: [{ service: 'payments', samples: [] }], logs: [...(raw.logs ?? []), ...told] });
  return (await heardWorld(bundle, { mode: 'auto', authority: provenAuthority() }).run()).plan;
}

test('another cause that only the log speaks of changes no proposal, and has a person asked before it begins', async () => {
  expect(await planOf(0)).toMatchObject({ kind: 'propose', policy: { mode: 'auto' }, proposal: { runbook: { id: 'rollback-release' } } });
  const told = await planOf(10);
  expect(told).toMatchObject({ kind: 'propose', policy: { mode: 'approve' }, proposal: { runbook: { id: 'rollback-release' } } });
  expect(told).toHaveProperty(
    'policy.reason',
    expect.stringContaining('A person is asked all the same: bookshop complains about payments, which was not measured'),
  );
  expect(told).not.toHaveProperty('warrant');
});
