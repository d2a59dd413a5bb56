import { concernsOf, incidentsText, measuresOf, reportTitle, trendText } from '../../domain/health-wording';
import { humanDuration } from '../../domain/human-time';
import type { HealthReport, PipelineHealth } from '../../domain/pipeline-health';
import { plainText } from '../../domain/plain-text';
import { percent } from '../../domain/wording';
import { sparkline } from './sparkline';
import type { Style } from './style';
import { table } from './table';
import type { Cell } from './table';

const SPARK = 20;

/** A health report as text: a table of pipelines, what to look at, and services. */
export function healthText(report: HealthReport, { width, style }: { readonly width: number; readonly style: Style }): string {
  const { pipelines, services, leftOut } = report;
  const concerns = pipelines.flatMap((pipeline) =>
    concernsOf(pipeline).map((text) => `  ${style.warn('!')} ${plainText(`${pipeline.service}, ${pipeline.name}: ${text}`)}\n`),
  );
  const marks = services.flatMap((service) =>
    service.marks.map((mark) => `  ${style.warn('!')} ${plainText(`${mark.service}, ${mark.series}: ${mark.rule}, ${mark.detail}`)}\n`),
  );
  const rows = services.map((health) => [health.service, health.environment, incidentsText(health), String(health.marks.length)]);
  return [
    `${style.bold(reportTitle(report))}\n\n`,
    pipelines.length === 0 ? 'No build ended in this time.\n' : pipelineTable(pipelines, style, width),
    concerns.length > 0 ? `\nTo look at\n${concerns.join('')}` : '',
    rows.length > 0 ? `\n${table(['SERVICE', 'ENVIRONMENT', 'INCIDENTS', 'DATA QUALITY'], rows, width)}` : '',
    marks.join(''),
    ...leftOut.map((text) => `Left out: ${plainText(text)}.\n`),
  ].join('');
}

function pipelineTable(pipelines: readonly PipelineHealth[], style: Style, width: number): string {
  const headings = ['SERVICE', 'RUNS', 'FAILED', 'P50', 'P95', 'TREND', 'CPU', 'MEMORY', 'TESTS FAILED', 'DURATIONS', 'PIPELINE'];
  return table(
    headings,
    pipelines.map((pipeline) => rowOf(pipeline, style)),
    width,
  );
}

function rowOf(pipeline: PipelineHealth, style: Style): (string | Cell)[] {
  const { service, name, runs, failureShare, duration, tests, plotted } = pipeline;
  const usage = (what: string): string =>
    measuresOf(pipeline)
      .filter((each) => each.name === what)
      .map(({ measure, text }) => text(measure.p50))[0] ?? '';
  const durations = plotted.map(({ durationMs }) => durationMs ?? null);
  return [
    service,
    String(runs),
    { text: failureShare === null ? '' : percent(failureShare), ...(failureShare !== null && failureShare > 0 && { paint: style.bad }) },
    ...(duration ? [humanDuration(duration.p50), humanDuration(duration.p95), trendText(duration.trend)] : ['', '', '']),
    usage('CPU time'),
    usage('memory'),
    tests ? String(tests.failed) : '',
    durations.every((each) => each === null) ? '' : sparkline(durations, SPARK),
    name,
  ];
}
