import type { IncidentView } from '../../../domain/incident-view';
import { until } from '../until';
import { startOwnService } from './own-service';
import type { LedgerLine, OwnService } from './own-service';

// One service, not the bookshop and not in JavaScript, from `init` to a remedy, by the commands of docs/your-service.md; the tests stand in the order of that story.
let own: OwnService;
const told: string[] = [];

beforeAll(async () => {
  own = await startOwnService();
}, 120_000);
afterAll(() => own.close(), 60_000);

/** A person deploys the bad release. */
const breakIt = (): string => own.ctl('deploy', '1.1.0');
const CTL = 'python3 examples/quotes/ctl.py --dir /tmp/quotes';
const isNew = (view: IncidentView): boolean => !told.includes(view.incidentId);
const same =
  (one: IncidentView, ready: (view: IncidentView) => boolean) =>
  (view: IncidentView): boolean =>
    view.incidentId === one.incidentId && ready(view);

/** Waits until so many more requests were answered: what was before is no longer what the next trouble is compared with. */
async function ordinaryTraffic(requests: number): Promise<void> {
  const before = await own.requests();
  await until(async () => ((await own.requests()) > before + requests ? true : undefined), 'ordinary traffic', 120_000);
}

async function proposed(): Promise<IncidentView> {
  const asked = await own.incident((view) => view.status === 'awaiting-approval' && isNew(view));
  told.push(asked.incidentId);
  return asked;
}

async function approve(asked: IncidentView): Promise<void> {
  await own.api().decide(asked.incidentId, { verdict: 'approve', proposal: asked.proposal?.proposal.digest ?? '' });
}

const resolved = (asked: IncidentView): Promise<IncidentView> => own.incident(same(asked, (view) => view.status === 'resolved'));
/** What Nightshift began at the service since there were `before` calls. */
const since = (before: number): Pick<LedgerLine, 'kind' | 'release'>[] =>
  own
    .begun()
    .slice(before)
    .map(({ kind, release }) => ({ kind, release }));
const current = (): { release: string } => JSON.parse(own.ctl('current')) as { release: string };

test('the example starts, and init recognises its metrics and writes a configuration that is valid', async () => {
  await own.page(`${CTL} start --port 8000`);
  await own.page(`${CTL} load &`);
  const wrote = await own.page(
    'npx nightshift init --service quotes --metrics http://127.0.0.1:8000/metrics --log /tmp/quotes/quotes.log -- python3 examples/quotes/ctl.py --dir /tmp/quotes',
  );
  expect(wrote).toMatchObject({ code: 0, stdout: expect.stringContaining('requests are counted by http_requests_total') as string });
  expect(await own.page('npx nightshift config check')).toMatchObject({ code: 0, stdout: expect.stringContaining('production/quotes') as string });
  expect(await own.nightshift('init', '--service', 'quotes')).toMatchObject({ code: 4, stderr: expect.stringContaining('is left as it is') as string });
}, 60_000);

test('doctor reaches its metrics, its log and its commands, and says what is wrong where one is not there', async () => {
  const doctor = await own.page('npx nightshift doctor');
  expect(doctor.stdout).toMatch(/ok +quotes metrics.*\n.*ok +quotes log.*\n.*ok +quotes hands +1\.0\.0 runs/);
  expect(doctor.code).toBe(0);
  const [log, url] = [own.log, own.metricsUrl];
  own.edit(log, `${log}.gone`);
  own.edit(url, url.replace('/metrics', '/nothing'));
  own.edit('[python3,', '[no-such-python,');
  const wrong = await own.nightshift('doctor');
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toMatch(/wrong +quotes metrics +.*answered 404/);
  expect(wrong.stdout).toMatch(/wrong +quotes log +.*is not there/);
  expect(wrong.stdout).toMatch(/wrong +programs +services\.0\.hands\.commands\.current\.0: there is no program no-such-python in PATH/);
  expect(await own.nightshift('config', 'check')).toMatchObject({ code: 1, stdout: expect.stringContaining('no-such-python') as string });
  expect(await own.nightshift('start')).toMatchObject({ code: 1, stderr: expect.stringContaining('no-such-python') as string });
  own.edit(`${log}.gone`, log);
  own.edit(url.replace('/metrics', '/nothing'), url);
  own.edit('[no-such-python,', '[python3,');
}, 90_000);

test('observed, it says what it would do and does nothing; the person does, and the incident closes as unaided', async () => {
  // The times of a production would make this test last for minutes.
  own.edit('every: 15s', 'every: 1s');
  own.edit('for: 2m', 'for: 2s');
  // The detector tells the end of an alert some seconds after the effect; a watch that ends before waits for as long as its slowest limit takes.
  own.edit(
    '# What Nightshift may do.',
    'api: { port: 0, rateLimitPerMinute: 6000 }\nincidents:\n  verification: { settle: 1s, window: 3s, minRequests: 20, timeout: 40s }\n  watch: 6s\n# What Nightshift may do.',
  );
  await own.page('npm start');
  // Ordinary traffic first, so that there is a normal to compare with.
  await ordinaryTraffic(200);
  await own.page(`${CTL} deploy 1.1.0`);
  const seen = await own.incident((view) => view.status === 'diagnosed');
  told.push(seen.incidentId);
  expect(seen).toMatchObject({
    cause: 'bad-release',
    reason: expect.stringMatching(/Release 1\.1\.0 \(after 1\.0\.0\).*would be proposed.*Deploy release 1\.0\.0.*Nothing is done.*it is new here/) as string,
  });
  expect(seen.proposal).toBeUndefined();
  const key = { NIGHTSHIFT_API_URL: own.apiUrl() };
  expect(await own.page('npx nightshift incident list', { env: key })).toMatchObject({ code: 0, stdout: expect.stringContaining(seen.incidentId) as string });
  expect(await own.page('npx nightshift incident show ID', { id: seen.incidentId, env: key })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('would be proposed') as string,
  });
  await own.page(`${CTL} deploy 1.0.0`);
  expect(await resolved(seen)).toMatchObject({ outcome: { kind: 'recovered-unaided' } });
  expect(own.begun()).toEqual([]);
}, 240_000);

