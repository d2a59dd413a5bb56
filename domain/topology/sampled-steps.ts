import type { Sample } from '../metrics';
import { seriesPoints } from '../windows';
import { columns } from './step-series';
import type { StepSeries, StepSpan } from './step-series';

/** The series of a service from its samples. */
export function sampledSteps(samples: readonly Sample[], { from, to, stepMs }: StepSpan): StepSeries {
  const steps = seriesPoints(samples, from, to, stepMs).map(({ errorShare, latencyP95Ms, requests, unmeasured }) => ({
    requests: unmeasured ? null : requests,
    errorShare,
    latencyMs: latencyP95Ms,
  }));
  return columns(steps, from, stepMs, 'p95');
}
