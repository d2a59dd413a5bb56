import type { Fault } from './fault';
import { presence } from './fault';
import type { Link, Topology } from './topology';

/** What truly happens at a service in one step, before it is measured. */
export interface Truth {
  requests: number;
  /** Mean seconds of a request, and how many more than usual the slow share of them takes. */
  latency: number;
  slowShare: number;
  slowBy: number;
  failures: number;
  use: number;
  /** It answers nobody, and reports nothing. */
  down: boolean;
}

/** Use from which a queue grows no further, as load is shed. */
const FULL = 0.96;
/** Seconds until a connection to a service that is down is refused. */
const REFUSED = 0.01;

/** One step: load goes down the calls with the retries of the step before, time and failures come up. `load` is the factor of the usual traffic of one. */
export function stepOf(topology: Topology, faults: readonly Fault[], load: number, traffic: number, step: number, before: readonly Truth[]): Truth[] {
  const requests = requestsOf(topology, faults, load * traffic, step, before);
  const usual = usualRequests(topology, traffic);
  const truths: Truth[] = requests.map((each) => ({ requests: each, latency: 0, slowShare: 0, slowBy: 0, failures: 0, use: 0, down: false }));
  for (let place = truths.length - 1; place >= 0; place -= 1) {
    const truth = truths[place];
    const service = topology.services[place];
    if (!truth || !service) continue;
    const mine = faults.filter((fault) => fault.service === place && presence(fault, step) > 0);
    const sized = (kind: Fault['kind']): number => Math.max(0, ...mine.filter((each) => each.kind === kind).map((each) => each.size * presence(each, step)));
    truth.down = mine.some(({ kind }) => kind === 'down');
    truth.use = Math.min(1, (service.use * truth.requests * Math.max(1, sized('saturated'))) / Math.max(1e-9, usual[place] ?? 1));
    const queued = (1 - service.use) / (1 - Math.min(FULL, truth.use));
    const slow = sized('slow');
    truth.latency = service.own * Math.max(1, queued) + slow;
    truth.slowBy = truth.latency - service.own;
    truth.slowShare = truth.slowBy > 0.05 * service.own ? 1 : 0;
    const shed = truth.use >= 1 ? 0.1 : 0;
    let good = (1 - service.errors) * (1 - sized('errors')) * (1 - shed);
    for (const link of topology.links) {
      if (link.caller !== place) continue;
      good *= 1 - callOf(link, truths, topology, faults, step, truth);
    }
    truth.failures = 1 - good;
  }
  return truths;
}

/** Adds what one kind of call costs its caller, and returns the share of the caller's requests that fail by it. */
function callOf(link: Link, truths: readonly Truth[], { services }: Topology, faults: readonly Fault[], step: number, truth: Truth): number {
  const callee = truths[link.callee];
  if (!callee) return 0;
  const some = faults.filter(({ kind, service, only }) => kind === 'slow-for-some' && service === link.callee && only === link.caller);
  const extra = Math.max(0, ...some.map((each) => each.size * presence(each, step)));
  if (extra > 0) {
    const share = Math.min(1, (truth.requests * link.calls) / Math.max(1e-9, callee.requests));
    callee.latency += share * extra;
    callee.slowShare = Math.max(callee.slowShare, share);
    callee.slowBy = Math.max(callee.slowBy, extra);
  }
  const takes = callee.down ? (link.timeout < 2 ? link.timeout : REFUSED) : callee.latency + (extra > 0 ? extra * (1 - callee.slowShare) : 0);
  const late = 1 / (1 + Math.exp(-8 * (takes / link.timeout - 1)));
  const fails = callee.down ? 1 : 1 - (1 - callee.failures) * (1 - late);
  const waited = Math.min(takes, link.timeout) * link.waits * link.calls * (1 + link.retries * fails);
  const usual = (services[link.callee]?.own ?? 0) * link.waits * link.calls;
  truth.latency += waited;
  const reached = Math.min(1, link.calls) * Math.max(callee.slowShare, callee.down ? 1 : 0);
  if (waited > 1.05 * usual && reached > 0) {
    truth.slowShare = Math.max(truth.slowShare, reached);
    truth.slowBy = Math.max(truth.slowBy, (waited - usual) / reached);
  }
  return Math.min(1, link.calls) * fails ** (1 + link.retries) * (1 - link.absorbed);
}

function requestsOf(topology: Topology, faults: readonly Fault[], traffic: number, step: number, before: readonly Truth[]): number[] {
  const requests = enter(topology, traffic);
  for (let place = 0; place < requests.length; place += 1) {
    // All callers of a service stand before it, so that what it is asked is known here, but for load from outside.
    const outside = faults.filter(({ kind, service }) => kind === 'outside-load' && service === place);
    const factor = outside.reduce((most, fault) => Math.max(most, 1 + (fault.size - 1) * presence(fault, step)), 1);
    requests[place] = (requests[place] ?? 0) * factor;
    // Who is down calls nobody, and what fails by a fault fails before it calls on.
    const failing = faults.filter(({ kind, service }) => service === place && (kind === 'down' || kind === 'errors'));
    const each = failing.reduce((left, fault) => left * (1 - fault.size * presence(fault, step)), requests[place] ?? 0);
    for (const link of topology.links) {
      if (link.caller !== place) continue;
      const callee = before[link.callee];
      const again = 1 + link.retries * (callee ? (callee.down ? 1 : callee.failures) : 0);
      requests[link.callee] = (requests[link.callee] ?? 0) + each * link.calls * again;
    }
  }
  return requests;
}

/** Requests of every service without faults. */
export function usualRequests(topology: Topology, traffic: number): number[] {
  const requests = enter(topology, traffic);
  for (const [place, each] of requests.entries()) {
    for (const link of topology.links) if (link.caller === place) requests[link.callee] = (requests[link.callee] ?? 0) + each * link.calls;
  }
  return requests;
}

function enter({ services, entries }: Topology, traffic: number): number[] {
  return services.map((_service, place) => (entries.includes(place) ? traffic / entries.length : 0));
}
