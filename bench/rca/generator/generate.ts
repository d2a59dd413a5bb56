import type { Call, CauseNode, NodeChange, SeriesKind } from '../../../domain/root-cause/types';
import type { RcaCase } from '../case';
import type { Chance } from './chance';
import { chanceOf } from './chance';
import type { Fault, FaultKind } from './fault';
import { faultKind, faultOf } from './fault';
import type { Clock, Meter } from './measure';
import { measured } from './measure';
import type { Truth } from './simulate';
import { stepOf } from './simulate';
import type { Topology } from './topology';
import { topologyOf } from './topology';
import { viewsOf } from './views';

/** Shares of the cases in which something makes it harder. */
const HARDER = {
  twoFaults: 0.2,
  loud: 0.75,
  coincident: 0.1,
  blindRoot: 0.08,
  blind: 0.05,
  changedRoot: 0.5,
  lostCall: 0.02,
  madeUpCall: 0.01,
  lostKind: 0.04,
};
/** Users and limits notice so much: a share of failures more, or this multiple of the usual time. */
const NOTICED = { failures: 0.03, latency: 1.5 };
const KINDS: readonly SeriesKind[] = ['latency', 'availability', 'requests', 'saturation'];
const BEGIN = 1_780_000_000;

/** One made incident: an application in random shape with one or two faults, measured as applications are. Cases that nobody would notice are drawn again. */
export function generatedCase(seed: number, index: number): RcaCase {
  const kinds = chanceOf(seed * 7_919 + index);
  const wanted = [faultKind(kinds), ...(kinds.happens(HARDER.twoFaults) ? [faultKind(kinds)] : [])];
  for (let attempt = 0; ; attempt += 1) {
    const found = tryCase(chanceOf(seed * 1_000_003 + index * 1_009 + attempt), wanted, `${seed}/${index}`);
    if (found) return found;
  }
}

interface Plan {
  readonly chance: Chance;
  readonly topology: Topology;
  readonly clock: Clock;
  readonly faults: readonly Fault[];
  readonly truths: readonly (readonly Truth[])[];
  /** The same without faults. */
  readonly healthy: readonly (readonly Truth[])[];
}

function tryCase(chance: Chance, kinds: readonly FaultKind[], name: string): RcaCase | null {
  const topology = topologyOf(chance);
  const lead = chance.whole(2, 10);
  const after = chance.whole(4, 24);
  const normal = chance.whole(100, 300);
  const step = chance.pick([15, 30, 60, 60, 300]);
  const clock: Clock = { at: Array.from({ length: normal + lead + after }, (_each, i) => BEGIN + i * step), window: normal };
  const faults = faultsOf(chance, topology, kinds, normal + lead, after);
  const traffic = chance.ratio(300, 20_000);
  const loads = clock.at.map((_at, i) => (1 + 0.3 * Math.sin((2 * Math.PI * i) / 120)) * Math.exp(0.05 * chance.normal()));
  const truths = run(topology, faults, traffic, loads);
  const plan = { chance, topology, clock, faults, truths, healthy: run(topology, [], traffic, loads) };
  const symptom = symptomOf(plan);
  if (!symptom) return null;
  const onset = (clock.at[symptom.step] ?? 0) + chance.between(0, 1) * step;
  return { name, ...question(plan, symptom, onset, step) };
}

function faultsOf(chance: Chance, topology: Topology, kinds: readonly FaultKind[], from: number, after: number): Fault[] {
  const places = topology.services.map((_each, i) => i).filter((i) => i > 0 || chance.happens(0.3));
  const services = chance.shuffled(places);
  return kinds.map((kind, i) => faultOf(chance, topology, kind, services[i] ?? 0, from + (i === 0 ? 0 : chance.whole(-1, 2)), after));
}

function run(topology: Topology, faults: readonly Fault[], traffic: number, loads: readonly number[]): Truth[][] {
  const rows: Truth[][] = [];
  for (const [step, load] of loads.entries()) rows.push(stepOf(topology, faults, load, traffic, step, rows[step - 1] ?? []));
  return rows;
}

interface Symptom {
  readonly place: number;
  readonly kind: SeriesKind;
  readonly step: number;
}

/** Where users notice it, an entry that is slower or fails more than without the fault, and the step in which it is noticed. */
function symptomOf({ chance, topology, faults, truths, healthy, clock }: Plan): Symptom | null {
  const from = Math.min(...faults.map((fault) => fault.from));
  for (const place of topology.entries) {
    for (let step = from; step < clock.at.length - 2; step += 1) {
      const now = truths[step]?.[place];
      const usual = healthy[step]?.[place];
      if (!now || !usual) continue;
      const failing = now.failures - usual.failures > NOTICED.failures;
      if (!failing && now.latency < NOTICED.latency * usual.latency) continue;
      return { place, kind: failing ? 'availability' : 'latency', step: step + chance.whole(0, 1) };
    }
  }
  return null;
}

