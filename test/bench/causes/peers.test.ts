import { PEERS } from '../../../bench/causes/peers';
import { buildEvidence } from '../../../domain/evidence-build';
import { badRelease, unknownFault } from '../../fakes/practice-faults';

test('the newest change is blamed for anything, and nothing where there is none', () => {
  const bundle = buildEvidence(badRelease());
  expect(PEERS.newestChange(bundle)).toBe('bad-release');
  expect(PEERS.newestChange({ ...bundle, items: bundle.items.filter(({ kind }) => kind !== 'change') })).toBe('undetermined');
});

test('the loudest signal is the one that grew the most', () => {
  const bundle = buildEvidence(unknownFault());
  const loud = { id: 'E63', title: 't', kind: 'saturation', service: 'bookshop', resource: 'cache', before: 0.01, now: 0.99, rising: true } as const;
  const quiet = bundle.items.filter(({ kind }) => kind === 'saturation');
  expect(PEERS.loudestSignal({ ...bundle, items: [loud] })).toBe('resource-exhaustion');
  expect(PEERS.loudestSignal({ ...bundle, items: quiet })).toBe('undetermined');
});
