import type { IncidentView } from '../../domain/incident-view';
import type { Call, Lane } from './lane';
import type { Stage } from './plan';

/** Where a run is, as far as it can be seen from outside. */
export interface Observed {
  readonly stage: Stage | 'ended';
  readonly view: IncidentView | undefined;
  readonly calls: readonly Call[];
}

/** What a run knows besides. */
export interface Since {
  /** Epoch milliseconds of the fault. */
  readonly at: number;
  /** Calls that were in the ledger before it. */
  readonly calls: number;
}

/** Looks at the incident and at the ledger; what does not answer is as it was last. `answered`: a person's answer was sent, or has been taken. */
export async function observe(lane: Lane, since: Since, answered: boolean, last?: Observed): Promise<Observed> {
  const [view, calls] = await Promise.all([newest(lane, since), lane.calls()]);
  const seen = { view: view ?? last?.view, calls: calls?.slice(since.calls) ?? last?.calls ?? [] };
  return { ...seen, stage: stageOf(seen.view, seen.calls, answered) };
}

async function newest(lane: Lane, since: Since): Promise<IncidentView | undefined> {
  const page = await lane
    .api()
    .then(
      (api) => api.incidents({ service: 'bookshop', limit: 1 }),
      () => undefined,
    )
    .catch(() => undefined);
  return page?.incidents.find((view) => Date.parse(view.openedAt) >= since.at);
}

function stageOf(view: IncidentView | undefined, calls: readonly Call[], answered: boolean): Observed['stage'] {
  switch (view?.status) {
    case undefined:
      return 'detecting';
    case 'open':
    case 'triaged':
    case 'diagnosed':
      return 'opened';
    case 'awaiting-approval':
      return answered ? actingStage(calls, 'deciding') : 'awaiting-approval';
    case 'remediating':
      return actingStage(calls, 'preparing');
    case 'verifying':
      return 'verifying';
    case 'watching':
      return 'watching';
    case 'resolved':
    case 'escalated':
    case 'handed-over':
      return 'ended';
  }
}

function actingStage(calls: readonly Call[], before: Stage): Stage {
  if (calls.length === 0) return before;
  return calls.some((call) => call.state === 'done') ? 'acted' : 'acting';
}
