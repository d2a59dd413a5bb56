import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NightshiftError } from '../../domain/errors';
import type { IncidentStatus } from '../../domain/names';
import type { ApiClient } from '../client';
import type { DemoOptions } from '../deps';
import { EXIT } from '../exit-codes';
import type { DemoDeps, DemoSystem, DemoWorld, OpenWorld } from './deps';
import { drive } from './drive';
import type { Driven } from './drive';
import { demoReport } from './report';
import type { DemoReport } from './report';
import { createScreen } from './screen';
import type { Screen } from './screen';
import { DEMO_LOG_FILE, demoNames } from './settings';
import { loadBookshop } from './shop';
import type { Bookshop, Shop } from './shop';
import { supervisorWorld } from './supervisor-world';

/** Traffic before the fault, so that there is a normal to compare with. */
/** So long the detector has to see a normal service before it can tell what is not. */
const WARM_UP_MS = 18_000;
const LONGEST_WARM_UP_MS = 35_000;
const LOOK_EVERY_MS = 250;
/** What `mkdtemp` puts at the end of a folder's name. */
const TAG_LENGTH = 6;

/** A demo while it runs. */
interface Stage {
  readonly deps: DemoDeps;
  readonly options: DemoOptions;
  readonly book: Bookshop;
  readonly screen: Screen;
  readonly folder: string;
  readonly shop: Shop;
  readonly world: OpenWorld;
  readonly system: DemoSystem;
  readonly client: ApiClient;
  readonly approver: ApiClient;
  readonly stopping: () => boolean;
}

/** What came of a demo. */
interface Played {
  readonly report: DemoReport;
  readonly status: IncidentStatus | undefined;
}

