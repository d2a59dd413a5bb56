import { readCatalogue } from '../../config/catalogue';
import { defaultsOf } from '../../config/defaults';
import { packageRoot } from '../../config/package-root';
import type { PastFact } from '../../domain/lookback/facts';
import { totalEstimate } from '../../domain/lookback/estimate';
import { lookBack, type LookbackSettings } from '../../domain/lookback/look-back';
import { assemblePast } from '../../domain/lookback/past';
import type { LookbackReport } from '../../domain/lookback/report';
import { makeFortnight } from '../../test/fakes/past/fortnight';
import { memoryReader } from '../../test/fakes/past/memory-reader';
import type { Fortnight } from '../../test/fakes/past/world';
import { measureGrouping } from '../storm/grouping';
import type { OpenReader } from './through-aws';

/** How well the look back finds what a generated fortnight holds. */
export interface LookbackResult {
  readonly seed: number;
  readonly pages: number;
  readonly incidents: number;
  /** 0 to 1, over all pages. */
  readonly purity: number;
  readonly completeness: number;
  /** Of 8 incidents after a deployment or a change in the console, those whose change is named. */
  readonly changesNamed: number;
  /** Whether the provider's event is named, 1 or 0. */
  readonly providerNamed: number;
  /** Incidents for which something is named that was not the cause. */
  readonly wrongCauses: number;
  /** Of console changes and events of the provider that are named, those with a rollback proposed: none should have one. */
  readonly rollbacksOfOthers: number;
  readonly calls: number;
  readonly estimatedCalls: number;
}

/** Looks back on a generated fortnight and measures against the truth. */
export async function measureLookback(seed: number, open = inMemory): Promise<{ readonly result: LookbackResult; readonly report: LookbackReport }> {
  const world = makeFortnight(seed);
  const { reader, close } = await open(world);
  const { parts } = await reader.estimate(world.span);
  const facts: PastFact[] = [];
  let calls = 0;
  for await (const part of reader.read(world.span, { done: new Set(), signal: new AbortController().signal })) {
    facts.push(...part.facts);
    calls += Object.values(part.calls).reduce((sum, each) => sum + each, 0);
  }
  await close();
  const estimated = totalEstimate(parts, new Set()).calls;
  const making = { made: world.span.to, source: reader.source, gaps: [], calls: { estimated, made: calls, usd: 0 } };
  const report = lookBack(assemblePast(facts, world.span), productionSettings(), making);
  return { result: { seed, ...measured(report, world), calls, estimatedCalls: estimated }, report };
}

/** The fortnight without a network. */
function inMemory(world: Fortnight): Promise<OpenReader> {
  return Promise.resolve({ reader: memoryReader(world), close: () => Promise.resolve() });
}

/** The settings of a first look: no configuration, the defaults of the live engine. */
export function productionSettings(): LookbackSettings {
  const { incidents, alerts, approvals, limits, brake } = defaultsOf('default');
  const { runbooks } = readCatalogue({ root: packageRoot() });
  const policy = { rules: [], freezes: [], approvals: { ...approvals, allowUnverified: false }, limits, brake };
  const { watchMs, evidence } = incidents;
  return {
    environment: 'production',
    zone: 'UTC',
    watchMs,
    lookbackMs: evidence.lookbackMs,
    quiet: { conditions: [], flapping: alerts.flapping },
    runbooks,
    policy,
    services: [],
  };
}

function measured(report: LookbackReport, { truth }: Fortnight): Omit<LookbackResult, 'seed' | 'calls' | 'estimatedCalls'> {
  const groups = new Map(truth.flatMap((incident, i) => incident.pages.map((page): [string, string] => [page, String(i)])));
  const grouped = report.incidents.map(({ id, pages }) => ({ incidentId: id, ids: pages.map((page) => page.id) }));
  const named = report.incidents.map((incident) => ({
    incident,
    cause: incident.suspects.find((each) => each.named)?.id,
    truth: truthOf(
      incident.pages.map(({ id }) => id),
      truth,
    ),
  }));
  const found = (kinds: readonly string[]) =>
    truth.filter(({ kind, cause }) => kinds.includes(kind) && named.some((each) => each.cause === cause && each.truth?.cause === cause)).length;
  return {
    ...{ pages: report.totals.pages, incidents: report.totals.incidents },
    ...measureGrouping([...groups.keys()], grouped, (id) => groups.get(id) ?? id),
    ...{ changesNamed: found(['deployment', 'console']), providerNamed: found(['provider']) },
    wrongCauses: named.filter(({ cause, truth: real }) => cause !== undefined && cause !== real?.cause).length,
    rollbacksOfOthers: named.filter(
      ({ incident, truth: real }) => (real?.kind === 'console' || real?.kind === 'provider') && incident.wouldHave.would === 'propose',
    ).length,
  };
}

/** The true incident that most of the pages belong to. */
function truthOf(pages: readonly string[], truth: Fortnight['truth']): Fortnight['truth'][number] | undefined {
  const count = (each: Fortnight['truth'][number]): number => each.pages.filter((page) => pages.includes(page)).length;
  return [...truth].sort((a, b) => count(b) - count(a))[0];
}
