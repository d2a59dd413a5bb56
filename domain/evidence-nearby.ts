import type { CallCount } from './call-counts';
import type { EvidenceFact, SeenBy } from './evidence';
import type { IncidentView } from './incident-view';
import type { SimilarIncident } from './knowledge/similar';
import type { Sample } from './metrics';
import { isHealthy } from './neighbour-health';
import { clip, plainText } from './plain-text';
import { redact } from './redact';
import type { CallEdge, EdgeSource, GraphPlace, Neighbourhood } from './topology/graph';
import { EDGE_SOURCES } from './topology/graph';
import { sampledSteps } from './topology/sampled-steps';
import { countedSteps, isMeasured, over } from './topology/step-series';
import type { StepSeries, StepSpan } from './topology/step-series';
import { latency, percent } from './wording';

/** What was read of the services around one. */
export interface RawSurroundings {
  readonly neighbourhood: Neighbourhood;
  /** Numbers of those of its services that have some, by service. */
  readonly numbers: readonly RawNumbers[];
  /** Other open incidents of the environment. */
  readonly incidents: readonly NearbyIncident[];
}

/** Numbers of one service: its own samples, or calls that others counted. */
export interface RawNumbers {
  readonly service: string;
  readonly samples: readonly Sample[];
  readonly calls: readonly CallCount[];
}

/** What is told of an incident nearby. */
export type NearbyIncident = Pick<IncidentView, 'incidentId' | 'service' | 'status' | 'severity' | 'openedAt' | 'title'>;

/** A fact with its title. */
type Fact = EvidenceFact & { readonly title: string };

/** Windows before and after the onset are cut into so many steps at most. */
const STEPS = { before: 60, after: 30 } as const;
const MOST = { incidents: 4, similar: 3, because: 3, names: 4 } as const;
const TEXT = { name: 80, told: 160, summary: 200, because: 160, title: 320 } as const;

/** The steps in which services are compared with each other: one begins at the onset, and what is measured by halves at the end is left out. Times are epoch milliseconds. */
export function stepsAround(onset: number, baselineFrom: number, now: number, stepMs: number): StepSpan {
  const step = stepMs * Math.max(1, Math.ceil((onset - baselineFrom) / (STEPS.before * stepMs)));
  const from = onset - Math.floor((onset - baselineFrom) / step) * step;
  const after = Math.min(STEPS.after, Math.floor(Math.max(0, now - onset) / step));
  return { from, to: onset + after * step, stepMs: step };
}

/** The graph and the numbers of its services, but for those in `told`, whose numbers stand elsewhere in the evidence. */
export function surroundingFacts(service: string, own: StepSeries, around: RawSurroundings, onset: number, span: StepSpan, told: readonly string[]): Fact[] {
  const { places, calls, left } = around.neighbourhood;
  if (places.length === 0) return [];
  const graph: Fact = {
    kind: 'graph',
    service,
    own,
    places: places.map(shortPlace),
    calls: calls.map(shortCall),
    left,
    title: graphTitle(service, around.neighbourhood),
  };
  const windows = places.flatMap((place) => {
    const numbers = around.numbers.find((each) => each.service === place.service);
    return numbers && !told.includes(place.service) ? windowFact(service, place, numbers, onset, span) : [];
  });
  return [graph, ...windows];
}

/** Other open incidents, the nearest in the graph first, then those that began nearest to the onset. */
export function incidentFacts(service: string, { incidents, neighbourhood }: RawSurroundings, onset: number): Fact[] {
  const placeOf = (name: string): GraphPlace | undefined => neighbourhood.places.find((place) => place.service === name);
  const hops = (each: NearbyIncident): number => placeOf(each.service)?.hops ?? Infinity;
  const far = (each: NearbyIncident): number => Math.abs(Date.parse(each.openedAt) - onset);
  return [...incidents]
    .sort((a, b) => compareNumbers(hops(a), hops(b)) || far(a) - far(b) || (a.incidentId < b.incidentId ? -1 : 1))
    .slice(0, MOST.incidents)
    .map(({ incidentId, service: name, status, severity, openedAt, title }) => {
      const place = placeOf(name);
      return {
        ...{ kind: 'incident-nearby', incidentId, service: clip(name, TEXT.name), status, severity, openedAt },
        ...(place ? { way: place.way, hops: place.hops } : {}),
        told: clip(plainText(redact(title)), TEXT.told),
        title: `${clip(plainText(name), TEXT.name)}${place ? `, ${placeText(service, place)},` : ', which no known call connects with it,'} has an open incident, ${incidentId} (${severity}, ${status})`,
      };
    });
}

/** Past incidents that are like this one, with what helped then. */
export function similarFacts(similar: readonly SimilarIncident[]): Fact[] {
  const texts = (list: readonly string[], most: number): string[] => list.slice(0, most).map((text) => clip(plainText(redact(text)), TEXT.because));
  return similar.slice(0, MOST.similar).map((each) => {
    const names = (remedies: SimilarIncident['helped']): string[] =>
      texts([...new Set(remedies.map(({ runbook, service }) => `${runbook} on ${service}`))], MOST.names);
    const because = texts(each.because, MOST.because);
    const helped = names(each.helped);
    const { incidentId, service, resolvedAt, score, confirmedBy, cause } = each;
    const what = helped.length === 0 ? 'no remedy is known to have helped' : `${helped.join(', ')} helped`;
    return {
      ...{ kind: 'similar', incidentId, service: clip(service, TEXT.name), resolvedAt, score, because, confirmedBy },
      ...(cause === undefined ? {} : { cause }),
      ...{ helped, didNotHelp: names(each.didNotHelp), summary: clip(plainText(redact(each.summary)), TEXT.summary) },
      title: clip(`Like ${incidentId} of ${resolvedAt.slice(0, 10)} on ${service}, where ${what}`, TEXT.title),
    };
  });
}

