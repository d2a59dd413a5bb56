import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openWire } from '../../bench/load/wire';

const ASK = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\n\r\n';

test('a wire reads answers with a length, in chunks and without a body, and opens its connection again', async () => {
  const seen = new Set<unknown>();
  let asked = 0;
  const server = createServer((request, reply) => {
    seen.add(request.socket);
    asked += 1;
    if (asked === 1) reply.writeHead(202, { 'content-length': 2 }).end('{}');
    else if (asked === 2) reply.writeHead(200).write('part', () => reply.end('rest'));
    else if (asked === 3) reply.writeHead(503, { 'content-length': 0 }).end();
    else if (asked === 4) request.socket.destroy();
    else reply.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wire = openWire('127.0.0.1', (server.address() as AddressInfo).port);
  const answers: number[] = [];
  for (let i = 0; i < 5; i += 1) answers.push(await wire.ask(ASK));
  expect(answers).toEqual([202, 200, 503, 0, 204]);
  expect(seen.size).toBe(2);
  wire.close();
  await new Promise((resolve) => server.close(resolve));
});
