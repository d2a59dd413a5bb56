import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT, textOf } from './markdown';

const FILE = 'docs/prometheus/nightshift-rules.yml';
const { groups } = parse(textOf(FILE)) as { groups: { rules: { alert: string; expr: string }[] }[] };
const rules = groups.flatMap((group) => group.rules);
const minutes = 120;

/** Two hours of a system that is well, in the notation of promtool. */
const WELL: Readonly<Record<string, string>> = {
  'up{job="nightshift"}': '1x120',
  nightshift_store_up: '1x120',
  nightshift_inbox_oldest_seconds: '3x120',
  'nightshift_leader{instance="a"}': '1x120',
  'nightshift_leader{instance="b"}': '0x120',
  nightshift_watching: '1x120',
  nightshift_incidents_stalled: '0x120',
  'nightshift_notifications_waiting{channel="team"}': '0x120',
  nightshift_heartbeat_last_success_timestamp_seconds: '0+60x120',
  nightshift_detection_behind_seconds: '70x120',
  'nightshift_pull_last_read_timestamp_seconds{source="events"}': '0+60x120',
  'nightshift_stream_behind_seconds{stream="lines"}': '1x120',
  nightshift_runbooks_last_read_timestamp_seconds: '0+60x120',
  nightshift_runbooks_refused: '0x120',
  nightshift_halted: '0x120',
  'nightshift_incidents_open{status="escalated"}': '0x120',
  'nightshift_http_requests_total{status="200"}': '0+60x120',
};

/** What each alert is raised by. */
const TROUBLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NightshiftDown: { 'up{job="nightshift"}': '0x120' },
  NightshiftStoreDown: { nightshift_store_up: '0x120' },
  NightshiftAlertsWait: { nightshift_inbox_oldest_seconds: '61x120' },
  NightshiftNobodyLeads: { 'nightshift_leader{instance="a"}': '0x120' },
  NightshiftNobodyWatches: { nightshift_watching: '_x120' },
  NightshiftIncidentStalls: { nightshift_incidents_stalled: '2x120' },
  NightshiftNotificationsWait: { 'nightshift_notifications_waiting{channel="team"}': '1x120' },
  NightshiftHeartbeatLate: { nightshift_heartbeat_last_success_timestamp_seconds: '60x120' },
  NightshiftDetectionBehind: { nightshift_detection_behind_seconds: '0+60x120' },
  NightshiftPullStopped: { 'nightshift_pull_last_read_timestamp_seconds{source="events"}': '60x120' },
  NightshiftStreamBehind: { 'nightshift_stream_behind_seconds{stream="lines"}': '1000x120' },
  NightshiftRunbooksOld: { nightshift_runbooks_last_read_timestamp_seconds: '0x120' },
  NightshiftRunbooksRefused: { nightshift_runbooks_refused: '1x120' },
  NightshiftHalted: { nightshift_halted: '1x120' },
  NightshiftNeedsPeople: { 'nightshift_incidents_open{status="escalated"}': '1x120' },
  NightshiftDoorFails: { 'nightshift_http_requests_total{status="500"}': '0+6x120' },
};

const promtool = spawnSync('promtool', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'nightshift-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Names of the alerts that fire after so many minutes of these series. */
function firing(series: Readonly<Record<string, string>>, expected: readonly string[]): { readonly status: number | null; readonly said: string } {
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const wanted = rules.map(({ alert }) => ({ eval_time: `${String(minutes - 1)}m`, alertname: alert, exp_alerts: [] as object[] }));
  const quiet = wanted.filter(({ alertname }) => !expected.includes(alertname));
  const file = join(folder, 'rules.test.yml');
  const test = { interval: '1m', input_series: input, alert_rule_test: quiet, promql_expr_test: expected.map(isFiring) };
  writeFileSync(file, stringify({ rule_files: [join(ROOT, FILE)], evaluation_interval: '1m', tests: [test] }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

function isFiring(alert: string): object {
  const expr = `count(ALERTS{alertname="${alert}",alertstate="firing"}) > bool 0`;
  return { expr, eval_time: `${String(minutes - 1)}m`, exp_samples: [{ labels: '{}', value: 1 }] };
}

test('every number that the rules ask for is in the table of docs/operations.md', () => {
  const page = textOf('docs/operations.md');
  const asked = [...new Set(rules.flatMap(({ expr }) => [...expr.matchAll(/nightshift_\w+/g)].map(([name]) => name)))];
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('there is a trouble for every rule, and a row for it in docs/operations.md', () => {
  expect(rules.map(({ alert }) => alert).sort()).toEqual(Object.keys(TROUBLE).sort());
  const page = textOf('docs/operations.md');
  expect(rules.map(({ alert }) => alert).filter((alert) => !page.includes(`\`${alert}\``))).toEqual([]);
});

if (promtool) {
  test('none fires on a system that is well', () => {
    expect(firing(WELL, [])).toMatchObject({ status: 0 });
  });

  test.each(Object.keys(TROUBLE))('%s fires on its own trouble, and no other does', (alert) => {
    expect(firing({ ...WELL, ...TROUBLE[alert] }, [alert])).toMatchObject({ status: 0 });
  });
} else {
  test('promtool is here in CI', () => {
    process.stderr.write("promtool is not here (Debian's package prometheus): the alert rules were not played.\n");
    expect(process.env['CI']).toBeUndefined();
  });
}
