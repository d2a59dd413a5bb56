import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parsePrometheusText, parsePrometheusTypes } from '../adapters/local/prometheus-format';
import { readText } from '../adapters/local/http';
import type { CliIo, InitOptions } from '../cli/deps';
import { EXIT } from '../cli/exit-codes';
import { urlComplaint } from '../config/fields';
import { CONFIG_FILE } from '../config/load';
import { checkSource } from '../config/schema';
import { starterText } from '../config/starter';
import { defined } from '../domain/defined';
import { errorCode, errorMessage, NightshiftError } from '../domain/errors';
import { recognisedLines, recogniseMetrics } from '../domain/metric-conventions';
import type { RecognisedMetrics } from '../domain/metric-conventions';
import { plainText } from '../domain/plain-text';
import { readYaml } from '../domain/yaml-text';

const LOOK = { timeoutMs: 5_000, maxBytes: 4 * 1024 * 1024 } as const;

/** What `nightshift init` found at the metrics URL. */
interface Look {
  readonly metrics?: RecognisedMetrics;
  readonly lines: readonly string[];
}

/** Writes a first configuration; never over one that is there. Asks nothing, so that scripts can use it. */
export async function init(options: InitOptions & { readonly io: CliIo; readonly cwd: string }): Promise<number> {
  const { io, cwd, service, environment, metrics: metricsUrl, program } = options;
  const file = resolve(cwd, options.dir ?? '.', CONFIG_FILE);
  const complaint = metricsUrl === undefined ? undefined : urlComplaint(metricsUrl);
  if (complaint !== undefined) throw new NightshiftError('invalid_input', `The metrics URL ${complaint}.`);
  const look: Look = metricsUrl === undefined ? { lines: ['no URL was given: add --metrics URL, or metrics.url later'] } : await lookAt(metricsUrl);
  const log = options.log === undefined ? undefined : resolve(cwd, options.log);
  const text = starterText(
    defined({ service, environment, metricsUrl, metrics: look.metrics, log, program, directory: dirname(file) === resolve(cwd) ? undefined : resolve(cwd) }),
  );
  const { problems } = checkSource(readYaml(text).value);
  if (problems.length > 0) throw new NightshiftError('invalid_input', 'From what was given no valid configuration can be written.', problems);
  writeFirst(file, text);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ file, service, environment, mode: 'observe', metrics: look.metrics ?? null, notes: look.lines })}\n`);
    return EXIT.ok;
  }
  const lines = [
    `Wrote ${file}`,
    `  service   ${environment}/${service}, observed: Nightshift says what it would do, and does nothing`,
    ...look.lines.map((line, i) => `  ${i === 0 ? 'metrics ' : '        '}  ${plainText(line)}`),
    ...(program ? [] : ['  hands     none yet: add hands.commands before it may do anything']),
    'Next: npx nightshift config check, npx nightshift doctor, then npm start.',
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

async function lookAt(url: string): Promise<Look> {
  let text: string;
  try {
    // A service that counts its scrapes shows that only from the second one on.
    await readText(url, LOOK);
    text = await readText(url, LOOK);
  } catch (error) {
    return { lines: [`${errorMessage(error)}. The usual names stand in the file; npx nightshift doctor looks again`] };
  }
  const metrics = recogniseMetrics(parsePrometheusText(text), parsePrometheusTypes(text));
  return { metrics, lines: recognisedLines(metrics) };
}

/** Writes a first configuration, never over one that is there. Throws `conflict` and `invalid_input`. */
export function writeFirst(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw isThere(file, error);
    if (code === 'ENOENT') throw new NightshiftError('invalid_input', `There is no folder for ${file}; make it first.`, [], { cause: error });
    if (errorCode(error) !== undefined) throw error;
    throw new NightshiftError('invalid_input', `${file} cannot be written: ${errorMessage(error)}`, [], { cause: error });
  }
}

/** The error for a configuration that is there already. */
export function isThere(file: string, cause?: unknown): NightshiftError {
  return new NightshiftError('conflict', `${file} is there already and is left as it is. Add your service to it, or choose another folder with --dir.`, [], {
    cause,
  });
}
