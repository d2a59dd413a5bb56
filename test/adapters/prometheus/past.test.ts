import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prometheusPast } from '../../../adapters/prometheus/past-reader';
import { pagesOfSeries } from '../../../adapters/prometheus/past-alerts';
import { restarts, specChanges, versionChanges } from '../../../adapters/prometheus/past-changes';
import { assemblePast } from '../../../domain/lookback/past';
import type { PastFact } from '../../../domain/lookback/facts';
import type { PartRead } from '../../../ports/lookback';

const MINUTE = 60_000;
const MIDNIGHT = Date.parse('2026-10-12T00:00:00Z');
const SPAN = { from: MIDNIGHT - 60 * MINUTE, to: MIDNIGHT + 60 * MINUTE };
const PAGING = ['sev1', 'sev2', 'sev3'] as const;
const grid = (from: number, to: number, value: number): [number, number][] =>
  Array.from({ length: (to - from) / 30_000 }, (_none, i): [number, number] => [MIDNIGHT + from + i * 30_000, value]);

describe('alerts', () => {
  const labels = { __name__: 'ALERTS', alertname: 'Slow', alertstate: 'firing', severity: 'critical', app: 'checkout', env: 'prod' };
  const { __name__: _name, alertstate: _state, ...own } = labels;
  const state = (points: [number, number][]) => [{ labels: { ...own, __name__: 'ALERTS_FOR_STATE' }, points }];
  const since = (MIDNIGHT - 12 * MINUTE) / 1000;

  it('a page over midnight is one, though each day holds a piece of it', () => {
    const day = (from: number, to: number) =>
      pagesOfSeries({ firing: [{ labels, points: grid(from, to, 1) }], since: state(grid(from, to, since)), stepMs: 30_000 }, SPAN, PAGING);
    const { pages } = assemblePast([...day(0, 9 * MINUTE), ...day(-10 * MINUTE, 0)], SPAN);
    expect(pages).toEqual([
      expect.objectContaining({ name: 'Slow', severity: 'critical', begin: MIDNIGHT - 10 * MINUTE, end: MIDNIGHT + 9 * MINUTE, since: since * 1000 }),
    ]);
    expect(pages[0]?.where).toEqual({ names: ['checkout'], resources: [], environment: 'prod' });
  });

  it('a condition that ended and began anew is two pages, however soon', () => {
    const began = [...grid(0, 3 * MINUTE, since), ...grid(4 * MINUTE, 6 * MINUTE, since + 900)];
    const points = began.map(([at]): [number, number] => [at, 1]);
    expect(pagesOfSeries({ firing: [{ labels, points }], since: state(began), stepMs: 30_000 }, SPAN, PAGING)).toHaveLength(2);
  });

  it('heartbeats, and severities that were not asked for, are no pages', () => {
    const firing = [{ alertname: 'Watchdog' }, { severity: 'info' }, { severity: 'none' }].map((more) => ({
      labels: { ...labels, ...more },
      points: grid(0, MINUTE, 1),
    }));
    expect(pagesOfSeries({ firing, since: [], stepMs: 30_000 }, SPAN, PAGING)).toEqual([]);
  });
});

describe('changes', () => {
  const info = (instance: string, version: string, from: number, to: number) => ({
    labels: { __name__: 'shop_build_info', job: 'shop', instance, version },
    points: grid(from, to, 1),
  });

  it('a version that comes to instance after instance is one deployment', () => {
    const rolled = [
      info('a', '1.0', 0, 10 * MINUTE),
      info('a', '1.1', 10 * MINUTE, 30 * MINUTE),
      info('b', '1.0', 0, 14 * MINUTE),
      info('b', '1.1', 14 * MINUTE, 30 * MINUTE),
    ];
    expect(versionChanges(rolled, [])).toEqual([expect.objectContaining({ what: 'deployment', from: '1.0', to: '1.1', at: MIDNIGHT + 10 * MINUTE - 15_000 })]);
  });

  it('its time is that of the restart, where one tells it', () => {
    const start = (MIDNIGHT + 10 * MINUTE - 4000) / 1000;
    const began = restarts([
      { labels: { job: 'shop', instance: 'a' }, points: [...grid(0, 10 * MINUTE, 1_700_000_000), ...grid(10 * MINUTE, 12 * MINUTE, start)] },
    ]);
    const [deployment] = versionChanges([info('a', '1.0', 0, 10 * MINUTE), info('a', '1.1', 10 * MINUTE, 12 * MINUTE)], began);
    expect([began.map(({ what }) => what), deployment?.at]).toEqual([['restart'], start * 1000]);
  });

  it('a version that goes back is a deployment too, and the first one that is seen is none', () => {
    const back = [info('a', '1.0', 0, 5 * MINUTE), info('a', '1.1', 5 * MINUTE, 9 * MINUTE), info('a', '1.0', 9 * MINUTE, 12 * MINUTE)];
    expect(versionChanges(back, []).map(({ from, to }) => [from, to])).toEqual([
      ['1.0', '1.1'],
      ['1.1', '1.0'],
    ]);
  });

  it('a specification that changes with its number of replicas is scaling, and no change', () => {
    const of = (points: [number, number][]) => [{ labels: { namespace: 'shop', deployment: 'checkout' }, points }];
    const generation = of([...grid(0, MINUTE, 4), ...grid(MINUTE, 2 * MINUTE, 5), ...grid(2 * MINUTE, 3 * MINUTE, 6)]);
    const replicas = of([...grid(0, MINUTE, 3), ...grid(MINUTE, 3 * MINUTE, 8)]);
    expect(specChanges(generation, replicas)).toEqual([expect.objectContaining({ what: 'configuration', at: MIDNIGHT + 2 * MINUTE })]);
  });
});

