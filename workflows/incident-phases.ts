import { isCancellation } from '@temporalio/workflow';
import { defined } from '../domain/defined';
import * as moves from '../domain/incident-moves';
import { blind, graverSince, gravest } from '../domain/incident-alerts';
import { enter, transitionOf } from '../domain/incident-record';
import { endAwaited, watchEnd } from '../domain/watch-end';
import type { IncidentFlow } from './incident-flow';
import { Deadline, incidentActivities, rootMessage } from './support';

/** One round: freeze the evidence, diagnose, ask policy, and write down what follows. */
export async function investigate(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const { settings } = flow.input;
  state.round += 1;
  delete state.asked;
  delete state.reason;
  const news = graverSince(state);
  if (flow.looksAgain) state.known = gravest(state);
  const { incidentId, environment, service, round, wellSince } = state;
  try {
    const transition = transitionOf(state, Date.now());
    const gather = incidentActivities(settings.activity.gather, `Gather evidence, round ${String(round)}`).gather;
    const since = defined({ wellSince, graverSince: news });
    const gathered = await gather({ incidentId, environment, service, round, alerts: state.alerts, ...since, settings: settings.evidence, transition });
    flow.confirmed(transition, gathered.head);
    state.evidence = gathered.evidence;
    if (gathered.predecessor !== undefined) state.predecessor = gathered.predecessor;
    const { digest, ids } = gathered.evidence;
    enter(state, Date.now(), 'nightshift', 'evidence', `${String(ids.length)} items frozen.`, { digest, ids });
    const { maxHypotheses } = settings;
    const { alerts, attempts } = state;
    const assess = incidentActivities(settings.activity.assess ?? settings.activity.quick, 'Diagnose and ask policy').assess;
    const unasked = flow.actsUnasked && state.heldBack !== true ? ({ unasked: true } as const) : {};
    const found = await assess({ incidentId, environment, service, round, evidence: gathered.evidence, alerts, attempts, maxHypotheses, ...unasked });
    moves.applyAssessment(state, Date.now(), found, settings.selfHealMs);
  } catch (error) {
    if (isCancellation(error)) throw error;
    moves.escalate(state, Date.now(), `The investigation failed: ${rootMessage(error)}`);
  }
  await flow.flush();
}

/** Nothing of ours to act on: waits for it to heal by itself, then asks a person. */
export async function awaitHealing(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const timer = new Deadline((state.waitUntil ?? 0) - Date.now(), 'Waiting for it to heal by itself');
  try {
    await flow.until(() => timer.fired || flow.healed() || blind(state));
  } finally {
    timer.cancel();
  }
  if (flow.healed()) moves.recoverUnaided(state, Date.now(), flow.input.settings.watchMs);
  else if (blind(state)) moves.escalateBlind(state, Date.now());
  else if (timer.fired) moves.escalate(state, Date.now(), `It has not healed by itself. ${state.reason ?? ''}`);
  else return;
  await flow.flush();
}

/**
 * Waits for a person. Where nothing was done, the end of every alert ends the wait too, and where no cause was found a graver alert begins a new round; where something was done, a person sees
 * it in the view, and closes.
 */
export async function awaitPerson(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const untouched = (state.remediation?.effects.length ?? 0) === 0 && state.remediation?.uncertain !== true;
  const mayHeal = state.status === 'escalated' && untouched;
  const told = (): boolean => (mayHeal ? flow.healed() : flow.turned);
  const looksAgain = (): boolean => mayHeal && (state.cause ?? 'undetermined') === 'undetermined' && graverSince(state) !== undefined;
  await flow.until(() => told() || looksAgain());
  if (flow.box.wish) return;
  if (looksAgain()) return moves.lookAgain(state, Date.now());
  if (!told()) return;
  if (mayHeal) moves.recoverUnaided(state, Date.now(), flow.input.settings.watchMs);
  await flow.flush();
}

/** Watches a service that is well again, or what was predicted of it. */
export async function watch(flow: IncidentFlow): Promise<void> {
  const { state, box } = flow;
  if (!state.outcome) return standBy(flow);
  const left = (state.watchUntil ?? 0) - Date.now();
  if (left > 0) {
    const timer = new Deadline(left, 'Watching whether it stays well');
    try {
      await flow.until(() => timer.fired || box.relapsed || endTold(flow));
    } finally {
      timer.cancel();
    }
  }
  if (endTold(flow)) state.watchUntil = Date.now();
  relapseIfTold(flow);
}

/** The watch goes on for the end of what the detector sees, and that has been told. */
function endTold({ standsBy, state }: IncidentFlow): boolean {
  return standsBy && state.watchedOn === true && !endAwaited(state) && !blind(state);
}

/** A prediction ends when it is not expected any more; one that comes true ends too, and its alert is trouble. One that does neither in its time is for a person. */
async function standBy(flow: IncidentFlow): Promise<void> {
  const { state, box } = flow;
  const timer = new Deadline((state.watchUntil ?? 0) - Date.now(), 'Waiting for the end of what is predicted');
  try {
    await flow.until(() => timer.fired || flow.healed() || box.relapsed || blind(state));
  } finally {
    timer.cancel();
  }
  if (box.relapsed) {
    box.relapsed = false;
    moves.interrupt(state, Date.now());
  } else if (box.wish) return;
  else if (flow.healed()) moves.avert(state, Date.now(), flow.input.settings.watchMs);
  else if (blind(state)) moves.escalateBlind(state, Date.now());
  else if (timer.fired) moves.escalateUnended(state, Date.now());
  else return;
  if (state.status !== 'triaged') await flow.flush();
}

/** Ends the incident, unless an alert came meanwhile or our own detector still sees the trouble when it has had the time to see its end. */
export async function close(flow: IncidentFlow): Promise<void> {
  const { state } = flow;
  const end = watchEnd(state, Date.now(), flow.input.settings);
  if (end.kind === 'watch-on') return moves.watchOn(state, Date.now(), end.until);
  if (end.kind === 'relapse') return moves.relapse(state, Date.now(), 'Measured as recovered, yet it has not ended');
  moves.resolve(state, Date.now());
  // What comes while the end is written must not be lost with the workflow: alerts open it again, the rest is written too.
  do await flow.flush();
  while (!flow.box.relapsed && state.pending.length > 0);
  relapseIfTold(flow);
}

function relapseIfTold(flow: IncidentFlow): void {
  if (!flow.box.relapsed) return;
  flow.box.relapsed = false;
  moves.relapse(flow.state, Date.now());
}
