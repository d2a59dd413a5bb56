import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { MetricHistory, SampleArchive } from '../ports/metrics';

/** What filling in works with; `reachMs` is how far back, in milliseconds. */
export interface BackfillDeps {
  readonly services: readonly Service[];
  readonly history: MetricHistory;
  readonly samples: SampleArchive;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly reachMs: number;
}

/** Fills in what was missed while nobody looked, from whoever kept it, so that an incident soon after a start has something to compare with. A failure is logged and no more. */
export async function fillIn(deps: BackfillDeps): Promise<void> {
  const now = deps.clock.now();
  await Promise.all(
    deps.services.map(async (service) => {
      const every = service.metrics?.everyMs;
      if (every === undefined) return;
      try {
        const kept = await deps.samples.read(service.environment, service.name, now - deps.reachMs, now);
        const from = kept.reduce((newest, sample) => Math.max(newest, sample.at), now - deps.reachMs);
        // What is being measured now is left to those who measure.
        if (now - from > 2 * every) await deps.samples.append(await deps.history.past(service, from + 1, now - every, every));
      } catch (error) {
        deps.log.warn({ service: service.name, error: errorMessage(error) }, 'what was missed of a service could not be filled in');
      }
    }),
  );
}
