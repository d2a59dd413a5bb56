import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../../domain/defined';
import { healthReport } from '../../domain/pipeline-health';
import { fromStore } from '../guard';
import { healthPage } from '../health-page/page';
import { healthReportSchema } from '../health-schema';
import { readHealth } from '../read-health';
import { addRoute } from '../route';
import { rangeOf, timeRange } from '../time-range';
import type { ApiDeps } from '../types';
import { contentPolicy } from './console';

const query = z.object({
  service: z.string().min(1).max(64).optional(),
  environment: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(200).optional().meta({ description: 'Only this pipeline.' }),
  ...timeRange,
  format: z.enum(['json', 'html']).optional().meta({ description: 'JSON unless `Accept` prefers HTML.' }),
});

/** GET /v1/health/pipelines: how builds and services did over a time, as JSON or as a page. */
export function addPipelineHealthRoute(app: FastifyInstance, deps: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/health/pipelines',
    operation: 'getPipelineHealth',
    access: 'viewer',
    tag: 'builds',
    summary: 'Show how pipelines and services did over a time',
    description:
      'Trends and oddities of builds, incidents and marks of data quality: of at most the newest 5,000 builds, 100 pipelines and 500 incidents; `leftOut` says what is missing.',
    query,
    answer: { status: 200, description: 'The report; as HTML one self-contained document.', schema: healthReportSchema, alsoAs: 'text/html' },
    async handle({ query: { since, until, format, ...place }, request, reply }) {
      const range = rangeOf({ since, until }, deps.clock.now());
      const report = healthReport(await fromStore(() => readHealth(deps, { ...defined(place), ...range }), deps.settings.doorTimeoutMs));
      void reply.header('vary', 'accept');
      if ((format ?? preferred(request.headers.accept)) === 'json') return report;
      const page = healthPage(report);
      void reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentPolicy(page) }).serializer(String);
      return page;
    },
  });
}

/** What a browser asks for names HTML before everything else. */
function preferred(accept = ''): 'json' | 'html' {
  const types = accept
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';')[0]?.trim());
  const [html, json] = [types.indexOf('text/html'), types.indexOf('application/json')];
  return html >= 0 && (json < 0 || html < json) ? 'html' : 'json';
}
