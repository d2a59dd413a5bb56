import { PassThrough } from 'node:stream';
import pino from 'pino';
import { harness } from './harness';
import { MemoryStore } from '../fakes/memory-store';

test('an error that is hidden from the caller stands in the log under the reference that the caller is given, and the key does not', async () => {
  const lines = new PassThrough();
  const store = new MemoryStore();
  store.killSwitch.halted = () => Promise.reject(new TypeError('the table has gone'));
  const { call } = await harness({ store, deps: { log: pino({ level: 'warn' }, lines) } });

  const answer = await call('viewer', 'GET', '/v1/halt');

  const log = String(lines.read());
  const told = JSON.parse(log.trim()) as { reqId: string; err: { message: string } };
  expect(answer.statusCode).toBe(500);
  expect(answer.json().detail).toContain(told.reqId);
  expect(told.err.message).toBe('the table has gone');
  expect(log).not.toContain('Bearer');
});
