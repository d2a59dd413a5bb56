import { openEmbedded } from '../../../adapters/postgres/open';
import { transition } from './samples-of-data';

const STREAMS = ['inc-k1', 'inc-k2', 'inc-k3'];

/** Writes transitions until it is killed; says `open` and then a line for each one that was acknowledged. */
async function main(home: string): Promise<void> {
  const store = await openEmbedded({ home, channels: [{ channel: 'terminal' }] });
  process.stdout.write('open\n');
  const counts = new Map<string, number>();
  for (const stream of STREAMS) counts.set(stream, (await store.audit.read(stream)).length);
  await Promise.all(
    STREAMS.map(async (stream) => {
      for (let seq = (counts.get(stream) ?? 0) + 1; ; seq += 1) {
        const head = await store.transitions.apply(transition(stream, seq, seq, { notify: 'reminder' }));
        process.stdout.write(`${stream} ${head.count} ${head.hash}\n`);
      }
    }),
  );
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
