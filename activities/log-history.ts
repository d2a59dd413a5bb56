import { groupedTemplates } from '../domain/log-templates/grouped';
import { logAnomalies } from '../domain/log-templates/rates';
import type { LogAnomaly } from '../domain/log-templates/rates-types';
import type { LogReader } from '../ports/archive';

const DAY_MS = 86_400_000;
/** What is unusual is told against so much of the past. */
const HISTORY_MS = 7 * DAY_MS;
/** Templates of a service with the most lines that are looked at. */
const MOST_TEMPLATES = 1000;
const MINUTE_MS = 60_000;

/** Lines of a service that are new, or come more or less often than in the week before, in the five minutes before `now` (epoch milliseconds); none before a day is known. */
export async function unusualLines(
  logs: LogReader,
  place: { readonly environment: string; readonly service: string },
  now: number,
): Promise<readonly LogAnomaly[]> {
  // A minute that is not over has too few lines.
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const counted = await logs.templates({ ...place, from: to - HISTORY_MS, to: to - 1, limit: MOST_TEMPLATES });
  const first = counted.reduce((earliest, { minutes }) => Math.min(earliest, minutes[0]?.at ?? earliest), to);
  if (to - first < DAY_MS) return [];
  return logAnomalies(groupedTemplates(counted), { from: first, now: to });
}
