import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { pngOf } from '../../domain/anomaly/plot-png';
import { svgOf } from '../../domain/anomaly/plot-svg';
import { defined } from '../../domain/defined';
import type { AnomalyRecord } from '../../domain/detection/anomaly-record';
import { anomalyDrawing } from '../../domain/detection/anomaly-record';
import { NightshiftError } from '../../domain/errors';
import { anomaly, anomalyPath, shownAnomaly } from '../anomaly-schema';
import { addRoute } from '../route';
import { rangeOf, timeRange } from '../time-range';
import type { ApiDeps } from '../types';

const filter = z.object({
  service: z.string().min(1).max(64).optional(),
  environment: z.string().min(1).max(64).optional(),
  from: timeRange.since,
  to: timeRange.until,
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** A picture may have styles of its own and nothing else, also where somebody opens it by itself. */
const PICTURE = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'cross-origin-resource-policy': 'same-origin' };

/** GET /v1/anomalies, and one with its pictures. */
export function addAnomalyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const shared = { method: 'GET', access: 'viewer', tag: 'anomalies' } as const;
  const pictured = { ...shared, params: anomalyPath } as const;

  addRoute(app, {
    ...shared,
    url: '/v1/anomalies',
    operation: 'listAnomalies',
    summary: 'List what our detector found, newest first',
    description:
      'Also what opened no incident, as it was evidence only (`alerting` is false). The points of its picture come with a single one. Kept as long as points.',
    query: filter,
    answer: { status: 200, description: 'The newest of that time.', schema: z.object({ anomalies: z.array(anomaly.omit({ points: true })) }) },
    async handle({ query: { from, to, ...rest } }) {
      const range = rangeOf({ since: from, until: to }, deps.clock.now(), 'from');
      const found = await deps.store.anomalies.list({ ...defined(rest), ...range });
      return { anomalies: found.map((record) => defined({ ...shownAnomaly(record), points: undefined })) };
    },
  });
  addRoute(app, {
    ...pictured,
    url: '/v1/anomalies/:id',
    operation: 'getAnomaly',
    summary: 'Show an anomaly: what was measured and expected, since when, why, and how rare',
    answer: { status: 200, description: 'The anomaly.', schema: anomaly },
    handle: async ({ params }) => shownAnomaly(await existingAnomaly(deps, params.id)),
  });
  addRoute(app, {
    ...pictured,
    url: '/v1/anomalies/:id/picture.svg',
    operation: 'getAnomalySvg',
    summary: 'The picture of an anomaly as an SVG',
    answer: { status: 200, description: 'One SVG that loads nothing.', mediaType: 'image/svg+xml', schema: z.string() },
    async handle({ params, reply }) {
      const svg = svgOf(anomalyDrawing(await existingAnomaly(deps, params.id)));
      void asPicture(reply, 'image/svg+xml; charset=utf-8').serializer(String);
      return svg;
    },
  });
  addRoute(app, {
    ...pictured,
    url: '/v1/anomalies/:id/picture.png',
    operation: 'getAnomalyPng',
    summary: 'The picture of an anomaly as a PNG',
    answer: { status: 200, description: 'A PNG of 1280 x 480.', mediaType: 'image/png', schema: z.string().meta({ format: 'binary' }) },
    async handle({ params, reply }) {
      const png = Buffer.from(pngOf(anomalyDrawing(await existingAnomaly(deps, params.id))));
      void asPicture(reply, 'image/png');
      return png;
    },
  });
}

/** The anomaly of that id. Throws `not_found`. */
export async function existingAnomaly(deps: Pick<ApiDeps, 'store'>, id: string): Promise<AnomalyRecord> {
  const record = await deps.store.anomalies.get(id);
  if (!record) throw new NightshiftError('not_found', `There is no anomaly ${id}; those that are older than the points that are kept are forgotten.`);
  return record;
}

function asPicture(reply: FastifyReply, type: string): FastifyReply {
  return reply.headers({ ...PICTURE, 'content-type': type });
}
