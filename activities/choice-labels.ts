import type { LabelledAlert } from '../domain/detection/choose';
import type { AnomalyStore, FeedbackStore } from '../ports/anomalies';

/** Entries of feedback that are read in one go. */
const PAGE = 500;

/** What became of the anomalies of a series, by the time of the anomaly; those that are not kept any more are left out. */
export async function labelsOf(feedback: Pick<FeedbackStore, 'since'>, anomalies: Pick<AnomalyStore, 'get'>, key: string): Promise<readonly LabelledAlert[]> {
  const labels: LabelledAlert[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = await feedback.since(after, PAGE);
    for (const { anomaly, series, score, what } of page) {
      if (series !== key) continue;
      const found = await anomalies.get(anomaly);
      if (found) labels.push({ at: found.anomaly.at, score, what });
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.id;
  }
  return labels;
}
