import { sagemakerScorer } from '../../../adapters/aws/sagemaker-scorer';
import { localScorer } from '../../../adapters/local/scorer';
import { PRESETS } from '../../../domain/anomaly/presets';
import { measureFile, measurePage } from '../../../domain/archive-export/measure-day';
import type { MeasureRow } from '../../../domain/detection/measure-row';
import { ServiceWatch } from '../../../domain/detection/service-watch';
import { seededRandom } from '../../../domain/seeded-random';
import { accessTo } from '../../fakes/aws/access';
import { startFakeAws } from '../../fakes/aws/server';
import { putEndpoint } from '../../fakes/aws/services/sagemaker';
import { MemoryMeasures } from '../../fakes/memory-measures';
import { MemoryStore } from '../../fakes/memory-store';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const ROW = 300_000;
const MIDNIGHT = Date.parse('2026-03-02T00:00:00Z');
const SHINGLE = 4;

/** Two days of rows from the middle of the first one on; at night nothing is measured, and some rows are not there at all. */
function rows(): MeasureRow[] {
  const random = seededRandom(5);
  const ends = Array.from({ length: 300 }, (_, i) => MIDNIGHT - 150 * ROW + i * ROW).filter((_, i) => i % 37 !== 0);
  return ends.map((at) => {
    const quiet = at > MIDNIGHT - 30 * ROW && at < MIDNIGHT + 10 * ROW && at !== MIDNIGHT;
    return { at, measures: [{ name: 'latencyP95Ms', kind: 'latency', value: quiet ? null : 100 + 1000 * random() ** 8 }] };
  });
}

test('each row of the export is what the endpoint is asked for the same row, to the last digit, over midnight and where nothing was measured', async () => {
  const aws = await startFakeAws({});
  putEndpoint(aws.place(REGION, ACCOUNT), { name: 'rcf', features: SHINGLE });
  const endpoints = [{ account: ACCOUNT, region: REGION, endpoint: 'rcf', measure: 'latencyP95Ms', shingle: SHINGLE, timeoutMs: 5000 }];
  const access = accessTo(aws, [{ id: ACCOUNT, regions: [REGION], environment: 'production' }]);
  const { state } = new MemoryStore();
  const log = { warn: () => undefined };
  const scorer = sagemakerScorer({ access, endpoints, local: localScorer(), state, clock: { now: () => 0 }, log });
  const watch = new ServiceWatch({ name: 'shop', environment: 'prod', tier: 'standard' }, { detector: PRESETS.default, alertsPerWeek: 1, minRequests: 1 });
  const asked = new Map<number, string>();
  for (const { at, measures } of rows()) {
    aws.ledger.clear();
    await scorer.judge(watch.values(measures, at));
    const [call] = aws.ledger.of('sagemaker.InvokeEndpoint');
    if (call) asked.set(at, Buffer.from((call.input as { Body: Uint8Array }).Body).toString('utf8'));
  }
  await aws.close();

  const history = new MemoryMeasures();
  await history.append(ROW, [{ environment: 'prod', service: 'shop', rows: rows() }]);
  const textOf = async (date: string): Promise<string> => {
    const { measures } = await measurePage(history, date, undefined, SHINGLE);
    return measures
      .flatMap((day) => measureFile(day, date, SHINGLE))
      .map(({ text }) => text)
      .join('');
  };
  const askedOn = (from: number): string => [...asked].flatMap(([at, body]) => (at > from && at <= from + 86_400_000 ? [body] : [])).join('');
  expect(await textOf('2026-03-02')).toBe(askedOn(MIDNIGHT));
  expect(await textOf('2026-03-01')).toBe(askedOn(MIDNIGHT - 86_400_000));
  expect((await textOf('2026-03-02')).split('\n').length).toBeGreaterThan(100);
});
