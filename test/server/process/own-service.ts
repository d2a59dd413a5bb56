import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '../../../cli/client';
import { packageRoot } from '../../../config/package-root';
import type { IncidentView } from '../../../domain/incident-view';
import { freePort } from '../../../workers/free-port';
import type { Doors } from '../../../workers/start';
import { startTemporalServer } from '../../../workers/temporal-server';
import type { TemporalServer } from '../../../workers/temporal-server';
import { openPage } from '../../docs/markdown';
import { until } from '../until';
import { MAIN, adminOf, doorsOf, endAtOnce, finished, makePlace } from './support';
import type { Finished, Place, Program } from './support';

/** A line of the service's own ledger: a call of `deploy` or `restart` begins or ends, or a release was deployed. */
export interface LedgerLine {
  readonly kind: 'deploy' | 'restart' | 'deployed';
  readonly state?: 'started' | 'done';
  readonly release: string | null;
  /** Of Nightshift's calls; a person's have none. */
  readonly token?: string | null;
}

/** What a command of the page is run with: the incident that `ID` stands for, words at its end, variables. */
export interface PageSetting {
  readonly id?: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Quotes, the service in Python; a Temporal server; and Nightshift as a process over the configuration that `init` wrote: all of it by the commands of docs/your-service.md. */
export interface OwnService {
  readonly place: Place;
  readonly configFile: string;
  /** Arguments of the control program up to its own command. */
  readonly program: readonly string[];
  readonly metricsUrl: string;
  readonly log: string;
  /** Runs a command of the page, which must stand there in these words, with folders, port and incident of the test; `more` is added at its end. */
  page(command: string, more?: PageSetting): Promise<Finished>;
  /** Commands of the page that were not run yet. */
  left(): readonly string[];
  /** Runs the control program as a person does. */
  ctl(...words: string[]): string;
  ledger(): readonly LedgerLine[];
  /** Requests that the service has counted. */
  requests(): Promise<number>;
  /** Calls of Nightshift's, by what began. */
  begun(): readonly LedgerLine[];
  /** More traffic, by customers who are all new or by those who come anyway, until the answer is called. */
  rush(perSecond: number, customers: 'new' | 'regular'): () => void;
  /** Runs a command of Nightshift's to its end. */
  nightshift(...words: string[]): Promise<Finished>;
  /** Changes the text of the configuration, as a person with an editor does; a text that is not there is a mistake. */
  edit(from: string, to: string): void;
  start(): Promise<void>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  api(): ApiClient;
  apiUrl(): string;
  incident(ready: (view: IncidentView) => boolean, ms?: number): Promise<IncidentView>;
  close(): Promise<void>;
}

const QUOTES = join(packageRoot(), 'examples', 'quotes');

/** Makes the place for it; service, customers and Nightshift are left to the test. */
export async function startOwnService(): Promise<OwnService> {
  const place = makePlace();
  const folder = join(place.dir, 'quotes');
  const program = ['python3', join(QUOTES, 'ctl.py'), '--dir', folder];
  const ctl = (...words: string[]): string => run([...program, ...words]);
  const port = await freePort();
  const temporal = await temporalFor(place);
  const others: ChildProcess[] = [];
  const page = openPage('docs/your-service.md');
  const configFile = join(place.dir, 'nightshift.yaml');
  const env = { NIGHTSHIFT_PROFILE: 'fast', TEMPORAL_ADDRESS: temporal.address };
  let running: Program | undefined;
  let doors: Doors;
  const api = (): ApiClient => adminOf(doors, join(place.dir, '.nightshift'));
  const ledger = (): LedgerLine[] =>
    readFileSync(join(folder, 'ledger.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerLine);
  const nightshiftWith = (more: Readonly<Record<string, string>>, words: readonly string[]): Promise<Finished> =>
    finished(place.run(MAIN, words, { ...env, ...more }));
  const start = async (): Promise<void> => {
    running = place.run(MAIN, ['start', '--json'], env);
    doors = await doorsOf(running);
  };
  const translated = (command: string, id: string): string[] =>
    command.split(/\s+/).map((word) => {
      const here = word.replace('/tmp/quotes', folder).replace('8000', String(port)).replace('examples/quotes', QUOTES);
      return here === 'ID' ? id : here;
    });
  return {
    left: () => page.left(),
    page: async (command, { id = '', words = [], env: more = {} } = {}) => {
      page.take(command);
      const [first = '', ...rest] = [...translated(command, id), ...words];
      if (command === 'npm start') await start();
      else if (rest.at(-1) === '&') others.push(customers([first, ...rest.slice(0, -1)]));
      else if (first === 'npx') return nightshiftWith(more, rest.slice(1));
      else return { code: 0, signal: null, stdout: run([first, ...rest], place.dir), stderr: '' };
      return { code: 0, signal: null, stdout: '', stderr: '' };
    },
    ...{
      place,
      configFile,
      program,
      ctl,
      start,
      nightshift: (...words: string[]) => nightshiftWith({}, words),
      apiUrl: () => doors.api,
      ledger,
      api,
      metricsUrl: `http://127.0.0.1:${String(port)}/metrics`,
      log: join(folder, 'quotes.log'),
    },
    requests: async () => {
      const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith('http_requests_total{handler="/quote"'));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    begun: () => ledger().filter((line) => line.state === 'started' && typeof line.token === 'string'),
    rush: (perSecond, who) => {
      const child = customers([...program, 'load', '--rate', String(perSecond), ...(who === 'new' ? ['--new-customers'] : [])]);
      others.push(child);
      return () => void child.kill('SIGKILL');
    },
    edit: (from, to) => {
      const text = readFileSync(configFile, 'utf8');
      if (!text.includes(from)) throw new Error(`the configuration does not hold ${from}:\n${text}`);
      writeFileSync(configFile, text.replaceAll(from, to));
    },
    stop: async (signal) => {
      running?.signal(signal);
      await running?.ended;
      running = undefined;
    },
    incident: (ready, ms) => newest(api, ready, ms),
    close: async () => {
      running?.signal('SIGTERM');
      await running?.ended;
      for (const child of others) child.kill('SIGKILL');
      // The service leads a session of its own, and is still there where a test failed before it was stopped.
      for (const pid of processesHolding(folder)) endAtOnce(pid);
      await temporal.stop();
      place.remove();
    },
  };
}

function temporalFor(place: Place): Promise<TemporalServer> {
  const program = process.env['NIGHTSHIFT_TEMPORAL_CLI'] ?? '';
  return startTemporalServer({ program, folder: join(place.dir, 'temporal'), namespace: 'default', ports: { grpc: 0, ui: 0 }, headless: true });
}

function processesHolding(text: string): number[] {
  const commandLine = (pid: number): string => spawnSync('cat', [`/proc/${String(pid)}/cmdline`], { encoding: 'utf8' }).stdout;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && commandLine(pid).includes(text));
}

function run([program = '', ...args]: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, USER: 'ann' },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

function customers([program = '', ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: 'ignore' });
}

async function newest(api: () => ApiClient, ready: (view: IncidentView) => boolean, ms = 60_000): Promise<IncidentView> {
  let last: IncidentView | undefined;
  const look = async (): Promise<IncidentView | undefined> => {
    const { incidents } = await api().incidents({ service: 'quotes', limit: 5 });
    last = incidents[0];
    return incidents.find(ready);
  };
  return until(look, 'an incident of quotes', ms).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${last ? `${last.incidentId} ${last.status} ${last.reason ?? ''}` : 'none'}`);
  });
}
