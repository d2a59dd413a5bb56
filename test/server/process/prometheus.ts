import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../../workers/free-port';
import { until } from '../until';

const PROMETHEUS = 'prometheus';
const ALERTMANAGER = 'prometheus-alertmanager';

/** Which of the two programs are not on this machine. */
export function missingPrograms(): readonly string[] {
  return [PROMETHEUS, ALERTMANAGER].filter((program) => spawnSync(program, ['--version']).error !== undefined);
}

/** A small exporter; the test sets what it tells. */
export interface Exporter {
  readonly port: number;
  /** Requests that it says were answered, and how many of them with an error. */
  count(good: number, bad: number): void;
  close(): Promise<void>;
}

/** Starts an exporter on loopback. */
export async function startExporter(): Promise<Exporter> {
  let [good, bad] = [0, 0];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE http_requests_total counter\nhttp_requests_total{code="200"} ${String(good)}\nhttp_requests_total{code="500"} ${String(bad)}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    count: (moreGood, moreBad) => {
      good += moreGood;
      bad += moreBad;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A real Prometheus that scrapes an exporter each second, and a real Alertmanager that posts what fires to a URL. */
export interface Monitoring {
  readonly prometheus: string;
  readonly alertmanager: string;
  stop(): Promise<void>;
}

/** Starts both; `rules` are Prometheus rules, `hook` the receiver with the file of its bearer key. */
export async function startMonitoring(options: {
  readonly dir: string;
  readonly exporterPort: number;
  readonly job: string;
  readonly rules: readonly object[];
  readonly hook: { readonly url: string; readonly keyFile: string };
}): Promise<Monitoring> {
  const { dir, exporterPort, job, rules, hook } = options;
  mkdirSync(dir, { recursive: true });
  const [port, alertPort] = [await freePort(), await freePort()];
  const write = (name: string, content: object): string => {
    const path = join(dir, name);
    writeFileSync(path, stringify(content));
    return path;
  };
  const ruleFile = write('rules.yml', { groups: [{ name: 'test', interval: '1s', rules }] });
  const scraping = write('prometheus.yml', {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [ruleFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${String(alertPort)}`] }] }] },
    scrape_configs: [{ job_name: job, static_configs: [{ targets: [`127.0.0.1:${String(exporterPort)}`], labels: { environment: 'production' } }] }],
  });
  const routing = write('alertmanager.yml', {
    route: { receiver: 'nightshift', group_wait: '0s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [
      { name: 'nightshift', webhook_configs: [{ url: hook.url, http_config: { authorization: { type: 'Bearer', credentials_file: hook.keyFile } } }] },
    ],
  });
  const at = (each: number): string => `127.0.0.1:${String(each)}`;
  const started = [
    run(
      ALERTMANAGER,
      [`--config.file=${routing}`, `--storage.path=${join(dir, 'am')}`, `--web.listen-address=${at(alertPort)}`, '--cluster.listen-address='],
      dir,
    ),
    run(PROMETHEUS, [`--config.file=${scraping}`, `--storage.tsdb.path=${join(dir, 'tsdb')}`, `--web.listen-address=${at(port)}`], dir),
  ];
  for (const each of [port, alertPort]) {
    const ready = (): Promise<true | undefined> =>
      fetch(`http://${at(each)}/-/ready`)
        .then((reply) => (reply.ok ? true : undefined))
        .catch(() => undefined);
    await until(ready, `a program listens at ${at(each)}`, 20_000);
  }
  return {
    prometheus: `http://${at(port)}`,
    alertmanager: `http://${at(alertPort)}`,
    stop: async () => {
      await Promise.all(started.map(end));
    },
  };
}

function run(program: string, args: readonly string[], cwd: string): ChildProcess {
  return spawn(program, args, { cwd, stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
