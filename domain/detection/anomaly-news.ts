import type { Drawing } from '../anomaly/plot';
import { pngOf } from '../anomaly/plot-png';
import { svgOf } from '../anomaly/plot-svg';
import type { IncidentReason } from '../incident-view';
import type { AnomalyNews } from '../notification';
import type { AnomalyRecord } from './anomaly-record';
import { anomalyDrawing, anomalyText } from './anomaly-record';

/** Most anomalies that a notification carries. */
export const MOST_NEWS = 3;
/** A picture that is larger than this is left out, bytes; a PNG as base64. */
const MOST_SVG = 8 * 1024;
const MOST_PNG = 12 * 1024;

/** What a person is told, or asked, with the reasons of it at hand. */
const SHOWS: ReadonlySet<IncidentReason> = new Set(['opened', 'joined', 'proposed', 'suggested', 'reminder', 'escalated', 'relapsed', 'no-action']);

/** Whether a notification for a reason carries the incident's anomalies. */
export function showsAnomalies(reason: IncidentReason): boolean {
  return SHOWS.has(reason);
}

/** An anomaly as a notification carries it: the sentence and small pictures, with addresses where the public one of the API (without a trailing slash) is known. */
export function anomalyNews(record: AnomalyRecord, apiUrl?: string): AnomalyNews {
  const drawing = anomalyDrawing(record);
  const svg = svgOf(drawing);
  const png = pngUnder(drawing);
  const at = apiUrl === undefined ? undefined : `${apiUrl}/v1/anomalies/${record.id}`;
  return {
    id: record.id,
    text: anomalyText(record),
    ...(Buffer.byteLength(svg) < MOST_SVG ? { svg } : {}),
    ...(png === undefined ? {} : { png }),
    ...(at === undefined ? {} : { links: { anomaly: at, svg: `${at}/picture.svg`, png: `${at}/picture.png` } }),
  };
}

/** The sharper one where it fits: what swings a lot takes more room. */
function pngUnder(drawing: Drawing): string | undefined {
  for (const times of [2, 1] as const) {
    const png = Buffer.from(pngOf(drawing, times)).toString('base64');
    if (png.length < MOST_PNG) return png;
  }
  return undefined;
}
