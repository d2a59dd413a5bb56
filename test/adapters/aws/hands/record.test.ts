import { beforeOf, mayHaveSent, sendBy } from '../../../../adapters/aws/hands/record';
import type { Snapshot } from '../../../../adapters/aws/hands/record';
import { NightshiftError } from '../../../../domain/errors';
import { MemoryStore } from '../../../fakes/memory-store';

const NAME = beforeOf({ token: 't-1' });
const unbegun = new NightshiftError('not_begun', 'no credentials in time');

test('what was not begun leaves a record that nothing was sent by', async () => {
  const { state } = new MemoryStore();
  await state.create(NAME, {});
  await expect(sendBy(state, NAME, { before: {}, first: true }, () => Promise.reject(unbegun))).rejects.toBe(unbegun);
  expect(mayHaveSent((await state.load(NAME)) as Snapshot)).toBe(false);
});

test.each([
  ['by its record', false],
  ['having seen as little', true],
])('an attempt that was held up, while another took over %s and sent, does not say that nothing was sent', async (_what, first) => {
  const { state } = new MemoryStore();
  await state.create(NAME, {});
  let fail: (error: Error) => void = () => undefined;
  const held = sendBy(state, NAME, { before: {}, first: true }, () => new Promise<never>((_resolve, reject) => (fail = reject)));
  // It has come as far as to its credentials.
  await new Promise(setImmediate);
  await sendBy(state, NAME, { before: {}, first }, () => Promise.resolve('exec-7'));
  fail(unbegun);
  await expect(held).rejects.toBe(unbegun);
  expect(mayHaveSent((await state.load(NAME)) as Snapshot)).toBe(true);
});

test('one that was held up before, and comes after another that sends, does not say so either', async () => {
  const { state } = new MemoryStore();
  await state.create(NAME, {});
  await sendBy(state, NAME, { before: {}, first: false }, () => Promise.resolve('exec-7'));
  await expect(sendBy(state, NAME, { before: {}, first: true }, () => Promise.reject(unbegun))).rejects.toBe(unbegun);
  expect(mayHaveSent((await state.load(NAME)) as Snapshot)).toBe(true);
});
