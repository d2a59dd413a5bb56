import { escapeMarkdown } from './markdown';
import type { IncidentState } from './incident-state';
import { authorityText } from './incident-unasked';
import { targetId } from './inventory';

/** What the Temporal UI shows on the workflow's page, in Markdown that a person can act on. */
export function incidentDetails(state: IncidentState): string {
  const since = new Date(state.openedAt).toISOString();
  const lines = [
    `# ${escapeMarkdown(state.title)}`,
    `**${state.status}** · ${state.severity} · ${escapeMarkdown(state.environment)}/${escapeMarkdown(state.service)} · since ${since} · ${state.incidentId}`,
    escapeMarkdown(state.affected),
    ...(state.reason === undefined ? [] : [`**Why:** ${escapeMarkdown(state.reason)}`]),
    ...causeLines(state),
    ...proposalLines(state),
    '## Newest entries',
    ...state.tail.slice(-8).map((e) => `- ${e.at} ${e.kind}: ${escapeMarkdown(e.summary)}`),
  ];
  return lines.join('\n\n').slice(0, 8000);
}

function causeLines(state: IncidentState): string[] {
  const best = state.diagnosis?.hypotheses[0];
  if (!state.diagnosis) return [];
  const ruledOut = state.diagnosis.ruledOut.slice(0, 5).map((r) => `- ruled out: ${escapeMarkdown(`${r.title}: ${r.reason}`)}`);
  const cause = state.diagnosis.verdict === 'determined' && best ? `${escapeMarkdown(best.title)} (evidence ${best.supporting.join(', ')})` : 'Undetermined.';
  // A list needs an empty line before it.
  const from = state.diagnosis.advice === undefined ? [] : [escapeMarkdown(state.diagnosis.advice.note)];
  return ['## Cause', cause, ...from, ...(ruledOut.length === 0 ? [] : [ruledOut.join('\n')])];
}

function proposalLines(state: IncidentState): string[] {
  const asked = state.asked;
  if (!asked || (asked.state !== 'open' && asked.state !== 'suggested')) return [];
  const { proposal } = asked;
  const how = [
    `To answer, send the update \`decide\` with`,
    '```json',
    JSON.stringify({
      incidentId: state.incidentId,
      proposal: proposal.digest,
      verdict: 'approve',
      person: 'your name',
      at: 'now',
      acceptBy: new Date(asked.expiresAt).toISOString(),
    }),
    '```',
    `or run \`npx nightshift incident approve ${state.incidentId} --proposal ${proposal.digest}\`. Unsigned answers count only where \`allowUnverified\` is on.`,
  ].join('\n');
  return [
    `## Proposed: ${escapeMarkdown(proposal.runbook.title)} on ${escapeMarkdown(targetId(proposal.target))}`,
    ...(proposal.runbook.about === undefined ? [] : [escapeMarkdown(proposal.runbook.about)]),
    [...proposal.preview, ...proposal.inverse.map((l) => `undo: ${l}`)].map((l) => `- ${escapeMarkdown(l)}`).join('\n'),
    asked.actsAt === undefined
      ? `Nobody answers: it expires at ${new Date(asked.expiresAt).toISOString()} and goes to ${escapeMarkdown(asked.policy.escalateTo)}.`
      : `Nobody objects: it is done at ${new Date(asked.actsAt).toISOString()}, ${escapeMarkdown(authorityText(asked.policy))}.`,
    ...(asked.state === 'open' ? [how] : []),
  ];
}