/** How a service stands to another, to go on after its name: `which bookshop calls`. */
function placeText(service: string, { way, hops }: GraphPlace): string {
  if (hops === 1) return way === 'callee' ? `which ${service} calls` : `which calls ${service}`;
  return `${String(hops)} calls ${way === 'callee' ? 'below' : 'above'} ${service}`;
}

function graphTitle(service: string, { places, calls, left }: Neighbourhood): string {
  const names = (way: GraphPlace['way']): readonly string[] =>
    places.filter((place) => place.way === way && place.hops === 1).map((place) => clip(plainText(place.service), TEXT.name));
  const listed = (all: readonly string[]): string =>
    [...all.slice(0, MOST.names), ...(all.length > MOST.names ? [`${String(all.length - MOST.names)} more`] : [])].join(', ');
  const callees = names('callee');
  const callers = names('caller');
  const near = [
    ...(callees.length > 0 ? [`it calls ${listed(callees)}`] : []),
    ...(callers.length > 0 ? [`${listed(callers)} ${callers.length === 1 ? 'calls' : 'call'} it`] : []),
  ];
  const rest = left === 0 ? '' : `; ${String(left)} more ${left === 1 ? 'service in reach was' : 'services in reach were'} not looked at`;
  return clip(`Calls around ${service}: ${near.join('; ')}. ${countedText(calls)}${rest}`, TEXT.title);
}

const SAID: Readonly<Record<EdgeSource, string>> = { configuration: 'configured', traces: 'seen in traces', counts: 'counted by a collector' };

/** How many calls there are and who tells of them: `1 call, configured and seen in traces`, or `4 calls: all configured, 2 seen in traces`. */
function countedText(calls: readonly CallEdge[]): string {
  const by = EDGE_SOURCES.map((from) => ({ said: SAID[from], count: calls.filter((call) => call.from.includes(from)).length })).filter(
    ({ count }) => count > 0,
  );
  if (calls.length === 1) return `1 call, ${by.map(({ said }) => said).join(' and ')}`;
  return `${String(calls.length)} calls: ${by.map(({ said, count }) => `${count === calls.length ? 'all' : String(count)} ${said}`).join(', ')}`;
}

function windowFact(service: string, place: GraphPlace, numbers: RawNumbers, onset: number, span: StepSpan): Fact[] {
  const found = seriesOf(numbers, span);
  if (!found) return [];
  const { series, seenBy } = found;
  const healthy = healthOf(series, onset);
  const state = healthy === null ? 'too little was measured to tell' : healthy ? 'it answers normally' : 'it is failing';
  const by = { itself: '', traces: ' by its traces', callers: ' as its callers saw it' }[seenBy];
  const title = `${clip(plainText(place.service), TEXT.name)}, ${placeText(service, place)}: ${state}${by}; ${numbersText(series, onset)}`;
  return [
    { kind: 'window', service: clip(place.service, TEXT.name), way: place.way, hops: place.hops, seenBy, healthy, series, title: clip(title, TEXT.title) },
  ];
}

/** Its own numbers, or else what its traces tell, or else what those tell who call it. */
function seriesOf({ service, samples, calls }: RawNumbers, span: StepSpan): { readonly series: StepSeries; readonly seenBy: SeenBy } | undefined {
  const own = samples.length > 0 ? sampledSteps(samples, span) : undefined;
  if (own && isMeasured(own)) return { series: own, seenBy: 'itself' };
  const to = calls.filter(({ callee, caller }) => callee === service && caller !== service);
  const itself = to.filter(({ caller }) => caller === undefined);
  const series = countedSteps(itself.length > 0 ? itself : to, span);
  return series && { series, seenBy: itself.length > 0 ? 'traces' : 'callers' };
}

/** Judged as a neighbour is; a step that was counted is one that was answered. */
function healthOf(series: StepSeries, onset: number): boolean | null {
  const stats = (from: number, to: number) => {
    const { requests, errorShare, latencyMs } = over(series, from, to);
    return { requests, errorShare, latencyP95Ms: latencyMs, upShare: requests > 0 ? 1 : null };
  };
  const [before, now] = [stats(-Infinity, onset), stats(onset, Infinity)];
  return before.requests === 0 ? null : isHealthy(before, now);
}

function numbersText(series: StepSeries, onset: number): string {
  const before = over(series, -Infinity, onset);
  const now = over(series, onset, Infinity);
  return `${percent(now.errorShare)} of requests fail (${percent(before.errorShare)} before), ${series.latencyIs} ${latency(now.latencyMs)} (${latency(before.latencyMs)} before)`;
}

function shortPlace({ service, way, hops }: GraphPlace): GraphPlace {
  return { service: clip(service, TEXT.name), way, hops };
}

function shortCall(call: CallEdge): CallEdge {
  return { ...call, caller: clip(call.caller, TEXT.name), callee: clip(call.callee, TEXT.name) };
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
