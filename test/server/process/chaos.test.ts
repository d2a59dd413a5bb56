import { join } from 'node:path';
import type { ChaosReport } from '../../../bench/chaos/report';
import { makePlace } from './support';
import type { Place } from './support';

let place: Place;
beforeAll(() => void (place = makePlace()));
afterAll(() => place.remove());

async function chaos(...args: readonly string[]): Promise<{ readonly code: number | null; readonly report: ChaosReport; readonly told: string }> {
  const program = place.run(join('dist', 'bench', 'chaos', 'main.js'), [...args, '--json']);
  const { code } = await program.ended;
  return { code, report: JSON.parse(program.stdout()) as ChaosReport, told: program.stderr() };
}

test('incidents whose system, supervisor or Temporal is killed come to their end with one effect each', async () => {
  const { code, report, told } = await chaos('--seeds', '5', '--from', '9');
  expect({ told, code, report }).toMatchObject({ code: 0, report: { runs: 5, completed: 5, doubledEffects: 0, lostIncidents: 0, failures: [] } });
  expect(Object.keys(report.killed).sort()).toEqual(['everything', 'supervisor', 'system', 'temporal']);
}, 400_000);

test.each(['no-intent', 'no-look'])(
  'with %s the same kill does it twice, and the harness says so',
  async (mutation) => {
    const { code, report } = await chaos('--seeds', '1', '--from', '11', '--mutate', mutation);
    expect({ code, report }).toMatchObject({ code: 1, report: { runs: 1, completed: 0, doubledEffects: 1, mutation } });
  },
  200_000,
);

test('it leaves no process behind', async () => {
  await place.empty();
  expect(place.processes()).toEqual([]);
}, 30_000);
