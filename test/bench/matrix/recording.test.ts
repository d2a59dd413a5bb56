import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recording } from '../../../bench/matrix/recording';
import { fileOf, packed, readRecordings, unpacked } from '../../../bench/matrix/recording';
import { scrapesOf } from '../../../bench/matrix/trace';
import { packageRoot } from '../../../config/package-root';
import { sampleOf } from './made';

const RECORDING: Recording = {
  head: {
    ...{ name: 'memory-leak-1', fault: 'memory-leak', about: 'a crawler', onset: 61_000, from: 1000, to: 121_000 },
    ...{ events: [{ at: 61_000, what: 'memory-leak' }], customers: { requests: 12, failed: 3 } },
  },
  samples: [sampleOf(1000, 5), sampleOf(2000, 9)],
  lines: [{ at: 61_500, level: 'error', message: 'memory guard' }],
};

test('a recording is read back as it was written', () => {
  expect(unpacked(packed(RECORDING), 'a file')).toEqual(RECORDING);
});

test.each([
  ['no gzip', Buffer.from('hello')],
  ['cut', packed(RECORDING).subarray(0, 60)],
])('a file that is %s is refused by its name', (_what, bytes) => {
  expect(() => unpacked(bytes, 'some/file.gz')).toThrow(/some\/file\.gz is no recording/);
});

test('a folder is read by name, and one without recordings is refused with what to do', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'nightshift-recordings-'));
  await expect(readRecordings(dir)).rejects.toThrow(/holds no recordings .* record some/);
  await writeFile(join(dir, fileOf(RECORDING.head)), packed(RECORDING));
  await expect(readRecordings(dir)).resolves.toEqual([RECORDING]);
  await rm(dir, { recursive: true });
});

test('each fault of the practice service was recorded three times, and health ten times, with errors only where the fault makes them', async () => {
  const all = await readRecordings(join(packageRoot(), 'bench', 'matrix', 'recordings'));
  for (const name of ['bad-release', 'memory-leak', 'dependency', 'two-releases', 'unknown'])
    expect(all.filter(({ head }) => head.fault === name).length).toBeGreaterThanOrEqual(3);
  expect(all.filter(({ head }) => head.fault === null).length).toBeGreaterThanOrEqual(10);
  for (const { head, samples } of all) {
    const errors = scrapesOf(samples.filter(({ at }) => at <= (head.onset ?? Infinity))).flatMap(({ routes }) =>
      Object.values(routes).map((route) => route.errors),
    );
    expect([head.name, Math.max(...errors)]).toEqual([head.name, 0]);
    expect(head.customers.requests).toBeGreaterThan(1000);
  }
});
