import type { LeftOut } from '../domain/sources/source';
import type { Taken } from './keep';

/** What a message held that was refused: how many, and in words. */
export interface RefusedParts {
  readonly count: number;
  readonly words: readonly string[];
}

/** Points, lines or calls that were refused, by the archive or as they were read. */
export function refusedOf({ points, lines, calls }: Taken, leftOut: readonly LeftOut[] = []): RefusedParts {
  const unread = leftOut.filter(({ refused }) => refused);
  const { cardinality = 0, 'too-old': tooOld = 0, ahead = 0 } = points?.refused ?? {};
  const counted = (lines?.refused ?? 0) + (calls?.refused ?? 0);
  const words = [
    cardinality > 0 && `${some(cardinality, 'point')} of new series: the service has as many series as archive.seriesPerService allows`,
    tooOld > 0 && `${some(tooOld, 'point')} older than retention.points`,
    ahead > 0 && `${some(ahead, 'point')} more than a day ahead of the clock`,
    counted > 0 && `${some(counted, 'line or call', 'lines or calls')} older than is kept, or more than a day ahead of the clock`,
  ];
  return {
    count: cardinality + tooOld + ahead + counted + unread.reduce((sum, { count }) => sum + count, 0),
    words: [...words.filter((each) => each !== false), ...unread.map((each) => each.words)],
  };
}

function some(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
