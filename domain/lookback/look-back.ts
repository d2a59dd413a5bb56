import { triage } from '../triage';
import { worst } from '../incident-alerts';
import type { AlertNote } from '../alert';
import { defined } from '../defined';
import { isZone } from '../local-time';
import type { QuietRules } from '../quiet/rules';
import { weighSuspects, type Weighed } from './cause';
import type { Span } from './facts';
import { replayGate, type Fate } from './gate-replay';
import { groupByService, joinCallers, together, type Group } from './group';
import { hindsightOf, REMEDY_AFTER_MS } from './hindsight';
import { endedEarly, kindsOfPages } from './noise';
import type { Past } from './past';
import { placePast, type Placed } from './places';
import { wouldHave, type Hands } from './proposal';
import { REPORT_VERSION, type LookbackReport, type ReportIncident } from './report';
import { pageOf, suspectOf } from './report-parts';
import { suspectsOf } from './suspects';
import { nightOf, totalsOf } from './totals';

/** What the look back judges by: the settings of the live engine. Durations in milliseconds. */
export interface LookbackSettings extends Hands {
  /** Of what names no environment. */
  readonly environment: string;
  /** IANA zone in which nights are counted. */
  readonly zone: string;
  /** How long the engine watches after the end of an incident, and how far it looks back for changes. */
  readonly watchMs: number;
  readonly lookbackMs: number;
  readonly quiet: QuietRules;
}

/** What the report says of its own making. */
export interface Making {
  readonly made: number;
  readonly source: string;
  readonly gaps: readonly string[];
  readonly calls: LookbackReport['calls'];
}

/** Two services that begin to hurt within this of each other and have one cause are one incident. */
const SAME_CAUSE_MS = 20 * 60_000;

/** What the engine would have made of the past. Pure: the same past under the same settings gives the same report. */
export function lookBack(past: Past, settings: LookbackSettings, making: Making): LookbackReport {
  const { span, dependsOn } = past;
  const calls = withConfigured(dependsOn, settings);
  const known = settings.services.map(({ name }) => name);
  const placed = placePast(past, known, settings.environment);
  const fates = replayGate(placed.pages, settings.quiet, past.silences);
  const judge = (group: Group): readonly Weighed[] => weighSuspects(suspectsOf(group, placed, calls, settings.lookbackMs), placed.changes, span);
  const groups = joinCallers(groupByService(placed.pages, settings.watchMs, span.to), calls, span.to);
  const whole = joinByCause(groups, judge, span);
  const zone = isZone(settings.zone) ? settings.zone : 'UTC';
  const night = nightOf(zone);
  const incidents = whole.map((group, i) => incidentOf(group, i, { placed, fates, settings, span, night, weighed: judge(group) }));
  return {
    ...{ version: REPORT_VERSION, made: iso(making.made), source: making.source, from: iso(span.from), to: iso(span.to), zone },
    ...{ totals: totalsOf(incidents, span, zone), incidents, changes: changesOf(placed), gaps: [...making.gaps, ...past.notes], calls: making.calls },
  };
}

/** What the configuration says of topology counts beside what was read. */
function withConfigured(dependsOn: Past['dependsOn'], { services }: LookbackSettings): Past['dependsOn'] {
  const all = new Map([...dependsOn].map(([name, on]) => [name, new Set(on)]));
  for (const { name, dependsOn: on } of services) all.set(name, new Set([...(all.get(name) ?? []), ...on]));
  return all;
}

function joinByCause(groups: readonly Group[], judge: (group: Group) => readonly Weighed[], span: Span): readonly Group[] {
  const joined: { group: Group; cause: string | undefined }[] = [];
  for (const group of groups) {
    const named = judge(group).find((each) => each.named)?.suspect.placed;
    const cause = named && (named.past.what === 'provider-event' || named.services.length > 1) ? named.past.id : undefined;
    const other =
      cause === undefined ? undefined : joined.find((each) => each.cause === cause && group.begin - each.group.begin <= reach(named?.past.until, each.group));
    if (other && named) other.group = together(other.group, group, `both followed ${named.change.summary}`, span.to);
    else joined.push({ group, cause });
  }
  return joined.map(({ group }) => group);
}

/** An event of the provider keeps breaking things as long as it lasts. */
function reach(until: number | undefined, { begin }: Group): number {
  return Math.max(SAME_CAUSE_MS, (until ?? begin) - begin);
}

interface Context {
  readonly placed: Placed;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly settings: LookbackSettings;
  readonly span: Span;
  readonly night: (at: number) => string | undefined;
  readonly weighed: readonly Weighed[];
}

function incidentOf(group: Group, index: number, { placed, fates, settings, span, night, weighed }: Context): ReportIncident {
  const service = settings.services.find(({ name, environment }) => name === group.service && environment === group.environment);
  const told = triage(group.service, service, notesOf(group), null);
  const would = wouldHave(group, weighed, settings);
  const folded = group.pages.filter(({ id }) => fates.get(id) !== 'delivered').length;
  const hindsight = hindsightOf(group, weighed, would, { placed, span, folded });
  const named = weighed.some((each) => each.named);
  const kinds = kindsOfPages(group, fates, endedEarly(group) && !named && hindsight.some(({ kind }) => kind === 'healed'));
  const open = group.pages.some(({ end }) => end === undefined);
  const right = would.would === 'propose' && !hindsight.some(({ wrong }) => wrong);
  return defined({
    ...{
      id: `past-${String(index + 1).padStart(3, '0')}`,
      title: told.title,
      severity: group.pages.map(({ alert }) => alert.severity).reduce(worst, told.severity),
    },
    ...{ environment: group.environment, service: group.service, services: group.services, because: group.because },
    ...{ begin: iso(group.begin), end: open ? undefined : iso(group.end), onset: iso(group.onset) },
    pages: group.pages.map((page) => pageOf(page, kinds.get(page.id) ?? 'told', night(page.begin) !== undefined)),
    ...{ suspects: weighed.map(suspectOf), wouldHave: would, hindsight },
    noise: group.pages.every(({ id }) => kinds.get(id) !== 'told'),
    savedMs: right ? Math.max(0, group.end - group.begin - REMEDY_AFTER_MS) : 0,
  });
}

function notesOf({ pages }: Group): AlertNote[] {
  return pages.map(({ alert }) => {
    const { fingerprint, name, source, severity, summary, startsAt, signal } = alert;
    return { fingerprint, name, source, status: 'firing', severity, summary, startsAt, ...(signal !== undefined && { signal }) };
  });
}

function changesOf({ changes }: Placed): LookbackReport['changes'] {
  return changes
    .filter(({ past }) => past.what !== 'run' && !(past.by === 'provider' && past.what !== 'provider-event'))
    .map(({ past, change, services }) =>
      defined({ at: iso(past.at), until: past.until === undefined ? undefined : iso(past.until), services, kind: past.what, summary: change.summary }),
    );
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
