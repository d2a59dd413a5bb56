import type { Benchmark } from '../benchmark';
import { benchKinesis } from './kinesis';
import type { KinesisResult } from './kinesis';

/** Reading of a stream of Kinesis beside what a shard lets be written. */
export const kinesisBenchmark: Benchmark = {
  about: `Records of a stream of Kinesis through the product's reader, from a fake of AWS in the same process into an embedded store: lines of a
subscription and points of a metric stream, of 1 and of 4 shards, beside what AWS lets be written to a shard. About 1 minute.`,
  temporal: false,
  async run({ tell }) {
    const result = await benchKinesis(tell);
    const failures = result.runs
      .filter(({ items, kept }) => kept !== items)
      .map(({ holds, items, kept }) => `Of ${String(items)} ${holds === 'logs' ? 'lines' : 'points'} ${String(kept)} are in the store.`);
    return { result, table: kinesisTable(result), failures };
  },
};

function kinesisTable({ runs, shardLimit }: KinesisResult): string {
  const row = (...cells: readonly (string | number)[]): string => `  ${cells.map((cell) => String(cell).padStart(13)).join('')}\n`;
  return [
    '\n',
    row('', 'shards', 'records/s', 'a shard', 'MB/s', 'of written', 'a CPU second'),
    ...runs.map((run) =>
      row(run.holds, run.shards, run.recordsPerSecond, run.recordsPerSecondAndShard, run.megabytesPerSecond, run.ofWritten, run.recordsPerCpuSecond),
    ),
    `  A shard takes ${String(shardLimit.writtenRecordsPerSecond)} records/s or ${String(shardLimit.writtenMegabytesPerSecond)} MB/s, and gives ${String(shardLimit.readMegabytesPerSecond)} MB/s in ${String(shardLimit.readsPerSecond)} reads.\n`,
  ].join('');
}
