import { concernsOf, incidentsText, reportTitle, trendText } from '../../domain/health-wording';
import { humanDuration, utcTime } from '../../domain/human-time';
import type { HealthReport, PipelineHealth, ServiceHealth } from '../../domain/pipeline-health';
import { TREND_SHARE, LEAST_TREND_VALUES } from '../../domain/trend';
import { percent } from '../../domain/wording';
import { markup, Markup, NOTHING } from './html';
import { pipelineCard, runsText } from './pipeline';
import { STYLE } from './style';

/** A health report as one HTML document that loads nothing, runs nothing, and can be kept as a file. */
export function healthPage(report: HealthReport): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
        <meta name="referrer" content="no-referrer" />
        <title>${reportTitle(report)}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${reportTitle(report)}</h1>
          <p class="quiet">
            A cross is a run that failed. A dashed line is a trend: the Theil–Sen line changes by ${percent(TREND_SHARE)} or more over ${LEAST_TREND_VALUES} or
            more runs, and the Mann–Kendall test says that this is not chance.
          </p>
          ${report.leftOut.map((text) => markup`<p class="warn">Left out: ${text}.</p>`)}
          <h2>Pipelines</h2>
          ${report.pipelines.length === 0 ? markup`<p>No build ended in this time.</p>` : overview(report.pipelines)}
          ${report.pipelines.map((pipeline, i) => pipelineCard(pipeline, i, report))}
          <h2>Services</h2>
          ${report.services.length === 0 ? markup`<p>Nothing is known of any service in this time.</p>` : report.services.map(serviceCard)}
        </main>
      </body>
    </html> `.text;
}

function overview(pipelines: readonly PipelineHealth[]): Markup {
  return markup`<div class="card wide">
    <table>
      <caption class="quiet">
        Those that need a look first.
      </caption>
      <thead>
        <tr>
          <th scope="col">Pipeline</th>
          <th scope="col">Service</th>
          <th scope="col">Runs</th>
          <th scope="col">Duration p50</th>
          <th scope="col">p95</th>
          <th scope="col">Trend</th>
          <th scope="col">To look at</th>
        </tr>
      </thead>
      <tbody>
        ${pipelines.map(overviewRow)}
      </tbody>
    </table>
  </div>`;
}

function overviewRow(pipeline: PipelineHealth, index: number): Markup {
  const { name, service, duration } = pipeline;
  const times = duration ? [humanDuration(duration.p50), humanDuration(duration.p95), trendText(duration.trend)] : ['', '', ''];
  return markup`<tr>
    <td class="name"><a href="#p${index}">${name}</a></td>
    <td>${service}</td>
    <td>${runsText(pipeline)}</td>
    ${times.map((text) => markup`<td>${text}</td>`)}
    <td class="text">${shortOf(concernsOf(pipeline))}</td>
  </tr> `;
}

function serviceCard(health: ServiceHealth): Markup {
  const { service, environment, incidents, marks } = health;
  const rows = incidents.newest.map(
    ({ incidentId, title, severity, status, openedAt }) =>
      markup`<li>${utcTime(openedAt)}: ${severity} ${status}, ${title} <span class="quiet">${incidentId}</span></li>`,
  );
  const quality = marks.map(
    ({ series, rule, since, detail }) => markup`<li>${rule} in ${series}: ${detail} <span class="quiet">since ${utcTime(since)}</span></li>`,
  );
  return markup`<section class="card">
    <h3>${service} <span class="quiet">${environment}</span></h3>
    <p>${incidentsText(health)}.</p>
    ${
      rows.length > 0
        ? markup`<ul>
            ${rows}
          </ul>`
        : NOTHING
    }
    ${
      quality.length > 0
        ? markup`<p class="warn">Data quality</p>
            <ul>
              ${quality}
            </ul>`
        : NOTHING
    }
  </section> `;
}

/** The first concern; the card has the others. */
function shortOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}; ${String(others.length)} more`;
}
