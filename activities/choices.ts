import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { digestOf } from '../domain/digest';
import { errorMessage } from '../domain/errors';
import { backtestOf, MOST_ROWS } from '../domain/detection/choose';
import type { ChoiceHistory, LabelledAlert } from '../domain/detection/choose';
import type { Choice, ChoiceTrial } from '../domain/detection/choose-record';
import { choiceName } from '../domain/detection/choose-record';
import { seriesKey } from '../domain/detection/anomaly-record';
import { coarserRows } from '../domain/detection/measure-row';
import type { MeasureRow } from '../domain/detection/measure-row';
import { kindOfMeasure } from '../domain/detection/measures';
import type { Service } from '../domain/inventory';
import type { Clock } from '../ports/clock';
import type { MeasureHistory } from '../ports/measures';
import type { StateStore } from '../ports/store';
import { keptRows } from './measure-history';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What choosing works with; durations in milliseconds. */
export interface ChoiceDeps {
  readonly services: readonly Service[];
  readonly history: Pick<MeasureHistory, 'read'>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  /** What became of the alerts on a series; none where absent. */
  readonly labels?: (key: string) => Promise<readonly LabelledAlert[]>;
  readonly settings: {
    readonly everyMs: number;
    /** Length of the rows that are kept, and how long they are. */
    readonly rowMs: number;
    readonly keepMs: number;
    /** Configured season and budget of one series. */
    readonly seasonMs: number;
    readonly alertsPerWeek: number;
  };
}

/** Name under which it is saved when each service had its turn. */
const STATE = 'choices';
const MINUTE = 60_000;
/** Longest row that is tried on; a shorter season has shorter rows, so that four of it are seen. */
const LONGEST_ROW_MS = 5 * MINUTE;
const SEASONS = 4;
/** Time between two services, so that a night's work is spread. */
const BETWEEN_MS = MINUTE;
const turns = z.record(z.string(), z.number());

/** Chooses how a series is watched by a backtest on its history, and saves the choice with when and why. Others are let through between two candidates. */
export async function chooseFor({ state, clock }: Pick<ChoiceDeps, 'state' | 'clock'>, key: string, history: ChoiceHistory): Promise<Choice> {
  // The same series gets the same incidents each night, so that a choice changes with its history alone.
  const backtest = backtestOf(history, parseInt(digestOf(key).slice(0, 8), 16));
  const trials: ChoiceTrial[] = [];
  for (const candidate of backtest.candidates) {
    await breathe();
    trials.push(backtest.run(candidate));
  }
  const choice: Choice = { at: clock.now(), ...backtest.choose(trials) };
  await state.save(choiceName(key), choice);
  return choice;
}

/** Chooses for the next service that is due. */
export interface Chooser {
  /** Chooses for each series of one service; false where none is due. */
  turn(): Promise<boolean>;
}

/** Goes through the services, one a turn, each once in the interval; when each had its turn survives a restart. */
export function chooser(deps: ChoiceDeps): Chooser {
  const watched = deps.services.filter(({ metrics }) => metrics !== undefined);
  return {
    async turn() {
      const now = deps.clock.now();
      const saved = turns.safeParse(await deps.state.load(STATE));
      const done = saved.success ? saved.data : {};
      const next = watched.find((service) => !((done[placeOf(service)] ?? -Infinity) > now - deps.settings.everyMs));
      if (!next) return false;
      // Saved before, as a service that breaks this process must not do so at each start.
      const known = Object.entries(done).filter(([place]) => watched.some((service) => placeOf(service) === place));
      await deps.state.save(STATE, { ...Object.fromEntries(known), [placeOf(next)]: now });
      for (const [measure, { times, values }] of await historiesOf(deps, next, now)) {
        const key = seriesKey({ environment: next.environment, service: next.name, measure });
        const { seasonMs, alertsPerWeek } = deps.settings;
        const labels = (await deps.labels?.(key)) ?? [];
        await chooseFor(deps, key, { times, values, kind: kindOfMeasure(measure), labels, seasonMs, alertsPerWeek });
      }
      return true;
    },
  };
}

/** Takes turns until it is stopped. */
export function createChoiceLoop(deps: ChoiceDeps): Repeated {
  const choosing = chooser(deps);
  const turn = async (): Promise<number> => {
    await choosing.turn().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, 'the settings of a service could not be chosen anew; those before hold until its next turn');
    });
    return BETWEEN_MS;
  };
  return repeat(turn, BETWEEN_MS);
}

interface History {
  readonly times: number[];
  readonly values: (number | null)[];
}

async function historiesOf({ history, settings }: ChoiceDeps, service: Service, now: number): Promise<ReadonlyMap<string, History>> {
  const wanted = Math.min(LONGEST_ROW_MS, (SEASONS * settings.seasonMs) / MOST_ROWS);
  const rowMs = Math.max(1, Math.ceil(wanted / settings.rowMs)) * settings.rowMs;
  const to = Math.floor(now / rowMs) * rowMs;
  const from = to - rowMs * Math.min(MOST_ROWS, Math.floor(settings.keepMs / rowMs));
  const rows: MeasureRow[] = [];
  for await (const some of keptRows(history, service, { from, to }, settings.rowMs)) rows.push(...some);
  const histories = new Map<string, History>();
  for (const { at, measures } of coarserRows(rows, rowMs)) {
    for (const { name, value } of measures) {
      const known = histories.get(name) ?? { times: [], values: [] };
      histories.set(name, known);
      known.times.push(at);
      known.values.push(value);
    }
  }
  return histories;
}

function placeOf({ environment, name }: Service): string {
  return `${environment}/${name}`;
}
