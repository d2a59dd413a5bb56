import type { RunbookStanding } from '../domain/confidence/standing-view';
import type { ConfidenceSettings } from '../domain/confidence/settings';
import { compareText } from '../domain/compare';
import { defined } from '../domain/defined';
import { findService } from '../domain/inventory';
import type { Inventory, Service } from '../domain/inventory';
import { judge } from '../domain/policy';
import type { Policy } from '../domain/policy-types';
import type { RunbookSnapshot } from '../domain/runbook';
import type { Clock } from '../ports/clock';
import type { OutcomeLedger, RecordedKind } from '../ports/outcomes';
import type { RunbookLibrary } from '../ports/runbooks';
import type { StandingFilter, Standings } from '../ports/standings';
import type { RecordedAutonomy, StandingQuestion } from './autonomy';

/** What standings are told with. */
export interface StandingsDeps {
  readonly outcomes: Pick<OutcomeLedger, 'kinds'>;
  readonly autonomy: Pick<RecordedAutonomy, 'standingsOf'>;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  readonly inventory: Inventory;
  readonly policy: Policy;
  readonly settings: ConfidenceSettings;
  readonly clock: Clock;
}

/** Standings of the runbooks of the catalogue on the services of the inventory. What is in neither any more can do nothing, and is not shown. */
export function createStandings(deps: StandingsDeps): Standings {
  return {
    async page(filter, limit, after) {
      const catalogue = await deps.runbooks.current();
      const recorded = (await deps.outcomes.kinds(filter)).flatMap((kind) => candidateOf(kind, catalogue, deps.inventory));
      const all = recorded.length > 0 ? recorded : candidates(filter, catalogue, deps.inventory);
      const sorted = all.sort((a, b) => compareKinds(a.kind, b.kind));
      const behind = after === undefined ? sorted : sorted.filter(({ kind }) => compareKinds(kind, after) > 0);
      return { standings: await standingsOf(deps, behind.slice(0, limit)), more: behind.length > limit };
    },
  };
}

interface Candidate {
  readonly kind: RecordedKind;
  readonly snapshot: RunbookSnapshot;
  readonly service: Service;
}

function candidateOf(kind: RecordedKind, catalogue: readonly RunbookSnapshot[], inventory: Inventory): Candidate[] {
  const snapshot = catalogue.find(({ runbook }) => runbook.id === kind.runbook);
  const service = findService(inventory, kind.environment, kind.service);
  return snapshot && service ? [{ kind, snapshot, service }] : [];
}

/** Every runbook for each of its causes on every service that can be acted on. */
function candidates(filter: StandingFilter, catalogue: readonly RunbookSnapshot[], { services }: Inventory): Candidate[] {
  const fits = (wanted: string | undefined, name: string): boolean => wanted === undefined || wanted === name;
  const places = services.filter((each) => each.hands && fits(filter.environment, each.environment) && fits(filter.service, each.name));
  return catalogue
    .filter(({ runbook }) => fits(filter.runbook, runbook.id))
    .flatMap((snapshot) =>
      places.flatMap((service) =>
        snapshot.runbook.causes.map((cause) => ({
          kind: { runbook: snapshot.runbook.id, cause, environment: service.environment, service: service.name },
          ...{ snapshot, service },
        })),
      ),
    );
}

async function standingsOf({ autonomy, policy, settings, clock }: StandingsDeps, page: readonly Candidate[]): Promise<RunbookStanding[]> {
  const at = clock.now();
  const asked = page.map((each) => ({ each, ...questionOf(policy, each, at) }));
  const found = await autonomy.standingsOf(asked.map(({ question }) => question));
  return asked.flatMap(({ each, said }, i) => {
    const standing = found[i];
    return standing === undefined ? [] : [{ ...described(each), policy: said, gate: settings.needs.auto.bound, standing }];
  });
}

function questionOf(policy: Policy, { kind, snapshot: { runbook, hash }, service }: Candidate, at: number) {
  const { tier, likeness } = service;
  const { mode, reason } = judge(policy, { runbook: runbook.id, environment: kind.environment, service: kind.service, tier }, at);
  const question: StandingQuestion = {
    ...{ key: { ...kind, hash, tier, likeness }, danger: { risk: runbook.risk, reversible: runbook.reversible } },
    ...{ ceiling: mode, at },
  };
  return { question, said: { mode, reason } };
}

function described({ kind, snapshot: { runbook, hash }, service: { tier, likeness } }: Candidate): Omit<RunbookStanding, 'policy' | 'gate' | 'standing'> {
  const { environment, service, cause } = kind;
  const { id, version, title } = runbook;
  return { runbook: { id, version, hash, title }, environment, service, cause, tier, ...defined({ likeness }) };
}

function compareKinds(a: RecordedKind, b: RecordedKind): number {
  return compareText(a.runbook, b.runbook) || compareText(a.environment, b.environment) || compareText(a.service, b.service) || compareText(a.cause, b.cause);
}
