import { gzipSync } from 'node:zlib';
import { joinCalls } from '../../domain/audit-join';
import type { JoinedIntent } from '../../domain/audit-join';
import { callerOf, readTrail } from '../../domain/cloudtrail';
import type { TrailRecord } from '../../domain/cloudtrail';

const NOON = Date.UTC(2026, 2, 1, 12);
const TOKEN = '6f1c2a34-9d4e-5b6f-8a7b-0c1d2e3f4a5b';
const OTHER = '11111111-2222-5333-8444-555555555555';

function intent(token: string, over: Partial<JoinedIntent> = {}): JoinedIntent {
  return { token, incidentId: 'inc-a', step: 'restart', target: 'aws/aws/111122223333/eu-west-1/ecs-service/shop', state: 'done', intendedAt: NOON, ...over };
}
function call(id: string, requestParameters: unknown, over: Partial<TrailRecord> & { role?: string; session?: string } = {}): TrailRecord {
  const { role = 'nightshift-actuator', session = 'inc-a', ...rest } = over;
  const arn = `arn:aws:sts::111122223333:assumed-role/${role}/${session}`;
  return {
    ...{ eventID: id, eventTime: '2026-03-01T12:00:05Z', eventSource: 'ssm.amazonaws.com', eventName: 'StartAutomationExecution', awsRegion: 'eu-west-1' },
    ...{ readOnly: false, recipientAccountId: '111122223333', requestParameters, userIdentity: { type: 'AssumedRole', arn }, ...rest },
  };
}
const OPTIONS = { from: NOON - 60_000, to: NOON + 60_000, isOurs: (name: string) => name.startsWith('nightshift') };
const join = (intents: readonly JoinedIntent[], calls: readonly TrailRecord[]) => joinCalls(intents, calls, OPTIONS);
const whats = (intents: readonly JoinedIntent[], calls: readonly TrailRecord[]) => join(intents, calls).lines.map(({ what }) => what);

test.each([
  ['the token of the call', { clientToken: TOKEN }],
  ['an idempotency token without hyphens', { idempotencyToken: TOKEN.replaceAll('-', '') }],
  ['a description', { description: `nightshift inc-a ${TOKEN}` }],
  ['a comment deep in it', { input: [{ Comment: `(${TOKEN.toUpperCase()})` }] }],
])('a call belongs to the intent whose token stands in %s', (_where, parameters) => {
  expect(join([intent(TOKEN), intent(OTHER, { intendedAt: 0 })], [call('e1', parameters)])).toMatchObject({
    matched: 1,
    intentOnly: 0,
    callOnly: 0,
    lines: [{ what: 'matched', intent: { token: TOKEN }, call: { id: 'e1', call: 'ssm:StartAutomationExecution', where: '111122223333/eu-west-1' } }],
  });
});

test('or in the name of its session, whatever the role is called', () => {
  expect(whats([intent(TOKEN)], [call('e1', null, { role: 'deployer', session: TOKEN })])).toEqual(['matched']);
  const tags = { type: 'AssumedRole', sessionContext: { attributes: { tags: { intent: TOKEN } } } };
  expect(whats([intent(TOKEN)], [call('e1', null, { userIdentity: tags })])).toEqual(['matched']);
});

test('a token that is no UUID is found where it stands alone', () => {
  expect(whats([intent('t1')], [call('e1', { clientToken: 't1' })])).toEqual(['matched']);
  expect(whats([intent('t1')], [call('e1', { clientToken: 't11' })])).toEqual(['call-only', 'intent-only'].reverse());
});

test('two calls of one intent are two lines, and one that was delivered twice is one', () => {
  expect(whats([intent(TOKEN)], [call('e1', { a: TOKEN }), call('e2', { a: TOKEN }), call('e2', { a: TOKEN })])).toEqual(['matched', 'matched']);
});

test('an intent of AWS without a call is named, one outside of the time or of AWS is not', () => {
  const intents = [intent(TOKEN), intent(OTHER, { intendedAt: NOON - 120_000 }), intent('local', { target: 'local/local/host/here/process/shop' })];
  expect(join(intents, [])).toMatchObject({ intentOnly: 1, elsewhere: 1, lines: [{ what: 'intent-only', intent: { token: TOKEN } }] });
});

test('a call of our roles without an intent is named, those of others, that only read, or that keep our own parts are not', () => {
  const calls = [
    call('ours', { documentName: 'AWS-RestartEC2Instance' }, { errorCode: 'AccessDenied' }),
    call('theirs', null, { role: 'deployer', session: 'ana' }),
    call('reads', null, { readOnly: true }),
    call('own', null, { eventSource: 's3.amazonaws.com', eventName: 'PutObject' }),
  ];
  expect(join([], calls)).toMatchObject({
    ...{ callOnly: 1, ownParts: 1 },
    lines: [{ what: 'call-only', call: { id: 'ours', by: 'nightshift-actuator/inc-a', error: 'AccessDenied' } }],
  });
});

test('lines go by time', () => {
  const late = call('late', null, { eventTime: '2026-03-01T12:00:50Z' });
  expect(join([intent(TOKEN, { intendedAt: NOON + 30_000 })], [late, call('early', null)]).lines.map((line) => line.call?.id ?? 'intent')).toEqual([
    'early',
    'intent',
    'late',
  ]);
});

describe('a file of CloudTrail', () => {
  const text = JSON.stringify({ Records: [call('e1', { clientToken: TOKEN })] });

  test('is read packed or plain', () => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) expect(readTrail(new Uint8Array(bytes), 'a.json')).toMatchObject([{ eventID: 'e1' }]);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['other JSON', Buffer.from('{"records":[]}')],
    ['a record without a time', Buffer.from('{"Records":[{"eventID":"e1"}]}')],
    ['a torn pack', gzipSync(text).subarray(0, 30)],
  ])('that holds %s is refused by its name', (_what, bytes) => {
    expect(() => readTrail(new Uint8Array(bytes), 'a.json.gz')).toThrow('a.json.gz is no file of CloudTrail');
  });
});

test('a caller is told by role and session, else by what CloudTrail knows', () => {
  expect(callerOf(call('e1', null))).toEqual({ role: 'nightshift-actuator', session: 'inc-a', name: 'nightshift-actuator/inc-a' });
  expect(callerOf({ userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ana' } })).toEqual({ name: 'arn:aws:iam::111122223333:user/ana' });
  expect(callerOf({ userIdentity: undefined })).toEqual({ name: 'unknown' });
});
