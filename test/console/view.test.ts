import { hrefOf, routeOf } from '../../console/route';
import { safeToShow } from '../../console/safe-text';
import { linesOf, originOf } from '../../console/view/evidence-text';
import { byUrgency, needOf } from '../../console/view/needs';
import { together } from '../../console/view/together';
import { consoleLink } from '../../domain/console-link';
import type { EvidenceItem } from '../../domain/evidence';
import { STATUSES } from '../../domain/names';
import { sampleView, SAMPLE_ID } from '../fakes/incident-samples';

const NOW = Date.parse('2026-11-20T14:05:00.000Z');

describe('an address', () => {
  test('names an incident, the open ones or all, and comes back the same', () => {
    for (const route of [
      { page: 'incident', id: SAMPLE_ID },
      { page: 'list', closedToo: true },
      { page: 'list', closedToo: false },
    ] as const)
      expect(routeOf(hrefOf(route))).toEqual(route);
  });

  test('is the one that notifications name', () => {
    expect(routeOf(new URL(consoleLink('http://127.0.0.1:7070', SAMPLE_ID)).hash)).toEqual({ page: 'incident', id: SAMPLE_ID });
  });

  test.each(['', '#', '#/nowhere', '#/incidents/../keys', '#/incidents/inc-<b>', '#/incidents/inc-abc'])('of nothing (%s) is the list', (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'list', closedToo: false });
  });
});

test('services that joined and related incidents are told with the reason, and the way to them', () => {
  const joined = [{ service: 'payments', conditions: 3, firing: 2, reason: 'payments calls db' }];
  const related = [{ incidentId: SAMPLE_ID, reason: 'a person split payments off' }];
  expect(together({ joined, related })).toEqual({
    joined: [{ service: 'payments', text: 'joined (2 of 3 fire), as payments calls db.' }],
    related: [{ incidentId: SAMPLE_ID, href: `#/incidents/${SAMPLE_ID}`, text: 'a person split payments off.' }],
  });
  expect(together({})).toEqual({ joined: [], related: [] });
});

describe('what is needed from a person', () => {
  test('is an answer, with what it is about, how many are there, and until when', () => {
    const view = sampleView();
    const proposal = view.proposal && { ...view.proposal, policy: { ...view.proposal.policy, quorum: 2 }, approvals: ['ana'] };
    expect(needOf({ ...view, ...(proposal && { proposal }) }, NOW)).toEqual({
      urgent: true,
      text: 'approve or reject: Roll the release back. 1 of 2 approvals are there. Expires in 3 d.',
      commands: [],
    });
  });

  test('is told for every state, and urgent only where nothing goes on without one', () => {
    const urgent = STATUSES.filter((status) => {
      const need = needOf(sampleView({ status, reason: 'why', takenBy: 'ana' }), NOW);
      expect(need.text).toMatch(/\w{4}/);
      return need.urgent;
    });
    expect(urgent).toEqual(['awaiting-approval', 'escalated', 'handed-over']);
    const escalated = needOf(sampleView({ status: 'escalated', reason: 'Nobody answered.' }), NOW);
    expect([escalated.text, escalated.commands[0]]).toEqual(['a person. Nobody answered.', `npx nightshift incident take-over ${SAMPLE_ID}`]);
  });

  test('is nothing while the end of a prediction is awaited, and it is not called well again', () => {
    const watching = sampleView({ status: 'watching' });
    expect(needOf(watching, 0).text).toBe('nothing, what is predicted is provided for, and its end is awaited.');
    expect(needOf({ ...watching, outcome: { kind: 'fixed', summary: 'It is well.' } }, 0).text).toMatch(/^nothing, it is well again/);
  });

  test('orders the list: who needs a person, then the worst, then the newest, then the closed ones', () => {
    const list = [
      sampleView({ incidentId: 'closed', status: 'resolved', severity: 'sev1' }),
      sampleView({ incidentId: 'watching', status: 'watching', severity: 'sev1' }),
      sampleView({ incidentId: 'old', severity: 'sev2', openedAt: '2026-11-20T10:00:00.000Z' }),
      sampleView({ incidentId: 'new', severity: 'sev2' }),
      sampleView({ incidentId: 'worst', severity: 'sev1', status: 'escalated' }),
    ];
    expect(byUrgency(list).map((view) => view.incidentId)).toEqual(['worst', 'new', 'old', 'watching', 'closed']);
  });
});

describe('outside text', () => {
  test('cannot turn or hide what stands beside it, anywhere in an answer', () => {
    const answer = { title: 'safe\u202eevil', items: [{ 'na\u0007me': 'two\nlines', count: 3, on: true, none: null }] };
    expect(safeToShow(answer)).toEqual({ title: 'safe\\u202eevil', items: [{ 'na\\x07me': 'two lines', count: 3, on: true, none: null }] });
  });
});

describe('a fact', () => {
  const stats = { errorShare: 0.31, latencyP95Ms: 1234, ratePerSecond: 52.04 };
  const facts = {
    metrics: { kind: 'metrics', service: 'shop', baseline: { ...stats, errorShare: 0 }, now: stats },
    log: { kind: 'logs', service: 'shop', linesRead: 9, patterns: [{ pattern: 'no <n>', level: 'error', before: 0, since: 4, isNew: true }] },
    change: { kind: 'change', leadMs: 6000, change: { service: 'shop', author: 'ana', at: '2026-11-20T14:00:00Z', summary: '1.5.0' } },
    neighbour: { kind: 'neighbour', service: 'payments', healthy: null, baseline: stats, now: { ...stats, errorShare: null, ratePerSecond: null } },
    missing: { kind: 'missing', what: 'logs of shop', reason: 'no log is configured' },
  } as unknown as Record<string, EvidenceItem>;
  const fact = (name: string): EvidenceItem => facts[name] as EvidenceItem;

  test('says where it comes from', () => {
    expect(Object.keys(facts).map((name) => originOf(fact(name)))).toEqual([
      'metrics of shop',
      'log of shop, 9 lines read',
      'changes of shop, by ana',
      'metrics of payments, which it depends on',
      'logs of shop',
    ]);
  });

  test('has its figures in words', () => {
    expect(linesOf(fact('metrics'))).toEqual([
      'before: 0 % of requests fail, p95 1.2 s, 52.0 requests/s',
      'now: 31 % of requests fail, p95 1.2 s, 52.0 requests/s',
    ]);
    expect(linesOf(fact('log'))).toEqual(['error, new: “no <n>”, 0 before and 4 since the onset']);
    const sampled = {
      ...fact('log'),
      patterns: [{ pattern: 'no <n>', level: 'warn', before: 1, since: 4, isNew: false, samples: ['no 7'] }],
    } as unknown as EvidenceItem;
    expect(linesOf(sampled)).toEqual(['warn: “no <n>”, 1 before and 4 since the onset', 'a line: “no 7”']);
    expect(linesOf(fact('change'))).toEqual(['2026-11-20 14:00:00 UTC: 1.5.0', '6 s before the trouble began']);
    expect(linesOf(fact('neighbour'))[1]).toBe('now: no requests');
    expect(linesOf(fact('missing'))).toEqual(['no log is configured']);
  });
});