/** Breaks the practice service and follows Nightshift until it is mended. Returns the exit code: 0 only when what the fault asks for was measured. */
export async function runDemo(deps: DemoDeps, options: DemoOptions): Promise<number> {
  const book = await loadBookshop();
  const { world = supervisorWorld } = deps;
  const fault = book.FAULTS.find((f) => f.name === (options.fault ?? world.fault));
  if (options.fault === 'list') return listFaults(deps, options, book);
  if (!fault) {
    throw new NightshiftError('invalid_input', `There is no fault "${options.fault ?? ''}". There are: ${book.FAULTS.map((f) => f.name).join(', ')}.`);
  }
  let stopped = false;
  void deps.stopped.then(() => (stopped = true));
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-demo-'));
  const screen = createScreen(deps.io, Date.now());
  const cleanUp: (() => Promise<void>)[] = [];
  let finished = false;
  try {
    if (world.notice !== undefined) screen.notice(world.notice);
    screen.title(`Nightshift demo: ${fault.title}`);
    const stage = await setUp({ deps, options, book, screen, folder, stopping: () => stopped }, world, cleanUp);
    if (stopped) return STOPPED;
    const played = await play(stage, fault.name, world.limitMs);
    finished = !stopped;
    return stopped ? STOPPED : conclude(stage, fault.name, played);
  } catch (error) {
    // Ctrl-C reaches the practice service too: what fails once it has gone is no failure of the demo.
    if (stopped) return STOPPED;
    tellLog(screen, join(folder, 'home', DEMO_LOG_FILE));
    throw error;
  } finally {
    if (!options.keep || !finished) {
      for (const step of cleanUp.reverse()) await step().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const STOPPED = 130;
const SHOWN_LOG_LINES = 15;

/** The log goes with the folder, so its end is shown where something went wrong. */
function tellLog(screen: Screen, file: string): void {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  if (lines.some((line) => line !== '')) screen.lines(["the end of Nightshift's log:", ...lines]);
}

function listFaults(deps: DemoDeps, options: DemoOptions, book: Bookshop): number {
  const { FAULTS } = book;
  const text = FAULTS.map((f) => `${f.name.padEnd(14)} ${f.title}; right: ${f.expect}`).join('\n');
  deps.io.stdout.write(`${options.json ? JSON.stringify(FAULTS) : text}\n`);
  return EXIT.ok;
}

async function setUp(base: Omit<Stage, 'shop' | 'world' | 'system' | 'client' | 'approver'>, to: DemoWorld, cleanUp: (() => Promise<void>)[]): Promise<Stage> {
  const { deps, options, book, screen, folder } = base;
  const shopDir = join(folder, 'shop');
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const shop = await book.launch({ dir: shopDir, tether: !options.keep, traffic: false });
  cleanUp.push(() => shop.stop());
  screen.stage(Date.now(), 'bookshop', `${shop.url} runs release 1.4.0`);
  const configFile = join(folder, 'nightshift.yaml');
  const names = demoNames(deps.sharedServer ? folder.slice(-TAG_LENGTH).toLowerCase() : undefined);
  const places = { names, home, shopDir, shopUrl: shop.url, supervisorUrl: shop.supervisor.url, paymentsUrl: shop.payments.url };
  const world = await to.open(places, (name, text) => screen.stage(Date.now(), name, text));
  cleanUp.push(() => world.close());
  writeFileSync(configFile, world.config);
  const system = await deps.startSystem({ configFile, home, keep: options.keep, names });
  cleanUp.push(() => system.stop());
  screen.stage(Date.now(), 'nightshift', `API ${system.api}${system.temporalUi === null ? '' : `, Temporal UI ${system.temporalUi}`}`);
  screen.stage(Date.now(), 'console', `${system.api}/ with the key in ${system.keyFile}`);
  // Customers come last: what starts beside them would slow their answers, and that is no normal to compare with.
  const loadgen = await book.startProcess('loadgen', shopDir, ['--url', shop.url], { tether: !options.keep });
  cleanUp.push(() => loadgen.stop());
  screen.stage(Date.now(), 'customers', 'buy books; a day of theirs takes 24 s');
  const client = deps.createClient({ url: system.api, key: readFileSync(system.keyFile, 'utf8').trim() });
  const { key } = await client.createKey('demo', 'approver');
  return { ...base, shop: { ...shop, loadgen }, world, system, client, approver: deps.createClient({ url: system.api, key }) };
}

async function play(stage: Stage, fault: string, limitMs: number): Promise<Played> {
  const { book, screen, shop, world, client, approver, options, deps, system } = stage;
  const recordFile = join(shop.dir, 'loadgen.jsonl');
  const warmedUpAt = await calm(stage, recordFile);
  await pause(stage, world.beginsAt(Date.now()) - Date.now());
  const { startedAt: faultAt, injectedAt } = await book.inject(fault, { dir: shop.dir });
  const before = await world.actions();
  screen.stage(injectedAt, 'fault', `${fault} is under way; nobody tells Nightshift`);
  const driven = await drive({
    ...{ client, approver, screen, options, io: deps.io, until: injectedAt + limitMs, tick: () => pause(stage, LOOK_EVERY_MS) },
    stopping: () => stage.stopping() || !system.alive(),
    shares: () => perSecond(book, recordFile, warmedUpAt),
  });
  if (!system.alive()) throw new NightshiftError('internal', 'Nightshift ended in the middle of the demo; its log is above.');
  const actions = (await world.actions()) - before;
  const facts = { record: book, recordFile, warmedUpAt, faultAt, now: Date.now(), ...driven, actions, temporalUi: linkOf(system, driven) };
  const cost = await system.cost(workflowsOf(driven));
  if (driven.incident) await keepAudit(stage, driven.incident.incidentId);
  return { report: demoReport({ ...facts, cost }), status: driven.incident?.status };
}

/** Waits for a normal time without a failure, and says when it began; gives up waiting on a machine that is never calm. */
async function calm(stage: Stage, recordFile: string): Promise<number> {
  const giveUpAt = Date.now() + LONGEST_WARM_UP_MS;
  let from = Date.now();
  while (Date.now() < from + WARM_UP_MS && Date.now() < giveUpAt && !stage.stopping()) {
    await pause(stage, LOOK_EVERY_MS);
    const record = existsSync(recordFile) ? stage.book.readRecord(recordFile) : [];
    if ((stage.book.rate(record, from, Date.now()).share ?? 0) > 0) from = Date.now();
  }
  return from;
}

async function pause(stage: Stage, ms: number): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() < until && !stage.stopping()) await new Promise((resolve) => setTimeout(resolve, Math.min(100, until - Date.now())));
}

/** Failed share of each of the last 40 seconds, as the customers saw it. */
function perSecond(book: Bookshop, file: string, from: number): (number | null)[] {
  const buckets = book.readRecord(file);
  const now = Date.now();
  const seconds = Math.min(40, Math.floor((now - from) / 1000));
  return Array.from({ length: seconds }, (_, i) => book.rate(buckets, now - (seconds - i) * 1000, now - (seconds - i - 1) * 1000).share);
}

function workflowsOf(driven: Driven): string[] {
  const { incident } = driven;
  return incident ? [incident.workflowId, ...(incident.remediation ? [incident.remediation.workflowId] : [])] : [];
}

function linkOf(system: DemoSystem, driven: Driven): string | null {
  if (system.temporalUi === null || !driven.incident) return system.temporalUi;
  const { workflowId, runId } = driven.incident;
  return `${system.temporalUi}/namespaces/${system.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}

/** The audit history outlives the demo's temporary folder. */
async function keepAudit(stage: Stage, incidentId: string): Promise<void> {
  const folder = join('.nightshift', 'demo');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${incidentId}.jsonl`);
  await copyFile(join(stage.folder, 'home', 'audit', `${incidentId}.jsonl`), file);
  stage.screen.stage(Date.now(), 'audit', `${file}; check it with: npx nightshift audit verify --file ${file}`);
}

