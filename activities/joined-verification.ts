import { errorMessage } from '../domain/errors';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { MeasureInput } from '../domain/steps';
import type { Verification } from '../domain/verification';
import { breaches, isDown } from '../domain/verify-checks';
import { windowStats } from '../domain/windows';
import type { Clock } from '../ports/clock';
import type { SampleArchive } from '../ports/metrics';

/** What measuring the services of an incident works with. */
export interface JoinedVerificationDeps {
  readonly samples: SampleArchive;
  readonly inventory: Inventory;
  readonly clock: Clock;
}

/**
 * A service that recovered while another one of the same incident, which is measured too, still breaks its limits is healed in part. Those that are not measured are waited for until
 * their alerts end, in the watch.
 */
export async function withJoined(deps: JoinedVerificationDeps, input: MeasureInput, recovered: Verification): Promise<Verification> {
  const services = [
    ...new Set(input.alerts.flatMap(({ service, joined, status }) => (service !== undefined && joined !== undefined && status === 'firing' ? [service] : []))),
  ];
  const told = await Promise.all(services.map((service) => brokenText(deps, input, service)));
  const broken = told.flatMap((text) => (text === undefined ? [] : [text]));
  if (broken.length === 0) return recovered;
  const { settleMs, timeoutMs } = input.plan;
  const inconclusive = deps.clock.now() - input.effectAt - settleMs < timeoutMs;
  return { ...recovered, verdict: 'partial', reason: `${input.service} is well again; not so ${broken.join('; ')}.`, inconclusive };
}

/** What is still wrong with a service; undefined where nothing is seen to be. */
async function brokenText({ inventory, samples, clock }: JoinedVerificationDeps, input: MeasureInput, name: string): Promise<string | undefined> {
  const service = findService(inventory, input.environment, name);
  if (!service?.metrics || !service.limits) return undefined;
  const { settleMs, windowMs } = input.plan;
  const now = clock.now();
  const from = Math.max(input.effectAt + settleMs, now - windowMs);
  const read = await samples.read(input.environment, name, from, now).catch((error: unknown) => errorMessage(error));
  if (typeof read === 'string') return `${name}, whose samples could not be read (${read})`;
  const after = windowStats(read, from, now);
  if (after === null || after.upShare === null) return `${name}, of which nothing is measured since the remedy`;
  if (isDown(after)) return `${name}, which does not answer`;
  const broken = breaches(after, null, service.limits);
  return broken.length === 0 ? undefined : `${name}: ${broken.map(({ text }) => text).join(', ')}`;
}
