import { isOfFailedBuilds } from '../domain/build-failure';
import { errorMessage } from '../domain/errors';
import { metricsOf } from '../domain/evidence';
import type { EvidenceBundle } from '../domain/evidence';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { WindowStats } from '../domain/metrics';
import { isPrediction } from '../domain/prediction/foretold';
import type { MeasureInput } from '../domain/steps';
import type { Verification } from '../domain/verification';
import { verify } from '../domain/verify';
import { windowStats } from '../domain/windows';
import type { Clock } from '../ports/clock';
import type { SampleArchive } from '../ports/metrics';
import type { EvidenceStore } from '../ports/store';
import { withJoined } from './joined-verification';
import { measureBuilds } from './build-verification';
import type { BuildVerificationDeps } from './build-verification';

/** What measuring works with. */
export interface VerificationDeps extends BuildVerificationDeps {
  readonly evidence: Pick<EvidenceStore, 'read'>;
  readonly samples: SampleArchive;
  readonly inventory: Inventory;
  readonly clock: Clock;
}

/** Measures a service after an effect against the time before it and against its baseline. */
export function createVerificationActivities(deps: VerificationDeps): { measure(input: MeasureInput): Promise<Verification> } {
  return {
    async measure(input) {
      if (isOfFailedBuilds(input.alerts)) return measureFailedBuilds(deps, input);
      const service = findService(deps.inventory, input.environment, input.service);
      if (!service?.metrics) return unknown(`${input.service} is not measured.`);
      const now = deps.clock.now();
      const { settleMs, windowMs } = input.plan;
      const from = input.effectAt - windowMs;
      const baseline = baselineOf(await deps.evidence.read(input.evidence.digest), input.service);
      if (!service.limits && !baseline?.requests) return unknown(`${input.service} has no normal time and no declared limits to measure against.`);
      const samples = await deps.samples.read(input.environment, input.service, from, now).catch((error: unknown) => errorMessage(error));
      if (typeof samples === 'string') return unknown(`The samples could not be read: ${samples}`);
      const after = windowStats(samples, Math.max(input.effectAt + settleMs, now - windowMs), now);
      const before = windowStats(samples, from, input.effectAt);
      // What joined from other services is of their numbers, not of these.
      const own = input.alerts.filter(({ joined }) => joined === undefined);
      const signals = own.flatMap((a) => (a.signal === undefined ? [] : [a.signal]));
      const elapsedMs = now - input.effectAt - settleMs;
      const foretold = own.length > 0 && own.every(isPrediction);
      const verdict = verify({ before, after, baseline, limits: service.limits, plan: input.plan, signals, foretold, elapsedMs });
      return verdict.verdict === 'recovered' ? withJoined(deps, input, verdict) : verdict;
    },
  };
}

/** Nothing of the service was broken, so that its numbers would prove nothing. */
async function measureFailedBuilds(deps: VerificationDeps, input: MeasureInput): Promise<Verification> {
  const bundle = await deps.evidence.read(input.evidence.digest);
  return bundle ? measureBuilds(deps, input, bundle, deps.clock.now()) : unknown('The evidence is not in the store any more.');
}

function baselineOf(bundle: EvidenceBundle | undefined, service: string): WindowStats | null {
  return metricsOf(bundle, service)?.baseline ?? null;
}

function unknown(reason: string): Verification {
  return { verdict: 'unknown', reason, before: null, after: null, inconclusive: false };
}
