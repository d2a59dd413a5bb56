import type { CliIo } from './deps';

const DEFAULT_COLUMNS = 100;

/** The parts of a process that the command line talks over; Node's `process` fits. */
export interface ProcessStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The command line's terminal from a process. `noColor` is whether NO_COLOR is set; `onBrokenPipe` is called when the reader of stdout has gone, as with `| head`. */
export function processIo(streams: ProcessStreams, noColor: boolean, onBrokenPipe: () => void): CliIo {
  const { stdin, stdout, stderr } = streams;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    onBrokenPipe();
  });
  return {
    stdout,
    stderr,
    stdin,
    stdinIsTty: stdin.isTTY === true,
    stdoutIsTty: stdout.isTTY === true,
    stderrIsTty: stderr.isTTY === true,
    columns: stdout.columns > 0 ? stdout.columns : DEFAULT_COLUMNS,
    color: !noColor,
  };
}
