import { NightshiftError } from '../../domain/errors';
import type { Benchmark } from '../benchmark';
import { benchLogs } from './logs';
import { logsTable } from './table';

/** `bench logs`. */
export const LOGS: Benchmark = {
  about: `Templates of the log sets in --data (LogHub's CSV files with their truth) against plain Drain in the same run:
grouping and parsing accuracy, and lines a second of one thread. --out DIR: writes what it says of each line.
About 10 seconds.`,
  options: { data: { type: 'string' }, out: { type: 'string' } },
  temporal: false,
  async run({ options, tell }) {
    const { data, out } = options;
    if (typeof data !== 'string') throw new NightshiftError('invalid_input', '--data DIR is missing: a folder of *_2k.log_structured_corrected.csv files.');
    const result = await benchLogs({ data, tell, ...(typeof out === 'string' && { out }) });
    return { result, table: logsTable(result) };
  },
};
