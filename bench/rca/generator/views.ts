import type { Call, CauseNode, NodeSeries, SeriesValue } from '../../../domain/root-cause/types';
import type { Chance } from './chance';
import type { Clock } from './measure';
import type { Truth } from './simulate';
import type { Topology } from './topology';

/** Shares of the calls that are seen at an address too, and of the services that write what failed to a store which is else not used. */
const SHARE = { seen: 0.12, errorStore: 0.08 };

/** Nodes that tracing shows beside the services: addresses as their callers see them, and stores that are used on errors alone. */
export function viewsOf({
  chance,
  topology,
  truths,
  clock,
  names,
}: {
  readonly chance: Chance;
  readonly topology: Topology;
  readonly truths: readonly (readonly Truth[])[];
  readonly clock: Clock;
  readonly names: readonly string[];
}): { readonly nodes: CauseNode[]; readonly calls: Call[] } {
  const nodes: CauseNode[] = [];
  const calls: Call[] = [];
  for (const { caller, callee, calls: each } of topology.links) {
    if (!chance.happens(SHARE.seen)) continue;
    const id = `${names[callee] ?? ''}.address-of-${names[caller] ?? ''}`;
    const part = chance.between(0.1, 1);
    const rows = truths.map((row) => addressRow(chance, row[callee], (row[caller]?.requests ?? 0) * each * part));
    nodes.push({ id, measuredBy: 'callers', series: seriesOf(rows, clock) });
    calls.push({ caller: names[caller] ?? '', callee: id });
  }
  for (const [place, name] of names.entries()) {
    if (!chance.happens(SHARE.errorStore)) continue;
    const usual = truths[0]?.[place]?.failures ?? 0;
    const rows = truths.map((row) => {
      const truth = row[place];
      const requests = truth ? Math.max(0, Math.round((truth.failures - usual) * truth.requests)) : 0;
      return requests === 0 ? { latency: null, good: null, requests } : { latency: 0.1 * Math.exp(0.3 * chance.normal()), good: 1, requests };
    });
    nodes.push({ id: `${name}.failed`, series: seriesOf(rows, clock) });
    calls.push({ caller: name, callee: `${name}.failed` });
  }
  return { nodes, calls };
}

interface ViewRow {
  readonly latency: number | null;
  readonly good: number | null;
  readonly requests: number;
}

function addressRow(chance: Chance, truth: Truth | undefined, expected: number): ViewRow {
  const requests = Math.round(expected);
  if (!truth || requests === 0) return { latency: null, good: null, requests };
  const latency = (truth.down ? 0.01 : truth.latency + 0.003) * Math.exp((0.1 + 0.8 / Math.sqrt(requests)) * chance.normal());
  return { latency, good: 1 - chance.binomial(requests, truth.down ? 1 : truth.failures) / requests, requests };
}

function seriesOf(rows: readonly ViewRow[], clock: Clock): NodeSeries[] {
  const values = (value: (row: ViewRow) => number | null): SeriesValue[] => rows.map((row, i) => ({ at: clock.at[i] ?? 0, value: value(row) }));
  return [
    { name: 'latency mean', kind: 'latency', values: values(({ latency }) => latency) },
    { name: 'availability', kind: 'availability', values: values(({ good }) => good) },
    { name: 'requests', kind: 'requests', values: values(({ requests }) => requests) },
  ];
}
