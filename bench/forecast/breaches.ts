import type { Limit, Span } from '../../domain/forecast/breach';
import { breaks, spansOf, touches } from '../../domain/forecast/breach';
import { NO_BREACH, watchBreach } from '../../domain/forecast/breach-watch';
import { forecastBy } from '../../domain/forecast/forecast';
import { stepMs, timeOf } from '../../domain/forecast/grid';
import { planForecast } from '../../domain/forecast/plan';
import type { Plan } from '../../domain/forecast/plan';
import type { Task } from './evaluate';
import { pointsOf } from './evaluate';

/** How the alarms on the held-out time of one series went. */
export interface Alarmed {
  readonly breaches: number;
  /** How long before each breach that was caught it was told, milliseconds. */
  readonly leadsMs: readonly number[];
  readonly falseAlarms: number;
  /** Time that was watched, milliseconds. */
  readonly watchedMs: number;
}

/** Looks at a forecast in each horizon. */
const LOOKS = 24;
/** Quantile of the values before the held-out time that is the limit of a series without one of its own. */
const OWN_LIMIT = 0.98;

/**
 * Watches the limits of a series over its held-out time: a look each 24th of the horizon, a new plan each horizon. A breach is a time in which measured values break the limit (those
 * closer than an eighth of the horizon are one). It is caught when an alarm that came before it is about that time; an alarm about a time in which nothing breaks the limit is false.
 */
export function watchTask(task: Task, mostLooks: number): Alarmed {
  const limits = task.limits ?? ownLimits(task);
  return limits.map((limit) => watchLimit(task, limit, mostLooks)).reduce(together, { breaches: 0, leadsMs: [], falseAlarms: 0, watchedMs: 0 });
}

function watchLimit(task: Task, limit: Limit, mostLooks: number): Alarmed {
  const { grid, leads } = task;
  const first = task.origins[0] ?? grid.values.length;
  const horizonMs = leads * stepMs(grid.step);
  const gap = horizonMs / 8;
  const every = Math.max(1, Math.round(leads / LOOKS));
  // Of long series the end is watched.
  const from = Math.max(first, grid.values.length - mostLooks * every);
  const told: { readonly at: number; readonly span: Span }[] = [];
  let state = NO_BREACH;
  let plan: Plan | null = null;
  for (let known = from; known < grid.values.length; known += every) {
    const points = pointsOf(grid, 0, known);
    if ((known - from) % (every * Math.max(1, Math.floor(leads / every))) === 0) {
      const made = planForecast(points, { leads, step: grid.step });
      plan = 'fitted' in made ? made : null;
    }
    if (!plan) continue;
    const now = timeOf(grid.step, grid.first + known);
    const value = grid.values[known - 1] ?? NaN;
    const look = { now, value: Number.isFinite(value) ? value : null, forecast: forecastBy(plan, points), limit, horizonMs, record: plan.record };
    const seen = watchBreach(state, look);
    state = seen.state;
    for (const { eta, until } of seen.predicted) told.push({ at: now, span: { from: eta.earliest, to: until } });
  }
  const times = Array.from({ length: grid.values.length - from }, (_, i) => from + i).filter((i) => breaks(limit, grid.values[i] ?? NaN));
  const breaches = spansOf(
    times.map((i) => timeOf(grid.step, grid.first + i)),
    gap,
  );
  const end = timeOf(grid.step, grid.first + grid.values.length);
  const caught = breaches.flatMap((breach) => told.find(({ at, span }) => at <= breach.from && touches(span, breach, gap)) ?? []);
  const leadsMs = breaches.flatMap((breach) => {
    const alarm = told.find(({ at, span }) => at <= breach.from && touches(span, breach, gap));
    return alarm ? [breach.from - alarm.at] : [];
  });
  // Of an alarm about a time after the end nothing is known.
  const judged = told.filter(({ span }) => span.from + gap < end);
  const wrong = judged.filter((alarm) => !caught.includes(alarm) && !breaches.some((breach) => touches(alarm.span, breach, gap)));
  return { breaches: breaches.length, leadsMs, falseAlarms: wrong.length, watchedMs: end - timeOf(grid.step, grid.first + from) };
}

function ownLimits({ grid, origins }: Task): readonly Limit[] {
  const before = grid.values
    .subarray(0, origins[0])
    .filter((value) => Number.isFinite(value))
    .sort();
  const at = (share: number): number => before[Math.floor(share * (before.length - 1))] ?? 0;
  return [
    { side: 'above', value: at(OWN_LIMIT) },
    { side: 'below', value: at(1 - OWN_LIMIT) },
  ];
}

function together(a: Alarmed, b: Alarmed): Alarmed {
  return {
    breaches: a.breaches + b.breaches,
    leadsMs: [...a.leadsMs, ...b.leadsMs],
    falseAlarms: a.falseAlarms + b.falseAlarms,
    watchedMs: a.watchedMs + b.watchedMs,
  };
}
