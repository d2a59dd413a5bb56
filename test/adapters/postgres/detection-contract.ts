/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { MeasureState } from '../../../domain/detection/service-watch';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

const measures = (byte: number): MeasureState[] => [
  { measure: 'errorShare', condition: { firingSince: NOON, rows: 1, rowsSince: NOON + 1 }, watch: new Uint8Array([0, byte, 255]), silentMs: 60_000 },
  { measure: 'up', condition: { firingSince: null, rows: 0, rowsSince: 0 }, watch: new Uint8Array() },
];

/** What must hold of how far services are judged. */
export function detectionContract(getStore: () => Store): void {
  test('a group that was taken over is written by the last one only', async () => {
    const { detection } = getStore();
    const first = await detection.take('0/2');
    expect(first).toEqual({ epoch: 1 });
    await detection.advance('0/2', first.epoch, NOON);
    const second = await detection.take('0/2');
    expect(second).toEqual({ epoch: 2, judgedTo: NOON });
    await expect(detection.advance('0/2', first.epoch, NOON + 1)).rejects.toMatchObject({ code: 'conflict' });
    await expect(detection.checkpoint('0/2', first.epoch, 'prod/cart', { judgedTo: NOON, measures: [], feedback: 0 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await detection.restore('prod/cart')).toBeUndefined();
    await detection.advance('0/2', second.epoch, NOON + 60_000);
    expect(await detection.take('0/2')).toEqual({ epoch: 3, judgedTo: NOON + 60_000 });
    expect(await detection.judgedTo(['0/2'])).toBe(NOON + 60_000);
    expect(await detection.judgedTo(['0/2', '1/9'])).toBeUndefined();
  });

  test('a new group begins where the others are', async () => {
    const { detection } = getStore();
    expect(await detection.take('2/3')).toEqual({ epoch: 1, judgedTo: NOON + 60_000 });
  });

  test('a checkpoint comes back byte by byte, the newest one', async () => {
    const { detection } = getStore();
    const { epoch } = await detection.take('1/2');
    for (const byte of [1, 2]) await detection.checkpoint('1/2', epoch, 'prod/shop', { judgedTo: NOON + byte, measures: measures(byte), feedback: byte });
    expect(await detection.restore('prod/shop')).toEqual({ judgedTo: NOON + 2, measures: measures(2), feedback: 2 });
  });
}
