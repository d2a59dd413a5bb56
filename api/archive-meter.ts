import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { LeftOut } from '../domain/sources/source';
import type { Kept } from '../ports/archive';

/** Registers the numbers of what the archive takes in; what is returned counts. */
export function archiveMeter(registry: Registry): (kept: Kept | undefined, leftOut?: readonly LeftOut[]) => void {
  const registers = [registry];
  const counter = (name: string, help: string): Counter<'outcome'> => new Counter({ name, help, labelNames: ['outcome'], registers });
  const points = counter('nightshift_archive_points_total', 'Points of metrics that came, by what became of them.');
  const late = new Counter({ name: 'nightshift_archive_late_points_total', help: 'Points that were added late.', registers });
  const lines = counter('nightshift_archive_lines_total', 'Lines of logs that came, by what became of them.');
  const calls = counter('nightshift_archive_calls_total', 'Calls between services that came, by what became of them.');
  const builds = counter('nightshift_archive_builds_total', 'Builds that came, by what became of them.');
  const unread = new Map([
    ['line', lines],
    ['span', calls],
    ['point', points],
    ['sample', points],
    ['histogram', points],
  ]);
  return (kept, leftOut = []) => {
    for (const { thing, count, refused } of leftOut) if (refused) unread.get(thing)?.inc({ outcome: 'unreadable' }, count);
    if (!kept) return;
    const { refused, late: lateOnes, ...outcomes } = kept.points;
    for (const [outcome, count] of Object.entries({ ...outcomes, ...refused })) points.inc({ outcome }, count);
    late.inc(lateOnes);
    for (const [outcome, count] of Object.entries(kept.logs)) lines.inc({ outcome }, count);
    for (const [outcome, count] of Object.entries(kept.calls)) calls.inc({ outcome }, count);
    for (const [outcome, count] of Object.entries(kept.builds)) builds.inc({ outcome }, count);
  };
}
