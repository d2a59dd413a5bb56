import { humanDuration } from '../../human-time';
import type { ReportIncident, ReportPage, ReportSuspect } from '../report';
import { counted, lasted } from '../words';
import type { ReportClock } from './clock';
import { html, linked, type Markup } from './markup';
import { strip } from './strip';

/** Pages that are listed; of more the first. */
const MOST_PAGES = 60;

/** One incident: what it was, what changed before, what would have been proposed, and what hindsight says. */
export function incidentSection(incident: ReportIncident, until: number, clock: ReportClock): Markup {
  const { id, title, severity, services, region, begin, because, wouldHave, hindsight, noise, pages } = { ...incident, region: regions(incident) };
  return html`<section class="incident" id="${id}">
    <h3>${title}</h3>
    <span class="tag ${severity}">${severity}</span>${noise && html`<span class="tag">noise</span>`}
    <p class="soft">
      ${clock.moment(begin)}, ${lasted(incident)},
      ${counted(pages.length, 'page')}${services.length > 1 && html` on ${services.join(', ')}`}${region !== '' && html`, ${region}`}
    </p>
    <div class="scroll">${strip(incident, until, clock)}</div>
    <dl>
      ${
        because.length > 0 &&
        html`<dt>One incident, as</dt>
          <dd>${because.join('; ')}</dd>`
      }
      <dt>What changed</dt>
      <dd>${changes(incident, clock)}</dd>
      <dt>Nightshift would have</dt>
      <dd>${wouldHave.text}</dd>
      ${
        hindsight.length > 0 &&
        html`<dt>Hindsight</dt>
          <dd>
            <ul>
              ${hindsight.map(({ text, wrong }) => html`<li${wrong && html` class="wrong"`}>${text}</li>`)}
            </ul>
          </dd>`
      }
      ${
        incident.savedMs > 0 &&
        html`<dt>Saved, at most</dt>
          <dd class="right">${humanDuration(incident.savedMs)}</dd>`
      }
    </dl>
    <details>
      <summary>${counted(pages.length, 'page')}</summary>
      <table>
        <thead>
          <tr>
            <th>Began</th>
            <th>Lasted</th>
            <th>Service</th>
            <th>Alarm</th>
            <th>Was</th>
          </tr>
        </thead>
        <tbody>
          ${pages.slice(0, MOST_PAGES).map((page) => pageRow(page, clock))}
        </tbody>
      </table>
      ${pages.length > MOST_PAGES && html`<p class="soft">and ${pages.length - MOST_PAGES} more</p>`}
    </details>
  </section>`;
}

function changes({ suspects }: ReportIncident, clock: ReportClock): Markup {
  if (suspects.length === 0) return html`Nothing that is known of, in the two hours before. No cause is named.`;
  const item = (each: ReportSuspect): Markup =>
    html`<li>
      <span class="${each.named && 'named'}">${linked(each.summary, each.link)}</span>${each.named && html`<span class="tag">likely cause</span>`}<br /><span
        class="soft"
        >${clock.moment(each.at)} by ${each.author}; ${each.why}.</span
      >
    </li>`;
  return html`<ul>
    ${suspects.map(item)}
  </ul>`;
}

function pageRow({ begin, end, service, name, kind, link, value, threshold }: ReportPage, clock: ReportClock): Markup {
  const length = end === undefined ? 'still fires' : humanDuration(Date.parse(end) - Date.parse(begin));
  const measured = value === undefined ? '' : ` (${String(Number(value.toPrecision(3)))}${threshold === undefined ? '' : `, limit ${String(threshold)}`})`;
  return html`<tr>
    <td class="when">${clock.moment(begin)}</td>
    <td class="when">${length}</td>
    <td>${service}</td>
    <td>${linked(name, link)}${measured}</td>
    <td>${kind === 'told' ? '' : kind}</td>
  </tr>`;
}

function regions({ pages }: ReportIncident): string {
  return [...new Set(pages.flatMap(({ region }) => region ?? []))].join(', ');
}