describe('a server', () => {
  let server: Server;
  let url: string;
  let fails: (path: string) => boolean = () => false;
  const authorizations = new Set<string | undefined>();
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v1/rules': { status: 'success', data: { groups: [] } },
    '/api/v2/silences': [
      {
        id: 's',
        status: { state: 'expired' },
        matchers: [{ name: 'app', value: 'checkout', isRegex: false, isEqual: true }],
        startsAt: new Date(SPAN.from).toISOString(),
        endsAt: new Date(SPAN.to).toISOString(),
        createdBy: 'ana',
        comment: 'move',
      },
    ],
    '/api/v2/alerts': [
      {
        fingerprint: 'f',
        startsAt: new Date(MIDNIGHT).toISOString(),
        labels: { alertname: 'FromElsewhere', app: 'mail' },
        annotations: {},
        status: { state: 'suppressed', silencedBy: ['s'], inhibitedBy: [] },
      },
    ],
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const address = new URL(request.url ?? '', 'http://x');
      authorizations.add(request.headers.authorization);
      response.setHeader('content-type', 'application/json');
      if (fails(request.url ?? ''))
        return void response.writeHead(422).end(JSON.stringify({ status: 'error', error: 'query processing would load too many samples' }));
      const matrix = { status: 'success', data: { resultType: 'matrix', result: [] } };
      response.end(JSON.stringify(answers[address.pathname] ?? matrix));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function readAll(): Promise<PartRead[]> {
    const both = { url, authorization: 'Bearer secret' };
    const parts: PartRead[] = [];
    const reader = prometheusPast({ prometheus: both, alertmanager: both, severities: PAGING });
    for await (const part of reader.read(SPAN, { done: new Set(['changes/2026-10-11']), signal: new AbortController().signal })) parts.push(part);
    return parts;
  }

  it('is asked for a part a day and kind, but not for those that are done, with the token', async () => {
    fails = () => false;
    expect((await readAll()).map(({ part }) => part)).toEqual(['alerts/2026-10-11', 'alerts/2026-10-12', 'changes/2026-10-12', 'silences', 'alerts now']);
    expect([...authorizations]).toEqual(['Bearer secret']);
  });

  it('tells silences that are over, what others send to its Alertmanager, and how much is kept quiet', async () => {
    fails = () => false;
    const facts: readonly PastFact[] = (await readAll()).flatMap((part) => part.facts);
    expect(facts).toEqual([
      { kind: 'silence', silence: expect.objectContaining({ owner: 'ana', startsAt: SPAN.from }) as unknown },
      expect.objectContaining({ kind: 'page', name: 'FromElsewhere', begin: MIDNIGHT }),
      { kind: 'note', text: expect.stringContaining('Of 1 alerts that fire now, 1 are silenced or inhibited') as string },
    ]);
  });

  it('that does not tell its rules adds no page for what fires now, and says so', async () => {
    fails = (path) => path.startsWith('/api/v1/rules');
    const facts = (await readAll()).flatMap((part) => part.facts);
    expect(facts.map(({ kind }) => kind)).toEqual(['silence', 'note', 'note']);
    expect(facts.at(-1)).toMatchObject({ text: expect.stringContaining('did not tell its rules') as string });
  });

  it('is another source when other severities are asked for', () => {
    const of = (severities: readonly ('sev1' | 'sev2')[]) => prometheusPast({ prometheus: { url }, severities }).source;
    expect([of(['sev2', 'sev1']), of(['sev1'])]).toEqual([`${url}, sev1 sev2`, `${url}, sev1`]);
  });

  it('that refuses one query costs that part, in its own words', async () => {
    fails = (path) => path.includes('build_info');
    const parts = await readAll();
    expect(parts.filter(({ error }) => error !== undefined)).toEqual([
      expect.objectContaining({ part: 'changes/2026-10-12', error: expect.stringContaining('too many samples') as string }),
    ]);
  });
});
