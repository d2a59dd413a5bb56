import { PortionSize } from '../../activities/stream-portions';

test('what is kept at once is halved by each failure, down to one record, and grows again when all goes well for a while', () => {
  const size = new PortionSize();
  expect([size.failed(), size.failed(), size.most.records]).toEqual([true, false, 25]);
  for (let i = 0; i < 10; i += 1) size.failed();
  expect(size.most.records).toBe(1);
  for (let i = 0; i < 20 * 7; i += 1) size.succeeded();
  expect([size.most.records, size.failed()]).toEqual([100, true]);
});

test('a failure begins the while anew', () => {
  const size = new PortionSize();
  size.failed();
  for (let i = 0; i < 19; i += 1) size.succeeded();
  size.failed();
  for (let i = 0; i < 19; i += 1) size.succeeded();
  expect(size.most.records).toBe(25);
});
