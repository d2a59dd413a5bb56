import { humanDuration } from '../../human-time';
import { percent } from '../../wording';
import type { LookbackReport } from '../report';
import { assumptions, conclusions, counted, HINDSIGHT_SHORT, lasted, WOULD, WOULD_SHORT } from '../words';
import { reportClock, type ReportClock } from './clock';
import { incidentSection } from './incident';
import { html, Markup } from './markup';
import { STYLE } from './style';
import { timeline } from './timeline';

/** Incidents that have a section of their own. */
const MOST_SECTIONS = 300;

/** The report as one page that needs nothing else: no script, no font, no picture; text from outside is escaped. */
export function htmlReport(report: LookbackReport): string {
  const clock = reportClock(report.zone);
  const until = Date.parse(report.to);
  const span = humanDuration(until - Date.parse(report.from));
  const title = `${counted(report.totals.pages, 'page')}, ${counted(report.totals.incidents, 'incident')} in ${span}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="soft">${clock.moment(report.from)} to ${clock.moment(report.to)} (${report.zone}), from ${report.source}</p>
        </header>
        <p class="lead">${conclusions(report).slice(2, 4).join(' ')}</p>
        ${tiles(report)}
        ${
          report.incidents.length > 0 &&
          html`<h2>The whole time</h2>
            <div class="scroll">${timeline(report, clock)}</div>
            ${legend()}
            <h2>Incidents</h2>
            <div class="scroll">${overview(report, clock)}</div>
            <h2>One by one</h2>
            ${report.incidents.slice(0, MOST_SECTIONS).map((incident) => incidentSection(incident, until, clock))}`
        }
        <h2>What this rests on</h2>
        <ul class="notes">
          ${[...assumptions(), ...report.gaps].map((text) => html`<li>${text}</li>`)}
          <li>Made ${clock.moment(report.made)} with ${report.calls.made} calls that only read (${report.calls.estimated} were estimated).</li>
        </ul>
      </body>
    </html> `;
  return page.text;
}

function tiles({ totals }: LookbackReport): Markup {
  const { pages, incidents, noise, night, followedChange, hours } = totals;
  const tile = (figure: string, name: string, more: string): Markup => html`<div class="tile"><b>${figure}</b><span>${name}</span><small>${more}</small></div>`;
  const each = incidents === 0 ? '0' : (pages / incidents).toFixed(1);
  const saved = Math.round((hours.savedByRemedies + hours.savedByFolding) * 10) / 10;
  return html`<div class="tiles">
    ${tile(`${String(pages)} → ${String(incidents)}`, 'pages to incidents', `${each} pages for each`)}
    ${tile(percent(pages === 0 ? 0 : noise.all / pages), 'of pages told nothing new', `${String(noise.flapping)} flapping, ${String(noise['self-healed'])} self-healed, ${String(noise.repeated)} repeated`)}
    ${tile(String(night.perNight), 'pages a night', `22 to 7; ${String(night.worst)} in the worst of ${String(night.nights)}`)}
    ${tile(`${String(followedChange.incidents)} of ${String(followedChange.of)}`, 'followed a change', 'of the incidents that were no noise')}
    ${tile(`${String(saved)} of ${String(hours.paging)} h`, 'of paging saved, at most', `${String(hours.savedByRemedies)} h by remedies, ${String(hours.savedByFolding)} h by folding`)}
  </div>`;
}

function legend(): Markup {
  const would = Object.entries(WOULD).map(([name, text]) => html`<li><i class="swatch ${name}"></i>would ${text}</li>`);
  return html`<ul class="legend">
    ${would}
    <li>
      <svg viewBox="0 0 12 12"><path class="cause" d="M1 2h10l-5 8z" /></svg>likely cause
    </li>
    <li>pale: noise</li>
    <li>shaded: night</li>
    <li>dots: changes</li>
    <li>ticks: pages</li>
  </ul>`;
}

function overview({ incidents }: LookbackReport, clock: ReportClock): Markup {
  const rows = incidents.map((incident) => {
    const { id, begin, services, severity, pages, suspects, wouldHave, hindsight, title } = incident;
    const cause = suspects.find(({ named }) => named);
    const told = hindsight
      .filter(({ kind, wrong }) => kind !== 'silent' || wrong)
      .map(({ kind, wrong }) => html`<span class="${wrong && 'wrong'}">${wrong && '✗ '}${HINDSIGHT_SHORT[kind]}</span><br />`);
    return html`<tr>
      <td class="when"><a href="#${id}">${clock.moment(begin)}</a></td>
      <td class="when">${lasted(incident)}</td>
      <td class="when">${severity}</td>
      <td>${services.length > 1 ? `${title} (and ${services.slice(1).join(', ')})` : title}</td>
      <td class="num">${pages.length}</td>
      <td>
        ${cause ? `${cause.summary}, ${cause.leadMs > 0 ? `${humanDuration(cause.leadMs)} before` : 'as it began'}` : html`<span class="soft">none named</span>`}
      </td>
      <td class="when"><i class="swatch ${wouldHave.would}"></i>${WOULD_SHORT[wouldHave.would]}</td>
      <td>${told}</td>
    </tr>`;
  });
  return html`<table>
    <thead>
      <tr>
        <th>Began</th>
        <th>Lasted</th>
        <th>Sev</th>
        <th>What</th>
        <th class="num">Pages</th>
        <th>Likely cause</th>
        <th>Would</th>
        <th>Hindsight</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
