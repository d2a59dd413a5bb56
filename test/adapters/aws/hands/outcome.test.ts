import { refusalOf } from '../../../../adapters/aws/hands/outcome';

const error = (name: string, status?: number, more: object = {}): Error =>
  Object.assign(new Error('told'), { name, ...(status !== undefined && { $metadata: { httpStatusCode: status } }), ...more });

test.each([
  ['a throttle', error('ThrottlingException', 400), 'not_begun'],
  ['too many at once', error('Anything', 429), 'not_begun'],
  ['a limit that passes', error('AutomationExecutionLimitExceededException', 400), 'not_begun'],
  ['a conflict with something else that is done', error('ConflictException', 400), 'not_begun'],
  ['a connection that was never made', error('Error', undefined, { code: 'ECONNREFUSED' }), 'not_begun'],
  ['a wrong input', error('InvalidDocument', 400), 'effect_failed'],
  ['a permission that is missing', error('AccessDeniedException', 400), 'effect_failed'],
  ['what is not there', error('DeploymentGroupDoesNotExistException', 404), 'effect_failed'],
  ['one of the 500s', error('InternalServerError', 500), undefined],
  ['a time-out', error('TimeoutError'), undefined],
  ['a connection that broke', error('Error', undefined, { code: 'ECONNRESET' }), undefined],
  ['an abort', error('AbortError'), undefined],
])('%s', (_what, given, code) => {
  expect(refusalOf(given, 'ssm:SendCommand in 111122223333/eu-central-1')?.code).toBe(code);
});

test('the time that a service asks to wait is kept', () => {
  const headers = (given: Record<string, string>): Error => error('ThrottlingException', 400, { $response: { headers: given } });
  expect(refusalOf(headers({ 'Retry-After': '7' }), 'x')?.retryAfterMs).toBe(7_000);
  expect(refusalOf(headers({ 'x-amz-retry-after': '250', 'retry-after': '7' }), 'x')?.retryAfterMs).toBe(250);
  expect(refusalOf(headers({ 'retry-after': 'soon' }), 'x')?.retryAfterMs).toBeUndefined();
});
