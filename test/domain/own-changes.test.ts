import type { Change } from '../../domain/change';
import { isOwnChange, referencesIn } from '../../domain/own-changes';

const by = (author: string): Change => ({
  ...{ id: 'c', kind: 'deployment', environment: 'prod', service: 'shop', at: '2026-03-01T12:00:00.000Z', author, summary: 'Something.' },
});

test.each([
  ['nightshift', true],
  ['nightshift-0f8fad5b-d9cb-469f-a165-70867728950e', true],
  ['nightshift-deployer', false],
  ['ana@example.com', false],
])('a change by %s is our own: %s', (author, own) => {
  expect(isOwnChange(by(author))).toBe(own);
});

test('ids that others gave stand in the ids of what is told of them', () => {
  expect(referencesIn(['ssm:111122223333:eu-central-1:0f8fad5b-d9cb', 'd-ABCDEF123', 'a:b'])).toEqual([
    'ssm:111122223333:eu-central-1:0f8fad5b-d9cb',
    '111122223333',
    'eu-central-1',
    '0f8fad5b-d9cb',
    'd-ABCDEF123',
  ]);
});
