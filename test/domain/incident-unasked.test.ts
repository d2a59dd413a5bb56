import type { RecordedDecision } from '../../domain/approval';
import { applyRevision } from '../../domain/incident-moves';
import { newIncidentState } from '../../domain/incident-state';
import type { IncidentState } from '../../domain/incident-state';
import { planUnasked } from '../../domain/incident-unasked';
import type { PolicyVerdict } from '../../domain/proposal';
import { sampleProposal } from '../fakes/sample-incident';

const NOW = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const policy: PolicyVerdict = {
  ...{ mode: 'veto', vetoMs: 10 * MINUTE, reason: 'a rule', quorum: 1, approvers: [], notAuthor: false },
  ...{ remindAfterMs: MINUTE, expireAfterMs: DAY, escalateTo: 'on-call' },
};
const edit: RecordedDecision = {
  ...{ incidentId: 'inc-a', proposal: sampleProposal('inc-a').digest, verdict: 'approve', person: 'ana', parameters: { release: '9.9.9' } },
  ...{ at: '', acceptBy: '', acceptedAt: '', via: 'api', signature: 's' },
};

/** An incident that acts after ten minutes unless somebody objects, with an edit of ana that is looked at. */
function edited(): IncidentState {
  const state = newIncidentState({ incidentId: 'inc-a', workflowId: 'w', runId: 'r', environment: 'prod', service: 'bookshop', now: NOW });
  const proposal = sampleProposal('inc-a');
  const terms = { incidentId: 'inc-a', proposal: proposal.digest, mode: 'veto', cause: 'bad-release', score: 0.9, corroborated: true } as const;
  const warrant = { ...terms, notBefore: NOW + 10 * MINUTE, seal: 's' };
  planUnasked(state, NOW, { proposal, policy, warrant, askedAt: NOW, expiresAt: NOW + DAY, decisions: [], reminded: false, state: 'open' });
  state.asked!.decisions.push(edit);
  return state;
}

test('where a person wanted other parameters that cannot be had, it is not done as it was when the time is over: people are asked', () => {
  const state = edited();
  applyRevision(state, NOW + MINUTE, edit, { refused: 'There is no release 9.9.9.', verified: true });
  expect(state).toMatchObject({
    status: 'awaiting-approval',
    pendingNotify: 'proposed',
    asked: { state: 'open', decisions: [], expiresAt: NOW + MINUTE + DAY, policy: { mode: 'approve' } },
  });
  expect([state.asked?.actsAt, state.asked?.warrant]).toEqual([undefined, undefined]);
  expect(state.asked?.policy.reason).toBe('a rule A person is asked now: ana wanted other parameters, which cannot be had.');
});

test('an edit that no door signed is struck, and stops nothing', () => {
  const state = edited();
  applyRevision(state, NOW + MINUTE, edit, { refused: 'It is not signed.', verified: false });
  expect(state.asked).toMatchObject({ actsAt: NOW + 10 * MINUTE, decisions: [], policy: { mode: 'veto' } });
  expect(state.asked?.warrant).toBeDefined();
});

test('an edit that can be had waits for answers: what a person changed has no record to act by', () => {
  const state = edited();
  const proposal = sampleProposal('inc-a', { digest: 'd2'.repeat(32), parameters: { release: '1.3.0' } });
  applyRevision(state, NOW + MINUTE, edit, { proposal, policy: { ...policy, mode: 'approve' } });
  expect(state.asked).toMatchObject({ proposal, editedFrom: sampleProposal('inc-a').digest, decisions: [edit] });
  expect([state.asked?.actsAt, state.asked?.warrant]).toEqual([undefined, undefined]);
});
