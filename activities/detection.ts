import type { Alert } from '../domain/alert';
import { metricsLagMs } from '../domain/aws/service-metrics';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import { evaluateLimits } from '../domain/limits';
import type { LimitStates } from '../domain/limits';
import { readLimitStates } from '../domain/limit-states';
import { windowStats } from '../domain/windows';
import type { Clock } from '../ports/clock';
import type { MetricSource, SampleArchive } from '../ports/metrics';
import type { Inbox, StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the detector works with; durations in milliseconds. */
export interface DetectorDeps {
  readonly services: readonly Service[];
  readonly source: MetricSource;
  readonly samples: SampleArchive;
  readonly inbox: Inbox;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly settings: { readonly everyMs: number; readonly windowMs: number; readonly keepMs: number; readonly inboxLimit: number };
  /** Called when alerts were committed. */
  readonly onAlerts: () => void;
}

const STATE = 'detector';
/** The archive is pruned once in so many rounds. */
const PRUNE_EVERY = 120;

/** Samples every service, holds its declared limits against the window that ends now, and puts what begins or ends into the inbox like any other alert. */
export function createDetector(deps: DetectorDeps): Repeated {
  let states: Readonly<Record<string, LimitStates>> | undefined;
  let turns = 0;
  return repeat(async () => {
    states ??= readLimitStates(await deps.state.load(STATE).catch(() => undefined));
    turns += 1;
    const began = deps.clock.now();
    try {
      states = await detect(deps, states);
      if (turns % PRUNE_EVERY === 0) await deps.samples.prune(began - deps.settings.keepMs);
    } catch (error) {
      deps.log.warn({ error: errorMessage(error) }, 'the detector could not finish a round; it tries again');
    }
    return Math.max(50, deps.settings.everyMs - (deps.clock.now() - began));
  });
}

async function detect(deps: DetectorDeps, before: Readonly<Record<string, LimitStates>>): Promise<Record<string, LimitStates>> {
  const watched = deps.services.filter((service) => service.metrics);
  const samples = (await Promise.all(watched.map((service) => deps.source.scrape(service)))).flat();
  await deps.samples.append(samples);
  const now = deps.clock.now();
  const after: Record<string, LimitStates> = {};
  const alerts: Alert[] = [];
  for (const service of watched) {
    const key = `${service.environment}/${service.name}`;
    const { windowMs, end } = windowOf(service, deps.settings.windowMs, now);
    const recent = await deps.samples.read(service.environment, service.name, end - 2 * windowMs, end);
    const found = evaluateLimits(service, windowStats(recent, end - windowMs, end), before[key] ?? {});
    after[key] = found.states;
    alerts.push(...found.alerts);
  }
  if (alerts.length > 0) {
    await deps.inbox.accept(alerts, now, deps.settings.inboxLimit);
    deps.onAlerts();
  }
  // Saved after the alerts: killed in between, the detector tells the same condition again under the same id.
  if (JSON.stringify(after) !== JSON.stringify(before)) await deps.state.save(STATE, after);
  return after;
}

/** Numbers that come late are looked at late, and a window holds a whole period of them. */
function windowOf(service: Service, windowMs: number, now: number): { readonly windowMs: number; readonly end: number } {
  const periodMs = service.metrics?.cloudwatch ? service.metrics.everyMs : 0;
  return { windowMs: Math.max(windowMs, periodMs), end: now - metricsLagMs(service) };
}
