import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsChaosReport } from '../../../bench/chaos/aws/report';
import { ACTIONS } from '../../../bench/chaos/aws/scenarios';
import { makePlace } from './support';
import type { Place } from './support';

let place: Place;
beforeAll(() => {
  place = makePlace();
  // As root PostgreSQL runs as a user of its own, who has to come by here.
  for (const folder of [place.dir, place.tmp]) chmodSync(folder, 0o755);
});
afterAll(() => place.remove());

async function chaos(...args: readonly string[]): Promise<{ readonly code: number | null; readonly report: AwsChaosReport; readonly told: string }> {
  const program = place.run(join('dist', 'bench', 'chaos', 'main.js'), ['--target', 'aws', ...args, '--json']);
  const { code } = await program.ended;
  return { code, report: JSON.parse(program.stdout()) as AwsChaosReport, told: program.stderr() };
}

test('no action on AWS is doubled or lost by faults and kills of the worker, and a person is asked only where nothing shows', async () => {
  const { code, report, told } = await chaos('--seeds', '25');
  const good = { runs: 25, doubledEffects: 0, lostEffects: 0, stuck: 0, failures: [] };
  expect({ told, code, report }).toMatchObject({ code: 0, report: good });
  expect(Object.keys(report.byAction).sort()).toEqual([...ACTIONS].sort());
  expect(report.kills).toBeGreaterThan(15);
}, 300_000);

test.each(['random-token', 'no-search', 'retry-mutations'])(
  'with %s it fails',
  async (mutation) => {
    const { code, report } = await chaos('--seeds', '40', '--mutate', mutation);
    expect(code).toBe(1);
    expect(report.doubledEffects + report.lostEffects).toBeGreaterThan(0);
  },
  300_000,
);

test('it leaves no process behind', async () => {
  await place.empty();
  expect(place.processes()).toEqual([]);
}, 30_000);
