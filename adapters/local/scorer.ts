import { SeriesWatch } from '../../domain/anomaly/watch';
import type { ScoredBatch, Scorer, SeriesBatch } from '../../ports/scorer';

/** Scores series in this process. Keeps nothing between calls: what is known of a series travels in its state. */
export function localScorer(): Scorer {
  return { score: async (batches) => batches.map(scored) };
}

function scored({ series, settings, points, state }: SeriesBatch): ScoredBatch {
  const watch = state === undefined ? new SeriesWatch(settings) : SeriesWatch.restore(settings, state);
  const judged = points.map(({ at, value }) => watch.push(at, value));
  return { series, scores: judged.map(({ score }) => score), anomalies: judged.flatMap(({ anomaly }) => anomaly ?? []), state: watch.snapshot() };
}
