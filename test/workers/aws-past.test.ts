import { awsPastOf } from '../../workers/aws-past';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { useProfiles } from '../fakes/aws/profiles';

const SPAN = { from: Date.parse('2026-03-01T00:00:00Z'), to: Date.parse('2026-03-02T00:00:00Z') };
const [MINE, OTHER] = ['111122223333', '444455556666'];

let aws: FakeAws;
let restore: () => void;
beforeAll(async () => {
  aws = await startFakeAws();
  restore = useProfiles({ mine: MINE, other: OTHER });
});
afterAll(async () => {
  restore();
  await aws.close();
});

const configured = () => ({
  accounts: [
    { id: MINE, regions: ['eu-west-1', 'us-east-1'], environment: 'production', profile: 'mine' },
    { id: OTHER, regions: ['eu-west-1'], environment: 'staging', profile: 'other' },
  ],
  timeoutMs: 30_000,
  endpoint: aws.endpoint,
  scorers: [],
});

test('a profile and a region are enough: the account is that of its credentials', async () => {
  const reader = awsPastOf({ profile: 'other', regions: ['eu-west-1'] }, undefined, { AWS_ENDPOINT_URL: aws.endpoint });
  expect(aws.ledger.entries).toHaveLength(0);
  const { parts, notes } = await reader.estimate(SPAN);
  expect(notes).toEqual([]);
  expect(parts.map(({ part }) => part)).toContain(`${OTHER}/eu-west-1 trail 2026-03-01`);
  // By this its kept parts are told from those of other credentials.
  expect(await reader.identify?.()).toBe(`AWS ${OTHER}/eu-west-1`);
});

test('without a profile the accounts of the configuration are read, or those regions of them that are named', () => {
  expect(awsPastOf({ regions: [] }, configured(), {}).source).toBe(`AWS ${MINE}/eu-west-1 ${MINE}/us-east-1 ${OTHER}/eu-west-1`);
  expect(awsPastOf({ regions: ['us-east-1'] }, configured(), {}).source).toBe(`AWS ${MINE}/us-east-1`);
  expect(() => awsPastOf({ regions: ['ap-south-1'] }, configured(), {})).toThrow('No configured account has ap-south-1');
});

test('without a configuration the region must be named', () => {
  expect(() => awsPastOf({ profile: 'mine', regions: [] }, undefined, {})).toThrow('--region');
});

test('a profile that is not there is told as such', async () => {
  const reader = awsPastOf({ profile: 'nobody', regions: ['eu-west-1'] }, undefined, { AWS_ENDPOINT_URL: aws.endpoint });
  await expect(reader.estimate(SPAN)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('profile nobody, eu-west-1') as string,
  });
});

test('credentials are not sent to an address that is neither AWS nor this machine', () => {
  expect(() => awsPastOf({ regions: ['eu-west-1'] }, undefined, { AWS_ENDPOINT_URL: 'https://example.org' })).toThrow(
    expect.objectContaining({ code: 'invalid_config' }) as Error,
  );
});
