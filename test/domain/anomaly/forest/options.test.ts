import { errorCode } from '../../../../domain/errors';
import { forestBytes, forestSettings } from '../../../../domain/anomaly/forest/options';
import { ForestState } from '../../../../domain/anomaly/forest/state';
import { thrown } from './naive';

test('the memory that is told is the memory that is there', () => {
  for (const shape of [
    { dimensions: 1, trees: 1, sampleSize: 2 },
    { dimensions: 8, trees: 50, sampleSize: 256 },
  ]) {
    const { trees, samples, walks, random } = new ForestState(forestSettings({ ...shape, seed: 1 }));
    const arrays = [trees, samples, ...walks, random].flatMap((part) => Object.values(part)).filter((each) => ArrayBuffer.isView(each));
    const memory = new Set(arrays.map((array) => (array as Float64Array).buffer));
    const ofThePoint = 8 * shape.dimensions;
    expect(forestBytes(shape)).toBe([...memory].reduce((sum, { byteLength }) => sum + byteLength, ofThePoint));
  }
});

test('what is not told is what AWS takes', () => {
  expect(forestSettings({ dimensions: 2, seed: 7 })).toEqual({ dimensions: 2, seed: 7, trees: 50, sampleSize: 256, decay: 1 / 2560 });
});

test('everything that is wrong is said at once', () => {
  const error = thrown(() => forestSettings({ dimensions: 0, seed: -1, trees: 1.5, sampleSize: 1, decay: NaN }));
  expect(errorCode(error)).toBe('invalid_input');
  expect(error).toMatchObject({ problems: ['dimensions', 'trees', 'sampleSize', 'seed', 'decay'].map((path) => ({ path })) });
});

test('a forest of more than 1 GiB is refused', () => {
  expect(() => forestSettings({ dimensions: 10_000, seed: 1 })).toThrow('larger than 1 GiB');
});
