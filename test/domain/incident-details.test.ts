import { incidentDetails } from '../../domain/incident-details';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import { sampleIncident, sampleProposal } from '../fakes/sample-incident';

const ID = 'inc-abcdefgh23456723';
const NOW = Date.UTC(2026, 10, 20, 3, 0, 0);

/** An incident that asks for an answer. */
function asking(over: Partial<IncidentState> = {}): IncidentState {
  const identity = { incidentId: ID, workflowId: 'incident:prod:bookshop', runId: 'run', environment: 'prod', service: 'bookshop', now: NOW };
  const { policy } = sampleIncident(ID).proposal!;
  const proposal = sampleProposal(ID);
  const asked = { proposal, policy, askedAt: NOW, expiresAt: NOW + 3_600_000, decisions: [], reminded: false, state: 'open' as const };
  const hypothesis = { id: 'change:1', cause: 'bad-release' as const, title: 'Release 1.5.0', score: 0.9, supporting: ['E01', 'E02'], contradicting: [] };
  const ruledOut = [{ title: 'A surge of traffic', reason: 'as ever', evidence: [] }];
  const diagnosis = { verdict: 'determined' as const, hypotheses: [hypothesis], ruledOut, unknown: [], evidenceDigest: 'e', evidence: {}, onset: '' };
  return { ...newIncidentState(identity), status: 'awaiting-approval', title: 'Checkout fails', diagnosis, asked, ...over };
}

test('what is wrong, since when, the cause, the exact proposal and how to answer it, each a paragraph or a list of its own', () => {
  const text = incidentDetails(asking());
  expect(text).toContain('# Checkout fails\n\n**awaiting-approval** · sev4 · prod/bookshop · since 2026-11-20T03:00:00.000Z');
  expect(text).toContain('Release 1\\.5\\.0 (evidence E01, E02)\n\n- ruled out: A surge of traffic&#58; as ever\n\n');
  expect(text).toContain('\n\n- deploy 1\\.4\\.0\n- undo&#58; deploy 1\\.5\\.0\n\n');
  expect(text).toContain(`"proposal":"${sampleProposal(ID).digest}"`);
  expect(text).toContain(`npx nightshift incident approve ${ID} --proposal ${sampleProposal(ID).digest}`);
  expect(text).toContain('it expires at 2026-11-20T04:00:00.000Z and goes to on\\-call');
});

test('without an open proposal it asks for nothing', () => {
  const { asked } = asking();
  expect(incidentDetails(asking({ asked: { ...asked!, state: 'withdrawn' } }))).not.toContain('incident approve');
});

test('text from outside shows as itself and never as a link, an image or a heading', () => {
  const text = incidentDetails(asking({ title: '# [click](https://evil.example) ![x](y) <b>' }));
  expect(text).not.toMatch(/\]\(|<b>|https:/);
  expect(text.split('\n')[0]).toMatch(/^# \\# /);
});
