import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { ConfigSource } from './schema';
import type { PredictionsConfig } from './types';

/** What is predicted, with defaults filled in; undefined where nothing is. */
export function resolvePredictions(source: ConfigSource['predictions'], { predictions }: Pick<Defaults, 'predictions'>): PredictionsConfig | undefined {
  return source === false ? undefined : overlay(predictions, { everyMs: source?.every, horizonMs: source?.horizon });
}
