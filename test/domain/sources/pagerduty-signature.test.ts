import { createHmac } from 'node:crypto';
import { isSignedByPagerDuty } from '../../../domain/sources/pagerduty-signature';

const bytes = new TextEncoder().encode('{"event":{"event_type":"pagey.ping","data":{"message":"Grüße"}}}');
const sign = (secret: string): string => `v1=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

test('one signature of several by one secret of several is enough, so that a secret can be changed while messages come in', () => {
  expect(isSignedByPagerDuty(bytes, sign('new'), ['new'])).toBe(true);
  expect(isSignedByPagerDuty(bytes, `${sign('old')},${sign('new')}`, ['new'])).toBe(true);
  expect(isSignedByPagerDuty(bytes, `${sign('old')}, ${sign('older')}`, ['new', 'older'])).toBe(true);
  expect(isSignedByPagerDuty(bytes, `v2=abc,${sign('new')}`, ['new'])).toBe(true);
});

test('no header, no secret, or the signature of somebody else is refused', () => {
  expect(isSignedByPagerDuty(bytes, undefined, ['new'])).toBe(false);
  expect(isSignedByPagerDuty(bytes, sign('new'), [])).toBe(false);
  expect(isSignedByPagerDuty(bytes, sign(''), [''])).toBe(false);
  expect(isSignedByPagerDuty(bytes, `${sign('old')},v1=,,`, ['new'])).toBe(false);
  expect(isSignedByPagerDuty(bytes, sign('new').replace('v1=', 'v2='), ['new'])).toBe(false);
  expect(isSignedByPagerDuty(bytes.slice(1), sign('new'), ['new'])).toBe(false);
});
