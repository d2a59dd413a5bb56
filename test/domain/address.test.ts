import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { addressKind, isAddress } from '../../domain/address';

test.each([
  ['127.0.0.1', 'private'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['::1', 'private'],
  ['[::1]', 'private'],
  ['fd12:3456::1', 'private'],
  ['::ffff:127.0.0.1', 'private'],
  ['::ffff:7f00:1', 'private'],
  ['169.254.169.254', 'forbidden'],
  ['::ffff:169.254.169.254', 'forbidden'],
  ['fd00:ec2::254', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['::', 'forbidden'],
  ['::7f00:1', 'forbidden'],
  ['64:ff9b::7f00:1', 'forbidden'],
  ['2002:7f00:1::', 'forbidden'],
  ['224.0.0.1', 'forbidden'],
  ['255.255.255.255', 'forbidden'],
  ['ff02::1', 'forbidden'],
  ['example.com', 'forbidden'],
  ['127.1', 'forbidden'],
  ['', 'forbidden'],
  ['8.8.8.8', 'public'],
  ['172.32.0.1', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
])('%s is %s', (text, kind) => {
  expect(addressKind(text)).toBe(kind);
});

test('it reads addresses as Node does', () => {
  const anyText = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string(),
    fc.ipV4().map((v4) => `::ffff:${v4}`),
    fc.ipV6().map((v6) => v6.replace(/:0:/, '::')),
  );
  fc.assert(
    fc.property(anyText, (text) => isAddress(text) === isIP(text) > 0),
    { numRuns: 2000 },
  );
});

test('it finds an address in a private network where Node does', () => {
  const list = new BlockList();
  for (const [net, bits] of [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['127.0.0.0', 8],
    ['100.64.0.0', 10],
  ] as const)
    list.addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of [
    ['fc00::', 7],
    ['::1', 128],
  ] as const)
    list.addSubnet(net, bits, 'ipv6');
  const privateV4 = fc.tuple(fc.constantFrom('10.', '172.', '192.168.', '127.', '100.'), fc.ipV4()).map(
    ([start, v4]) =>
      start +
      v4
        .split('.')
        .slice(start.split('.').length - 1)
        .join('.'),
  );
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    privateV4,
    privateV4.map((v4) => `::ffff:${v4}`),
    fc.ipV6().map((v6) => `fd${v6.replace(/^[^:]*/, '00')}`),
  );
  const known = address.filter((text) => text !== 'fd00:ec2::254');
  fc.assert(
    fc.property(known, (text) => list.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4') === (addressKind(text) === 'private')),
    { numRuns: 3000 },
  );
});
