import { aliasState, shiftFinding, shiftTo } from '../../../domain/aws/alias-shift';
import type { AliasState } from '../../../domain/aws/alias-shift';

const canary = (version: string, weight: number): Pick<AliasState, 'canary'> => ({ canary: { version, weight } });
const before: AliasState = { version: '7', revision: 'r1', ...canary('8', 0.1) };
const shift = { before, wanted: { version: '7' } };

test.each<[string, AliasState, string | undefined, string]>([
  ['it is as it was', before, undefined, 'absent'],
  ['it is as it was, and the shift was accepted', before, 'r2', 'in-progress'],
  ['it is as wanted', { version: '7', revision: 'r2' }, undefined, 'done'],
  ['somebody moved the share meanwhile', { ...before, revision: 'r2', ...canary('8', 0.2) }, undefined, 'absent'],
  ['somebody moved the share after it was accepted', { ...before, revision: 'r3', ...canary('8', 0.2) }, 'r2', 'failed'],
  ['somebody put back what was', { ...before, revision: 'r3' }, undefined, 'failed'],
  ['somebody led it elsewhere', { version: '9', revision: 'r2' }, undefined, 'failed'],
])('where %s', (_what, now, accepted, state) => {
  expect(shiftFinding(shift, now, accepted).state).toBe(state);
});

test.each<[string, AliasState, string | undefined, string | undefined]>([
  ['a canary is taken back', before, undefined, '7'],
  ['a version is led to', before, '6', '6'],
  ['a canary becomes all', before, '8', '8'],
  ['there is nothing to take back', { version: '7', revision: 'r1' }, undefined, undefined],
  ['it leads there already', { version: '7', revision: 'r1' }, '7', undefined],
])('%s', (_what, now, to, version) => {
  expect(shiftTo(now, to)?.version).toBe(version);
});

test('a version without a share is none', () => {
  expect(aliasState({ FunctionVersion: '7', RevisionId: 'r1', RoutingConfig: { AdditionalVersionWeights: { 8: 0 } } })).toEqual({
    version: '7',
    revision: 'r1',
  });
});
