import type { AwsPlace } from './place';

/** An endpoint of SageMaker's built-in Random Cut Forest, and the series that it knows. */
export interface ScoringEndpoint extends AwsPlace {
  /** Its name. */
  readonly endpoint: string;
  /** What it scores, such as `latencyP95Ms`; of one service and environment, or of all. */
  readonly measure: string;
  readonly service?: string;
  readonly environment?: string;
  /** Features of one value: it and the ones before it, oldest first. */
  readonly shingle: number;
  /** Longest time for an answer, milliseconds. */
  readonly timeoutMs: number;
}

/** The first endpoint that knows a series, by its key. */
export function endpointOf(endpoints: readonly ScoringEndpoint[], series: string): ScoringEndpoint | undefined {
  const [environment = '', service = '', ...measure] = series.split('/');
  return endpoints.find(
    (each) =>
      each.measure === measure.join('/') &&
      (each.service === undefined || each.service === service) &&
      (each.environment === undefined || each.environment === environment),
  );
}

/** Rows as the endpoint reads them: numbers without a header, one row a value. */
export function featureRows(rows: readonly (readonly number[])[]): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}

/** Scores of an answer, in the order of the rows; undefined where it is not one score for each. */
export function scoresOf(body: string, rows: number): readonly number[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return undefined;
  }
  const list = typeof answer === 'object' && answer !== null && 'scores' in answer ? answer.scores : undefined;
  if (!Array.isArray(list) || list.length !== rows) return undefined;
  const scores = list.map((each: unknown) => (typeof each === 'object' && each !== null && 'score' in each ? each.score : undefined));
  return scores.every((score): score is number => typeof score === 'number' && Number.isFinite(score)) ? scores : undefined;
}
