import { errorMessage } from '../domain/errors';
import { findExplosion } from '../domain/quality/cardinality';
import { checkSeries, QUALITY_LOOKBACK_MS } from '../domain/quality/check';
import { keepSince, markId } from '../domain/quality/mark';
import type { QualityMark } from '../domain/quality/mark';
import { makeReport, QUALITY_STATE, readReport } from '../domain/quality/report';
import { SERIES_SOURCE } from '../domain/series/definition';
import type { Archive, PointValue, Refusal, Series } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the checks work with. */
export interface QualityDeps {
  readonly archive: Pick<Archive, 'points' | 'marks'>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** Looks at the quality of what is archived. */
export interface QualityChecker {
  /** Looks at the next series, at most a thousand; when all have had their turn, the report is saved. Returns whether it was. */
  turn(): Promise<boolean>;
}

const TURN_EVERY_MS = 60_000;
/** Series of one turn, so that a large archive is looked at in parts. */
const SERIES_A_TURN = 1000;
/** Series whose points are in memory at the same time. */
const SERIES_AT_ONCE = 200;

/** One look at all series. */
interface Pass {
  after: number;
  series: number;
  readonly marks: QualityMark[];
  /** When the series of each metric began. */
  readonly began: Map<string, { readonly of: QualityMark['series']; readonly at: number[] }>;
}

/** Holds the rules of data quality against the series of the archive, all but our own. */
export function qualityChecker({ archive, state, clock }: QualityDeps): QualityChecker {
  let pass = newPass();
  let suspects = new Set<string>();
  return {
    async turn() {
      const now = clock.now();
      const page = await archive.points.series({ after: pass.after, limit: SERIES_A_TURN });
      const theirs = page.filter(({ source }) => source !== SERIES_SOURCE);
      const marks = await checkPoints(archive.points, theirs, now);
      for (const series of theirs) noteBegin(pass, series);
      pass.marks.push(...marks);
      pass.series += theirs.length;
      pass.after = page.at(-1)?.id ?? pass.after;
      if (page.length === SERIES_A_TURN) return false;
      const found = [...pass.marks, ...explosions(pass, now), ...refusalMarks(await archive.marks.refusals(), now)];
      const before = readReport(await state.load(QUALITY_STATE))?.marks ?? [];
      // One message that was held back is no clock that is behind: that is told when it is seen twice.
      const sure = found.filter((mark) => mark.rule !== 'clock-skew' || mark.severity === 'error' || suspects.has(markId(mark)));
      await state.save(QUALITY_STATE, makeReport(keepSince(before, sure), pass.series, now));
      suspects = new Set(found.map(markId));
      pass = newPass();
      return true;
    },
  };
}

/** Takes a turn every minute, until it is stopped. */
export function createQualityLoop(deps: QualityDeps): Repeated {
  const checker = qualityChecker(deps);
  const turn = async (): Promise<number> => {
    await checker.turn().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, 'the quality of the data could not be checked; it is tried again');
    });
    return TURN_EVERY_MS;
  };
  return repeat(turn, TURN_EVERY_MS);
}

function newPass(): Pass {
  return { after: 0, series: 0, marks: [], began: new Map() };
}

/** Series that had nothing for long have ended, as those of an instance that is gone: nothing is missing there. */
async function checkPoints(reader: Archive['points'], page: readonly Series[], now: number): Promise<QualityMark[]> {
  const alive = page.filter(({ counts }) => counts.receivedAt > now - QUALITY_LOOKBACK_MS);
  const marks: QualityMark[] = [];
  for (let i = 0; i < alive.length; i += SERIES_AT_ONCE) {
    const some = alive.slice(i, i + SERIES_AT_ONCE);
    const points = await reader.read(
      some.map(({ id }) => id),
      now - QUALITY_LOOKBACK_MS,
      now + QUALITY_LOOKBACK_MS,
    );
    for (const each of some) marks.push(...marksOf(each, points.get(each.id) ?? [], now));
  }
  return marks;
}

function marksOf({ environment, service, metric, labels, kind, unit, counts }: Series, points: readonly PointValue[], now: number): QualityMark[] {
  const { receivedAt, lagMs, ahead, unitChanges, createdAt } = counts;
  const history = { kind, points, receivedAt, lagMs, ahead, unitChanges, createdAt, ...(unit === undefined ? {} : { unit }) };
  return checkSeries(history, now).map((finding) => ({ ...finding, series: { environment, service, metric, labels } }));
}

function noteBegin({ began }: Pass, { environment, service, metric, counts }: Series): void {
  const key = JSON.stringify([environment, service, metric]);
  const known = began.get(key);
  if (known) known.at.push(counts.createdAt);
  else began.set(key, { of: { environment, service, metric }, at: [counts.createdAt] });
}

function explosions({ began }: Pass, now: number): QualityMark[] {
  return [...began.values()].flatMap(({ of, at }) => {
    const finding = findExplosion(at, now);
    return finding ? [{ ...finding, series: of }] : [];
  });
}

const REFUSED: Readonly<Record<Refusal['reason'], { readonly rule: QualityMark['rule']; readonly why: string }>> = {
  cardinality: { rule: 'cardinality', why: 'the service has more series than are kept' },
  'too-old': { rule: 'clock-skew', why: 'they were older than what is kept' },
  ahead: { rule: 'clock-skew', why: 'their times lie too far ahead' },
};

/** What the door of the archive refused of late is wrong too, although no series has it. */
function refusalMarks(refusals: readonly Refusal[], now: number): QualityMark[] {
  return refusals.flatMap(({ environment, service, reason, count, firstAt, lastAt }) => {
    if (lastAt <= now - QUALITY_LOOKBACK_MS) return [];
    const { rule, why } = REFUSED[reason];
    return [{ rule, since: firstAt, severity: 'error' as const, detail: `${count} points were refused: ${why}.`, series: { environment, service } }];
  });
}
