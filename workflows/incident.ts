import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { conditionName, unsettled } from '../domain/incident-alerts';
import { enterJoined } from '../domain/incident-joins';
import * as moves from '../domain/incident-moves';
import { enter } from '../domain/incident-record';
import type { IncidentInput, IncidentSummary } from '../domain/steps';
import { awaitApproval } from './incident-approval';
import { IncidentFlow } from './incident-flow';
import { listen } from './incident-handlers';
import { awaitHealing, awaitPerson, close, investigate, watch } from './incident-phases';
import { remediate } from './incident-remediation';
import { mustUnderstand } from './support';

/** One incident of one service, from its first alert to its resolution. State is plain JSON, so that it may continue as new at any wait. */
export async function incident(input: IncidentInput): Promise<IncidentSummary> {
  mustUnderstand('incident', input);
  const flow = new IncidentFlow(input);
  listen(flow.state, flow.box, { ...input.settings, condensed: flow.condenses });
  try {
    return await run(flow);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => closeCancelled(flow));
    throw error;
  }
}

async function run(flow: IncidentFlow): Promise<IncidentSummary> {
  const { state } = flow;
  await condition(() => state.alertCount > 0);
  if (state.round === 0) {
    const [first, ...others] = unsettled(state);
    if (!first) return { incidentId: state.incidentId, status: 'ignored', outcome: 'Only ends of conditions arrived; nothing was open.' };
    enter(state, Date.now(), first.source, 'opened', `Opened by ${conditionName(first)}: ${first.summary}`);
    enterJoined(state, Date.now(), { added: others, refired: [], ended: [] }, flow.condenses);
  }
  while (state.status !== 'resolved') {
    await phase(flow);
    obey(flow);
    if (state.status === 'watching' && state.outcome && (state.watchUntil ?? 0) <= Date.now()) await close(flow);
    else if (flow.large()) await flow.continue();
  }
  return { incidentId: state.incidentId, status: state.status, outcome: state.outcome?.kind ?? 'resolved' };
}

function phase(flow: IncidentFlow): Promise<void> {
  switch (flow.state.status) {
    case 'open':
    case 'triaged':
      return investigate(flow);
    case 'awaiting-approval':
      return awaitApproval(flow);
    case 'remediating':
    case 'verifying':
      return remediate(flow);
    case 'diagnosed':
      return awaitHealing(flow);
    case 'watching':
      return watch(flow);
    default:
      return awaitPerson(flow);
  }
}

/** Carries out what a person asked for, at a safe point. */
function obey(flow: IncidentFlow): void {
  const { state, box } = flow;
  const wish = box.wish;
  if (!wish || state.status === 'resolved') return;
  delete box.wish;
  box.urgent = true;
  moves.carryOutWish(state, Date.now(), wish);
}

/** Somebody cancelled the workflow in Temporal: the projection must not show it as open for ever. */
async function closeCancelled(flow: IncidentFlow): Promise<void> {
  moves.carryOutWish(flow.state, Date.now(), { kind: 'resolve', person: 'temporal', note: 'The workflow was cancelled.' });
  moves.resolve(flow.state, Date.now());
  await flow.flush();
}
