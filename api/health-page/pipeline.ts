import { isFailed } from '../../domain/build-oddities';
import { bytesText, concernsOf, measuresOf, measureText, testsText, trendText } from '../../domain/health-wording';
import { humanDuration, utcTime } from '../../domain/human-time';
import type { HealthReport, Measure, PipelineHealth, PlottedRun } from '../../domain/pipeline-health';
import { percent } from '../../domain/wording';
import { markup, NOTHING } from './html';
import type { Markup } from './html';
import { plotSvg } from './plot';
import type { Plot } from './plot';

/** A pipeline as a card: what to look at, its numbers, and its plots. */
export function pipelineCard(pipeline: PipelineHealth, index: number, report: HealthReport): Markup {
  const { service, environment, name, newest } = pipeline;
  const concerns = concernsOf(pipeline);
  return markup`<section class="card" aria-labelledby="p${index}">
    <h3 id="p${index}">${name}</h3>
    <p class="quiet">${service}, ${environment}. ${runsText(pipeline)}. Newest: ${linked(newest)} ${newest.result}, ${utcTime(newest.at)}.</p>
    ${
      concerns.length > 0
        ? markup`<ul class="warn">
            ${concerns.map((text) => markup`<li>${text}</li>`)}
          </ul>`
        : NOTHING
    }
    <ul>
      ${measuresOf(pipeline).map(({ name: what, measure, text }) => markup`<li>${what}: ${measureText(measure, text)}, ${trendText(measure.trend)}</li>`)}${testsItem(pipeline)}
    </ul>
    <div class="plots">${plotsOf(pipeline, `p${String(index)}`, report).map(plotSvg)}</div>
  </section> `;
}

/** Runs of a pipeline in words. */
export function runsText({ runs, failureShare }: PipelineHealth): string {
  return `${countText(runs)}, ${failureShare === null ? 'all cancelled' : `${percent(failureShare)} failed`}`;
}

function testsItem(pipeline: PipelineHealth): Markup {
  const text = testsText(pipeline);
  return text === '' ? NOTHING : markup`<li>${text}</li>`;
}

function linked({ run, link }: PlottedRun): Markup {
  return link === undefined ? markup`run ${run}` : markup`<a href="${link}" rel="noreferrer noopener">run ${run}</a>`;
}

function plotsOf(pipeline: PipelineHealth, id: string, report: HealthReport): readonly Plot[] {
  const { duration, cpu, memory, plotted } = pipeline;
  const range = { from: Date.parse(report.from), to: Date.parse(report.to) };
  const plot = (
    part: string,
    title: string,
    value: (run: PlottedRun) => number | undefined,
    measure: Measure | undefined,
    least: number,
    text: (value: number) => string,
  ): Plot[] => {
    const dots = plotted.flatMap((run) => {
      const told = value(run);
      const what = told === undefined ? '' : `run ${run.run}, ${run.result}: ${text(told)}, ${utcTime(run.at)}`;
      return told === undefined ? [] : [{ at: Date.parse(run.at), value: told, failed: isFailed(run.result), text: what }];
    });
    const spoken = measure
      ? `${countText(dots.length)}: ${measureText(measure, text)}, ${trendText(measure.trend)}.`
      : `${countText(dots.length)}, at most ${text(Math.max(0, ...dots.map((dot) => dot.value)))}.`;
    return dots.length === 0 ? [] : [{ id: `${id}-${part}`, title, spoken, ...range, dots, trend: measure?.trend, least, text }];
  };
  return [
    ...plot('duration', 'Duration', (run) => run.durationMs, duration, 1000, humanDuration),
    ...plot(
      'tests',
      'Failed tests',
      (run) => run.failedTests,
      undefined,
      4,
      (value) => String(value),
    ),
    ...plot('cpu', 'CPU time', (run) => run.cpuMs, cpu, 1000, humanDuration),
    ...plot('memory', 'Memory', (run) => run.memoryBytes, memory, 1024 * 1024, bytesText),
  ];
}

function countText(runs: number): string {
  return `${String(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}