test('with the rule changed to approve: asked, approved, rolled back exactly once, and measured as recovered', async () => {
  await own.stop('SIGTERM');
  own.edit('mode: observe', 'mode: approve');
  await own.start();
  await ordinaryTraffic(600);
  breakIt();
  const asked = await proposed();
  expect(asked.proposal?.proposal).toMatchObject({ runbook: { id: 'rollback-release' }, parameters: { from: '1.1.0', to: '1.0.0' } });
  expect(current().release).toBe('1.1.0');
  // Without a terminal nobody can be asked, so the digest is given.
  const words = ['--proposal', asked.proposal?.proposal.digest ?? ''];
  const answered = await own.page('npx nightshift incident approve ID', { id: asked.incidentId, words, env: { NIGHTSHIFT_API_URL: own.apiUrl() } });
  expect(answered).toMatchObject({ code: 0 });
  expect(await resolved(asked)).toMatchObject({ outcome: { kind: 'fixed' }, remediation: { verdict: 'recovered' } });
  expect(since(0)).toEqual([{ kind: 'deploy', release: '1.0.0' }]);
  expect(current().release).toBe('1.0.0');
}, 240_000);

test('killed with SIGKILL while the deploy command runs: the next one waits for it, and the ledger of the service shows one', async () => {
  await own.stop('SIGTERM');
  own.edit("deploy, '{release}']", "deploy, '{release}', --drain, '3']");
  await own.start();
  await ordinaryTraffic(600);
  breakIt();
  const asked = await proposed();
  await approve(asked);
  await until(async () => (own.begun().length > 1 ? true : undefined), 'the command to begin');
  await own.stop('SIGKILL');
  expect(current().release).toBe('1.1.0');
  await own.start();
  const done = await resolved(asked);
  expect(done).toMatchObject({ outcome: { kind: 'fixed' } });
  expect(since(1)).toEqual([{ kind: 'deploy', release: '1.0.0' }]);
  const effects = (await own.api().timeline(asked.incidentId)).filter((entry) => entry.kind === 'effect');
  expect(effects.map((entry) => entry.summary)).toEqual([
    expect.stringMatching(/the end of deploy was not seen; 1\.0\.0 runs.*found done by an earlier attempt/),
  ]);
}, 240_000);

test('a resource that fills up is answered by a restart, which is confirmed by the new process', async () => {
  await own.stop('SIGTERM');
  // What was deployed before is no part of this.
  own.edit('  watch: 6s\n', '  watch: 6s\n  evidence: { baseline: 15s, lookback: 15s, step: 1s }\n');
  await own.start();
  await ordinaryTraffic(600);
  const calls = own.begun().length;
  const newcomers = own.rush(100, 'new');
  const asked = await proposed();
  expect(asked).toMatchObject({ cause: 'resource-exhaustion', proposal: { proposal: { runbook: { id: 'restart-service' } } } });
  await approve(asked);
  await until(async () => (own.begun().length > calls ? true : undefined), 'the restart to begin');
  // The rush goes on, as traffic that vanishes is no recovery; but the newcomers would fill the new process within half a minute.
  const regulars = own.rush(100, 'regular');
  newcomers();
  const done = await resolved(asked);
  regulars();
  expect(done).toMatchObject({ outcome: { kind: 'fixed' }, remediation: { effects: [expect.stringContaining('the process is another one')] } });
  expect(since(calls)).toEqual([{ kind: 'restart', release: null }]);
}, 240_000);

test('a restart after which the same process runs is never taken for one: a person is asked, and closes it', async () => {
  await own.stop('SIGTERM');
  own.edit(`${own.program.at(-1) ?? ''}, restart]`, `${own.program.at(-1) ?? ''}, current]`);
  await own.start();
  await ordinaryTraffic(600);
  const calm = own.rush(100, 'new');
  const asked = await proposed();
  expect(asked).toMatchObject({ proposal: { proposal: { runbook: { id: 'restart-service' } } } });
  await approve(asked);
  const stuck = await own.incident(same(asked, (view) => view.status === 'escalated'));
  expect(stuck.reason).toMatch(/It is not known whether the remediation happened: restart ended with code 0.*but the process is still the one from before/);
  calm();
  // It gets well by itself, and that is not taken for the restart's doing, nor for nobody's.
  // The detector looks back over a minute.
  await own.incident(
    same(asked, (view) => view.alerts.every((alert) => alert.status === 'resolved')),
    150_000,
  );
  expect(await own.api().incident(asked.incidentId)).toMatchObject({ status: 'escalated', remediation: { uncertain: true } });
  await own.api().tell(asked.incidentId, 'resolve', 'I looked: it was never restarted');
  expect(await resolved(asked)).toMatchObject({ outcome: { kind: 'resolved-by-person' } });
}, 240_000);

test('every command of the page was run, the last ones too', async () => {
  await own.stop('SIGTERM');
  expect((await own.page(`${CTL} stop`)).code).toBe(0);
  expect((await own.page('rm -r /tmp/quotes nightshift.yaml')).code).toBe(0);
  expect(own.left()).toEqual([]);
}, 60_000);
