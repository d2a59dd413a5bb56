import { resolveAnchor } from '../../config/resolve-audit';
import { auditSchema } from '../../config/schema-audit';
import { Secrets } from '../../config/secrets';
import type { AnchorConfig } from '../../config/types';

const DAY = 86_400_000;
const ACCOUNT = { id: '123456789012', regions: ['eu-central-1', 'us-east-1'], environment: 'production' };

function resolved(anchor: unknown, accounts: readonly (typeof ACCOUNT)[] | undefined = [ACCOUNT]): { config: AnchorConfig | undefined; problems: string[] } {
  const secrets = new Secrets({}, '/');
  const config = resolveAnchor(auditSchema.parse({ anchor }).anchor, accounts, '/etc/nightshift', secrets);
  return { config, problems: secrets.problems.map(({ path, message }) => `${path} ${message}`) };
}

test('a folder lies beside the file, and gets a head each day', () => {
  expect(resolved({ folder: './anchors' }, undefined)).toEqual({
    config: { place: { folder: '/etc/nightshift/anchors' }, everyMs: DAY, retainMs: 365 * DAY },
    problems: [],
  });
});

test('a bucket is that of the first account and region, and locks for a year, unless it is said', () => {
  const { config } = resolved({ bucket: 'nightshift-audit' });
  expect(config).toMatchObject({ place: { bucket: 'nightshift-audit', prefix: 'nightshift', region: 'eu-central-1' }, everyMs: DAY, retainMs: 365 * DAY });
  expect(resolved({ bucket: 'nightshift-audit', region: 'us-east-1', role: 'nightshift-archive', every: '1h', retainDays: 3650 }).config).toMatchObject({
    place: { region: 'us-east-1', account: { role: { arn: 'arn:aws:iam::123456789012:role/nightshift-archive' } } },
    ...{ everyMs: 3_600_000, retainMs: 3650 * DAY },
  });
});

test.each([
  ['neither of both', {}, [ACCOUNT], 'audit.anchor needs either a folder or a bucket'],
  ['both', { folder: 'a', bucket: 'nightshift-audit' }, [ACCOUNT], 'audit.anchor needs either a folder or a bucket'],
  ['a folder that should lock', { folder: 'a', retainDays: 30 }, [ACCOUNT], 'audit.anchor.retainDays is of a bucket; a folder locks nothing'],
  ['a folder in an account', { folder: 'a', account: ACCOUNT.id }, [ACCOUNT], 'audit.anchor.account is of a bucket; a folder locks nothing'],
  [
    'another account',
    { bucket: 'nightshift-audit', account: '210987654321' },
    [ACCOUNT],
    'audit.anchor.account 210987654321 is not among aws.accounts; add it there',
  ],
])('%s is a problem', (_what, anchor, accounts, told) => {
  expect(resolved(anchor, accounts)).toEqual({ config: undefined, problems: [told] });
});

test('a bucket without accounts is a problem', () => {
  const secrets = new Secrets({}, '/');
  expect(resolveAnchor({ bucket: 'nightshift-audit' }, undefined, '/', secrets)).toBeUndefined();
  expect(secrets.problems).toMatchObject([{ path: 'audit.anchor.bucket', message: expect.stringContaining('needs aws.accounts') as string }]);
});
