import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { auditLines } from '../fakes/audit-lines';
import { NOW, cli } from '../fakes/cli-harness';
import { SAMPLE_DIGEST, SAMPLE_ID, sampleView } from '../fakes/incident-samples';

const OTHER = sampleView({ incidentId: 'inc-abcdzzzz23456723', service: 'payments', title: 'Payments are slow', severity: 'sev3', status: 'open' });
const CLOSED = sampleView({ incidentId: 'inc-zzzzefgh23456723', status: 'resolved', title: 'An old one' });

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.state.incidents = [sampleView(), OTHER, CLOSED];
  api.state.timeline = auditLines(3).map((line) => JSON.parse(line) as AuditRecord);
});
afterEach(() => api.close());

describe('nightshift incident list', () => {
  it('lists open incidents as a table on stdout, without colours in a pipe', async () => {
    const { code, out, err } = await cli(api.url, ['incident', 'list']);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'ID                    SEV   STATUS             SERVICE   ENVIRONMENT  OPENED   TITLE',
      'inc-abcdefgh23456723  sev2  awaiting-approval  bookshop  demo         3 m ago  Checkout fails for a quarter of the requests',
      'inc-abcdzzzz23456723  sev3  open               payments  demo         3 m ago  Payments are slow',
      '',
    ]);
    expect(err).toBe('');
  });

  it('is coloured and fits the width in a terminal, unless NO_COLOR is set', async () => {
    const { out } = await cli(api.url, ['incident', 'list'], { tty: true, columns: 90 });
    expect(out).toContain('\u001b[33msev2\u001b[39m');
    const plain = (await cli(api.url, ['incident', 'list'], { tty: true, columns: 90, color: false })).out;
    expect(plain).not.toContain('\u001b');
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  it('passes its filters on', async () => {
    await cli(api.url, [
      'incident',
      'list',
      '--status',
      'open,escalated',
      '--severity',
      'sev1',
      '--service',
      's',
      '--environment',
      'e',
      '--limit',
      '7',
      '--cursor',
      'c',
    ]);
    expect(api.calls[0]?.query).toEqual({ status: 'open,escalated', severity: 'sev1', service: 's', environment: 'e', limit: '7', cursor: 'c' });
  });

  it('shows closed ones with --all, and says on stderr how to go on', async () => {
    const { out, err } = await cli(api.url, ['incident', 'list', '--all', '--limit', '2']);
    expect(api.calls[0]?.query).toEqual({ limit: '2' });
    expect(out).not.toContain('An old one');
    expect(err).toContain('--cursor 2');
  });

  it('says so when there are none', async () => {
    api.state.incidents = [];
    expect(await cli(api.url, ['incident', 'list'])).toMatchObject({ code: 0, out: '', err: expect.stringContaining('no such open incidents') as string });
  });

  it('prints exactly one JSON value with --json, before or after the command', async () => {
    const after = await cli(api.url, ['incident', 'list', '--json']);
    expect(after.json<{ incidents: IncidentView[] }>().incidents).toHaveLength(2);
    expect((await cli(api.url, ['--json', 'incident', 'list'])).out).toBe(after.out);
  });

  it.each([
    [['--status', 'sleeping'], 'It must be one of open, triaged'],
    [['--limit', '0'], 'It must be a whole number from 1 to 100.'],
    [['--limit', 'many'], 'It must be a whole number'],
    [['--colour'], "unknown option '--colour'"],
  ])('refuses %j with exit code 2 and says what is right', async (extra, message) => {
    const { code, out, err } = await cli(api.url, ['incident', 'list', ...extra]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('lets no outside text steer the terminal, neither as text nor as JSON', async () => {
    api.state.incidents = [sampleView({ title: 'x\u001b]0;owned\u0007\u009b2J\u202e', service: '\u001b[31mred' })];
    const text = await cli(api.url, ['incident', 'list'], { tty: true, color: false });
    expect(text.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const json = await cli(api.url, ['incident', 'list', '--json']);
    expect(json.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(json.json<{ incidents: IncidentView[] }>().incidents[0]?.title).toBe('x\u001b]0;owned\u0007\u009b2J\u202e');
  });
});

describe('nightshift incident show', () => {
  it('shows cause, evidence, the exact change, how to answer, and the timeline', async () => {
    const { code, out } = await cli(api.url, ['incident', 'show', SAMPLE_ID]);
    expect(code).toBe(0);
    for (const part of [
      'release 1.5.0 broke the checkout',
      'E06 handles full',
      'deploy release 1.4.0 on bookshop',
      'from=1.5.0',
      'approve: No rule speaks of this',
      `npx nightshift incident approve ${SAMPLE_ID} --proposal ${SAMPLE_DIGEST}`,
      '14:01:00  note              happened 2 (nightshift)',
    ])
      expect(out).toContain(part);
  });

  it('draws the error rate of the evidence', async () => {
    const stats = {
      from: 0,
      to: 1,
      samples: 1,
      upShare: 1,
      requests: 1,
      errors: 0,
      errorShare: 0,
      ratePerSecond: 1,
      latencyP95Ms: 1,
      routes: {},
      saturation: {},
    };
    const series = [0, 0, 0.125, 0.25].map((errorShare, i) => ({ at: NOW + i * 1000, errorShare, latencyP95Ms: 1, requests: 9 }));
    const item = { id: 'E01', title: 't', kind: 'metrics' as const, service: 'bookshop', baseline: stats, now: stats, series };
    api.state.evidence = {
      incidentId: SAMPLE_ID,
      round: 1,
      environment: 'demo',
      service: 'bookshop',
      gatheredAt: '2026-11-20T14:03:00Z',
      onset: NOW,
      items: [item],
    };
    const { out } = await cli(api.url, ['incident', 'show', SAMPLE_ID]);
    expect(out).toContain('Error rate    ▁▁▄█ top 25.0 % over 3 s');
  });

  it('wraps to the width of the terminal, but never what is to be copied', async () => {
    const { out } = await cli(api.url, ['incident', 'show', SAMPLE_ID], { tty: true, columns: 80, color: false });
    const long = out.split('\n').filter((line) => line.length > 80);
    expect(long.every((line) => /npx nightshift|\/v1\/incidents|[0-9a-f]{64}/.test(line))).toBe(true);
    expect(out).toContain(`incident approve ${SAMPLE_ID} --proposal ${SAMPLE_DIGEST}`);
  });

  it('prints incident, timeline and evidence as one JSON value', async () => {
    expect((await cli(api.url, ['incident', 'show', SAMPLE_ID, '--json'])).json()).toEqual({ incident: sampleView(), timeline: api.state.timeline });
  });

  it.each([['abcde'], ['inc-abcde'], ['INC-ABCDE']])('takes %s, the beginning of an open id', async (name) => {
    expect((await cli(api.url, ['incident', 'show', name, '--json'])).json<{ incident: IncidentView }>().incident.incidentId).toBe(SAMPLE_ID);
  });

  it('finds the beginning of an id on a later page', async () => {
    api.state.pageSize = 1;
    expect((await cli(api.url, ['incident', 'show', 'abcdz', '--json'])).json<{ incident: IncidentView }>().incident.service).toBe('payments');
  });

  it.each([
    ['abcd', 2, 'could be inc-abcdefgh23456723 or inc-abcdzzzz23456723'],
    ['zzzz', 1, 'No open incident'],
    ['../keys', 2, 'named by its id'],
    ['inc-yyyyyyyyyyyyyyyy', 1, 'There is no incident inc-yyyyyyyyyyyyyyyy'],
  ])('refuses %s with exit code %d', async (name, code, message) => {
    const result = await cli(api.url, ['incident', 'show', name]);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toContain(message);
  });
});

describe('nightshift incident watch', () => {
  /** Moves the incident on as the command line looks at it. */
  function moveOn(): void {
    const records = auditLines(4).map((line) => JSON.parse(line) as AuditRecord);
    api.state.timeline = records.slice(0, 2);
    api.state.incidents = [sampleView({ version: 2 })];
    let looks = 0;
    api.before((call) => {
      if (call.path === `/v1/incidents/${SAMPLE_ID}`) looks += 1;
      if (looks === 3) {
        api.state.incidents = [sampleView({ version: 4, status: 'resolved' })];
        api.state.timeline = records;
      }
    });
  }

  it('prints each record once and ends when the incident is closed', async () => {
    moveOn();
    const { code, out } = await cli(api.url, ['incident', 'watch', SAMPLE_ID]);
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ').at(-1)),
    ).toEqual(['happened 1 (nightshift)', 'happened 2 (nightshift)', 'happened 3 (nightshift)', 'happened 4 (nightshift)']);
  });

  it('prints one JSON object a line with --json', async () => {
    moveOn();
    const { out } = await cli(api.url, ['incident', 'watch', SAMPLE_ID, '--json']);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string; entries: AuditRecord[] });
    expect(lines.map((line) => [line.status, line.entries.map((e) => e.seq)])).toEqual([
      ['awaiting-approval', [1, 2]],
      ['resolved', [3, 4]],
    ]);
  });

  it('keeps watching while the API restarts, and says so once', async () => {
    moveOn();
    let failures = 0;
    const step = (): void => {
      failures += 1;
      api.fail('/v1/incidents', failures > 1 && failures < 5 ? 'unreachable' : undefined);
      if (failures > 7) api.state.incidents = [sampleView({ version: 5, status: 'resolved' })];
    };
    api.before(step);
    const { code, err } = await cli(api.url, ['incident', 'watch', SAMPLE_ID]);
    expect(code).toBe(0);
    expect(err).toBe('Nightshift does not answer just now; still watching.\n');
  });

  it('ends with exit code 4 when the key stops working', async () => {
    moveOn();
    let calls = 0;
    api.before(() => {
      calls += 1;
      if (calls > 2) api.fail('/v1/incidents', 'unauthenticated');
    });
    expect((await cli(api.url, ['incident', 'watch', SAMPLE_ID])).code).toBe(4);
  });
});
