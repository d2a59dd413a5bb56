import type { Build } from '../build';
import type { Change } from '../change';
import type { EvidenceItem, LogPattern } from '../evidence';
import { humanDuration } from '../human-time';
import type { WindowStats } from '../metrics';
import { latency, percent, plainNumber } from '../wording';
import { nearby } from './nearby-lines';
import type { Described } from './nearby-lines';
import { outsideText } from './outside';

/** An item of evidence as a model reads it. */
export interface ItemLines {
  /** Put together here from numbers, words of ours and names of the inventory. */
  readonly facts: readonly string[];
  /** What somebody else may have written, made fit. */
  readonly told: readonly string[];
}

/** Characters of one text of an outsider, how many texts of an item are shown, and how many sample lines of a log besides. */
const MOST = { line: 240, name: 120, lines: 12, samples: 6 } as const;

/** Characters of a hash that tell versions apart. */
const SHOWN_HASH = 12;

/** The lines of an item. A name that does not come from the inventory, such as that of a resource, a version or an author, is told and no fact. */
export function linesOf(item: EvidenceItem): ItemLines {
  const { facts, told } = described(item);
  return { facts, told: [...fitted(told, MOST.lines), ...fitted(samplesOf(item), MOST.samples)] };
}

function fitted(told: readonly (string | undefined)[], most: number): readonly string[] {
  return told
    .flatMap((text) => (text === undefined ? [] : [outsideText(text, MOST.line)]))
    .filter((text) => text !== '')
    .slice(0, most);
}

/** Sample lines of a log, the first of each kind of line before the second of any. */
function samplesOf(item: EvidenceItem): readonly string[] {
  const lists = (item.kind === 'logs' ? item.patterns : item.kind === 'log-anomaly' ? [item] : []).map(({ samples = [] }) => samples);
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((samples) => samples[i] ?? [])).flatMap((each) => each.map((sample) => `a line: ${sample}`));
}

function described(item: EvidenceItem): Described {
  switch (item.kind) {
    case 'metrics':
      return { facts: [`requests of ${item.service} before: ${stats(item.baseline)}`, `requests of ${item.service} now: ${stats(item.now)}`], told: [] };
    case 'neighbour':
      return {
        facts: [`${item.service}, which it depends on, is ${health(item.healthy)}`, `before: ${stats(item.baseline)}`, `now: ${stats(item.now)}`],
        told: [],
      };
    case 'saturation':
      return saturation(item);
    case 'logs':
      return { facts: [`${String(item.linesRead)} lines of the log of ${item.service} were read`], told: item.patterns.map(patternLine) };
    case 'log-anomaly':
      return {
        facts: [
          `log of ${item.service}: a kind of line came ${plainNumber(item.lines)} times in 5 minutes, ${plainNumber(item.expected)} expected (${item.what}), since ${iso(item.since)}`,
        ],
        told: [item.template],
      };
    case 'anomaly':
      return { facts: [`the detector scored a series of ${item.service} with ${plainNumber(item.score)} of 1, since ${iso(item.since)}`], told: [item.title] };
    case 'change':
      return change(item.change, item.leadMs);
    case 'no-change':
      return { facts: [`no change of ${item.service} in the ${humanDuration(item.sinceMs)} before the onset`], told: [] };
    case 'release':
      return release(item);
    case 'runbooks':
      return runbooks(item);
    case 'build':
      return build(item.build, item.what);
    case 'other-builds':
      return { facts: [`${String(item.failed)} of ${String(item.pipelines)} pipelines of other services failed about then`], told: [] };
    case 'window':
    case 'graph':
    case 'incident-nearby':
    case 'similar':
      return nearby(item);
    case 'missing':
      return { facts: ['this could not be gathered'], told: [`${item.what}: ${item.reason}`] };
  }
}

function saturation(item: Extract<EvidenceItem, { readonly kind: 'saturation' }>): Described {
  return {
    facts: [
      `a resource of ${item.service} is ${percent(item.now)} full, ${percent(item.before)} before; it is ${item.rising ? 'rising' : 'not rising'}`,
      ...(item.risingSince === undefined ? [] : [`rising since ${iso(item.risingSince)}`]),
    ],
    told: [`resource: ${item.resource.slice(0, MOST.name)}`],
  };
}

function release(item: Extract<EvidenceItem, { readonly kind: 'release' }>): Described {
  return {
    facts: [`${item.service} runs a release${item.startedAt === undefined ? '' : ` since ${iso(item.startedAt)}`}`],
    told: [`runs: ${item.current}`, item.previous === undefined ? undefined : `before: ${item.previous}`],
  };
}

/** Titles and reasons of a team's own files are told, as those of all others are. */
function runbooks({ inCatalogue, applicable, candidates }: Extract<EvidenceItem, { readonly kind: 'runbooks' }>): Described {
  return {
    facts: [
      `${String(applicable)} of ${String(inCatalogue)} runbooks could be given`,
      ...candidates.map(({ runbook, version, hash }) => `${runbook}, version ${String(version)}, sha256 ${hash.slice(0, SHOWN_HASH)}`),
    ],
    told: candidates.map(({ runbook, title, because }) => `${runbook}: ${title} (${because})`),
  };
}

function stats({ errorShare, ratePerSecond, latencyP95Ms, upShare, requests, errors }: WindowStats): string {
  const rate = ratePerSecond === null ? 'unknown' : plainNumber(ratePerSecond);
  return `${String(requests)} requests (${rate} a second), ${String(errors)} failed (${percent(errorShare)}), p95 ${latency(latencyP95Ms)}, answered ${percent(upShare)} of the scrapes`;
}

function health(healthy: boolean | null): string {
  return healthy === null ? 'not measured' : healthy ? 'well' : 'failing';
}

function patternLine({ pattern, level, before, since, isNew, mentions }: LogPattern): string {
  const named = mentions.length === 0 ? '' : `, names ${mentions.join(', ')}`;
  return `${level}${isNew ? ', new' : ''}, ${String(before)} before and ${String(since)} since the onset${named}: ${pattern}`;
}

function change({ kind, service, at, author, summary, from, to }: Change, leadMs: number): Described {
  const when = leadMs === 0 ? 'at the onset' : `${humanDuration(Math.abs(leadMs))} ${leadMs > 0 ? 'before' : 'after'} the onset`;
  const versions = [from === undefined ? undefined : `from: ${from}`, to === undefined ? undefined : `to: ${to}`];
  return { facts: [`${kind} of ${service} at ${iso(at)}, ${when}`], told: [`by: ${author}`, ...versions, `summary: ${summary}`] };
}

function build(
  { result, endedAt, name, branch, where }: Pick<Build, 'result' | 'endedAt' | 'name' | 'branch'> & { readonly where?: string },
  what: string,
): Described {
  const said = { failed: 'the build that failed', 'passed-before': 'the same commit built before', after: 'a later build' }[what] ?? what;
  return {
    facts: [`${said}: ${result}, ended ${iso(endedAt)}`],
    told: [`pipeline: ${name}`, branch === undefined ? undefined : `branch: ${branch}`, where],
  };
}

/** A moment as ISO 8601, whatever stands for it in the evidence. */
export function iso(at: number | string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? 'an unknown time' : time.toISOString();
}
