import { availableParallelism } from 'node:os';
import { runRedact } from '../cli/commands/redact';
import type { ThreadsOf } from '../cli/commands/redact';
import { processIo } from '../cli/process-io';
import { processEnvironment, terminalSettings } from '../config/environment';
import { buildVersion } from '../config/version';
import { redactThreads } from './redact-threads';

const MOST_THREADS = 4;

// `nightshift redact` by itself. What reads our output may go away at any time, as with `| head`.
const io = processIo(process, terminalSettings(processEnvironment()).noColor, () => process.exit(0));
const threads = availableParallelism();
const threadsOf: ThreadsOf | undefined = threads > 1 ? (tagKey) => redactThreads(Math.min(MOST_THREADS, threads), { tagKey }) : undefined;
void runRedact({ io, version: buildVersion() }, process.argv.slice(2), threadsOf).then((code) => (process.exitCode = code));