function question(plan: Plan, symptom: Symptom, onset: number, step: number): Omit<RcaCase, 'name'> {
  const { chance, topology, clock, faults, truths } = plan;
  const names = chance.shuffled(topology.services.map((_each, i) => `svc-${String(i).padStart(2, '0')}`));
  const meters = metersOf(plan, names, symptom.place);
  const nodes = topology.services.map((service, place): CauseNode => {
    const own = truths.map((row) => row[place]).filter((each) => each !== undefined);
    return measured(chance, meters[place] as Meter, service, own, clock);
  });
  const views = viewsOf({ ...plan, names });
  const calls = topology.links.flatMap(({ caller, callee }): Call[] =>
    chance.happens(HARDER.lostCall) ? [] : [{ caller: names[caller] ?? '', callee: names[callee] ?? '' }],
  );
  if (chance.happens(HARDER.madeUpCall * topology.services.length)) calls.push({ caller: chance.pick(names), callee: chance.pick(names) });
  return {
    roots: faults.map(({ service }) => names[service] ?? ''),
    tags: tagsOf(plan, meters, symptom.place),
    question: {
      nodes: chance.shuffled([...nodes, ...views.nodes]),
      calls: chance.shuffled([...calls, ...views.calls]),
      changes: changesOf(plan, names, step),
      normal: { from: BEGIN, to: clock.at[clock.window] ?? 0 },
      window: { from: clock.at[clock.window] ?? 0, to: (clock.at.at(-1) ?? 0) + step },
      onset,
      symptom: { node: names[symptom.place] ?? '', kind: symptom.kind },
    },
  };
}

function tagsOf({ faults }: Plan, meters: readonly Meter[], symptom: number): string[] {
  const unseen = faults.some(({ service }) => meters[service]?.missing.length === KINDS.length);
  return [
    ...faults.map(({ kind }) => kind),
    ...(faults.length > 1 ? ['two faults'] : []),
    ...(unseen ? ['root not measured'] : []),
    ...(meters.some(({ loud }) => loud) ? ['loud bystander'] : []),
    ...(faults.some(({ service }) => service === symptom) ? ['root is the symptom'] : []),
  ];
}

function metersOf({ chance, topology, faults, clock }: Plan, names: readonly string[], symptom: number): Meter[] {
  const roots = faults.map(({ service }) => service);
  const blindRoot = chance.happens(HARDER.blindRoot);
  const bystanders = topology.services.map((_each, i) => i).filter((i) => !roots.includes(i) && i !== symptom);
  const loud = chance.happens(HARDER.loud) && bystanders.length > 0 ? chance.shuffled(bystanders).slice(0, chance.whole(1, 2)) : [];
  const begun = faults[0]?.from ?? clock.window;
  return names.map((id, place): Meter => {
    const blind = place !== symptom && (roots.includes(place) ? blindRoot : chance.happens(HARDER.blind));
    const missing = blind ? KINDS : KINDS.filter((kind) => chance.happens(kind === 'saturation' ? 0.5 : HARDER.lostKind));
    const meter = {
      ...{ id, missing },
      lag: chance.happens(0.2) ? chance.whole(1, 2) : 0,
      gaps: chance.happens(0.3) ? 0.05 : 0,
      drift: chance.happens(0.1) ? chance.ratio(0.7, 1.6) : 1,
      hiccups: chance.happens(0.3) ? 0.02 : 0,
    };
    if (!loud.includes(place)) return meter;
    const from = chance.happens(HARDER.coincident) ? begun + chance.whole(-1, 2) : chance.whole(clock.window - 20, clock.at.length - 2);
    return { ...meter, loud: { kind: chance.pick(KINDS), from, steps: chance.whole(2, 30), factor: chance.ratio(4, 60) } };
  });
}

/** Changes of everyone in the last day, and in half of the cases one that made the fault. */
function changesOf({ chance, faults, clock }: Plan, names: readonly string[], step: number): NodeChange[] {
  const begun = clock.at[faults[0]?.from ?? 0] ?? 0;
  const everyday = Array.from({ length: chance.whole(0, 4) }, () => ({ node: chance.pick(names), at: begun - chance.ratio(60, 86_400) }));
  const made = faults
    .filter(() => chance.happens(HARDER.changedRoot))
    .map(({ service, from }) => ({ node: names[service] ?? '', at: (clock.at[from] ?? 0) - chance.between(0, 2) * step }));
  return [...everyday, ...made].sort((a, b) => a.at - b.at).map((each, i) => ({ id: `change-${i + 1}`, ...each }));
}
