/* eslint jest/no-standalone-expect: ['error', { additionalTestBlockFunctions: ['tell'] }] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '../../../cli/client';
import type { LookbackReport } from '../../../domain/lookback/report';
import type { IncidentView } from '../../../domain/incident-view';
import type { Doors } from '../../../workers/start';
import { until } from '../until';
import { missingPrograms, startExporter, startMonitoring } from './prometheus';
import type { Exporter, Monitoring } from './prometheus';
import { MAIN, adminOf, doorsOf, finished, makePlace } from './support';
import type { Place, Program } from './support';

// Real programs: a Prometheus that scrapes a small exporter, its rule, an Alertmanager, and Nightshift as a process. The tests stand in the order of that story.
const missing = missingPrograms();
const absent = missing.length > 0 && process.env['CI'] !== 'true';
if (absent) process.stderr.write(`not tried here, as there is no ${missing.join(' and no ')} (Debian: prometheus, prometheus-alertmanager)\n`);
const tell = absent ? test.skip : test;

const RULES = [
  {
    alert: 'TooManyErrors',
    expr: 'increase(http_requests_total{job="shop",code="500"}[5s]) > 0',
    labels: { severity: 'critical', service: 'shop' },
    annotations: { summary: 'the shop answers with errors' },
  },
];

let place: Place;
let running: Program;
let doors: Doors;
let exporter: Exporter;
let monitoring: Monitoring;
let bad = 0;
let traffic: NodeJS.Timeout;
const home = (): string => join(place.dir, 'home');
const api = (): ApiClient => adminOf(doors, home());
const incident = (ready: (view: IncidentView) => boolean, what: string): Promise<IncidentView> =>
  until(async () => (await api().incidents({ service: 'shop', limit: 5 })).incidents.find(ready), what, 30_000);

beforeAll(async () => {
  if (absent) return;
  place = makePlace();
  mkdirSync(home(), { mode: 0o700 });
  exporter = await startExporter();
  const keyFile = join(place.dir, 'sender.key');
  writeFileSync(keyFile, '');
  const base =
    'profile: fast\nhome: home\napi: { port: 0 }\nservices:\n  - name: shop\n    environment: production\n    owner: Shop team\n    metrics: { prometheus: { url: PROMETHEUS } }\n';
  const config = join(place.dir, 'nightshift.yaml');
  writeFileSync(config, base.replace('PROMETHEUS', 'http://127.0.0.1:1'));
  running = place.run(MAIN, ['start', '--json']);
  doors = await doorsOf(running);
  writeFileSync(keyFile, (await api().createKey('alertmanager', 'responder')).key, { mode: 0o600 });
  monitoring = await startMonitoring({
    ...{ dir: join(place.dir, 'monitoring'), exporterPort: exporter.port, job: 'shop', rules: RULES },
    hook: { url: `${doors.api}/v1/sources/alertmanager`, keyFile },
  });
  writeFileSync(config, base.replace('PROMETHEUS', monitoring.prometheus));
  traffic = setInterval(() => exporter.count(20, bad), 200);
}, 40_000);
afterAll(async () => {
  if (absent) return;
  clearInterval(traffic);
  running.signal('SIGTERM');
  await running.ended;
  await monitoring.stop();
  await exporter.close();
  place.remove();
}, 60_000);

tell(
  'doctor reads the numbers of the service from the Prometheus server',
  async () => {
    const counted = async (): Promise<true | undefined> => {
      const { stdout } = await finished(place.run(MAIN, ['doctor']));
      return /ok +shop metrics +http:\S+ counts [1-9]\d* requests of 1 instance/.test(stdout) ? true : undefined;
    };
    expect(await until(counted, 'doctor finds requests', 30_000)).toBe(true);
  },
  45_000,
);

tell(
  'a rule that fires opens an incident of its service, with the alert as Alertmanager names it',
  async () => {
    bad = 5;
    const opened = await incident((view) => view.alerts.length > 0, 'an incident');
    expect(opened).toMatchObject({
      ...{ environment: 'production', service: 'shop', owner: 'Shop team', tier: 'standard' },
      alerts: [
        {
          name: 'TooManyErrors',
          source: 'alertmanager',
          status: 'firing',
          severity: 'sev1',
          fingerprint: expect.stringMatching(/^alertmanager:[0-9a-f]{16}$/) as string,
        },
      ],
    });
  },
  45_000,
);

tell(
  'and the alert ends when the rule has calmed',
  async () => {
    bad = 0;
    const calmed = await incident((view) => view.alerts.every((alert) => alert.status === 'resolved'), 'the end of the alert');
    expect(calmed.alerts).toHaveLength(1);
  },
  45_000,
);

tell(
  'and a look back on both finds the page as an incident of its service',
  async () => {
    const both = ['--prometheus', monitoring.prometheus, '--alertmanager', monitoring.alertmanager];
    let looks = 0;
    const looked = async (): Promise<LookbackReport | undefined> => {
      // What one look could not read would be asked for again by the next one, over the time of the first.
      looks += 1;
      const kept = ['--resume', join(place.dir, `past-${String(looks)}.jsonl`)];
      const { stdout } = await finished(place.run(MAIN, ['lookback', ...both, '--since', '1h', ...kept, '--json']));
      const report = JSON.parse(stdout) as LookbackReport;
      return report.incidents.some(({ end }) => end !== undefined) ? report : undefined;
    };
    const report = await until(looked, 'an incident that has ended', 40_000);
    expect(report.incidents).toMatchObject([
      { environment: 'production', service: 'shop', severity: 'sev1', pages: [{ name: 'TooManyErrors', source: 'alertmanager' }] },
    ]);
    expect(report.gaps.filter((gap) => gap.includes('could not be read'))).toEqual([]);
  },
  60_000,
);