function conclude(stage: Stage, fault: string, { report, status }: Played): number {
  const { deps, options, screen, book, shop, system, world } = stage;
  const good = isRight(fault, report, status);
  const ms = (value: number | null): string => (value === null ? 'never' : `${(value / 1000).toFixed(1)} s`);
  const percent = (value: number | null): string => (value === null ? 'nothing measured' : `${(value * 100).toFixed(1)} %`);
  screen.title(good ? 'It went as it should.' : 'It did not go as it should.');
  screen.lines([
    `from the first failed request: noticed ${ms(report.detectedAfterMs)}, approved ${ms(report.approvedAfterMs)}, recovered ${ms(report.recoveredAfterMs)}`,
    `errors as customers saw them: before ${percent(report.errorRate.before)}, during ${percent(report.errorRate.during)}, after ${percent(report.errorRate.after)}`,
    `cause ${report.cause ?? 'none named'}; ${String(report.actions)} ${report.actions === 1 ? 'action' : 'actions'} on the service; ${String(report.billableActions)} billable Temporal actions`,
    `other faults: ${book.FAULTS.filter((f) => f.name !== fault)
      .map((f) => `npm run demo -- --fault ${f.name}`)
      .join(' · ')}`,
  ]);
  const ledger = world.ledger();
  if (ledger) screen.ledger(ledger);
  if (options.keep)
    screen.commands([
      `all of it still runs: API ${system.api}, bookshop ${shop.url}`,
      `end it with: kill ${pidsOf(stage).join(' ')}`,
      `and remove its files with: rm -r ${stage.folder}`,
    ]);
  if (options.json) deps.io.stdout.write(`${JSON.stringify(report)}\n`);
  return good ? EXIT.ok : EXIT.failed;
}

function pidsOf(stage: Stage): number[] {
  const { payments, supervisor, loadgen } = stage.shop;
  return [...stage.system.pids, ...(loadgen ? [loadgen.pid] : []), supervisor.pid, payments.pid];
}

/** Faults that pass by themselves, so that doing nothing is right. */
const HEALS_ALONE: readonly string[] = ['dependency', 'traffic-wave'];

/** What each fault asks for: a fix that Nightshift and the customers measured, no action where it heals by itself, and nothing but a person where nothing is known. */
function isRight(fault: string, report: DemoReport, status: Played['status']): boolean {
  if (fault === 'unknown') return report.actions === 0 && report.cause === 'undetermined' && status === 'escalated';
  return status === 'resolved' && report.recovered && (HEALS_ALONE.includes(fault) ? report.actions === 0 : report.actions > 0);
}
