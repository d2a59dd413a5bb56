import { longestPeriodMs } from '../domain/aws/service-metrics';
import { fillName, readFill } from '../domain/detection/fill-state';
import type { FillState } from '../domain/detection/fill-state';
import { isMeasured } from '../domain/detection/measure-row';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { Sample } from '../domain/metrics';
import type { Clock } from '../ports/clock';
import type { MeasureHistory } from '../ports/measures';
import type { MetricHistory } from '../ports/metrics';
import type { StateStore } from '../ports/store';
import { oldestRow, rowsOfSamples } from './measure-history';
import type { RowSettings } from './measure-history';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What filling works with; durations in milliseconds. */
export interface MeasureFillDeps {
  /** Those whose past somebody keeps. */
  readonly services: readonly Service[];
  readonly past: MetricHistory;
  readonly history: Pick<MeasureHistory, 'append' | 'span'>;
  readonly state: Pick<StateStore, 'load' | 'save'>;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** `measuresMs` is how long rows are kept; of a service for whose past somebody is paid `reachMs` says how far back it is filled in. */
  readonly settings: RowSettings & { readonly measuresMs: number; readonly reachMs?: (service: Service) => number };
}

/** Fills the history of services before their first row. */
export interface MeasureFiller {
  /** Asks once for a part of one service's past. Returns milliseconds until the next turn. */
  turn(): Promise<number>;
}

/** Rows of one question, and answers for each row: a server of Prometheus gives at most 11,000, and ours takes 2,000; CloudWatch gives 100,800 of all metrics together, page by page. */
const ROWS_AT_ONCE = 900;
const ANSWERS_A_ROW = 2;
/** Rows before the first one, as a count needs something to be continued from. */
const LEAD_ROWS = 2;
/** Between two questions; until a service that nobody judges yet, or whose server failed, is asked for again (at first, and at most where it goes on failing); and when nothing is left. */
const PAUSE = { nextMs: 200, againMs: 60_000, mostAgainMs: 60 * 60_000, restMs: 60 * 60_000 };

/** Fills, newest part first, what each service was like before it was judged: once, and over a restart no part twice. When all is there, the group that has the service learns it. */
export function measureFiller(deps: MeasureFillDeps): MeasureFiller {
  const done = new Set<Service>();
  const waits = new Map<Service, number>();
  // In a row: what fails for long is told once, and asked for less and less often, as asking may cost, also what is not answered.
  const failures = new Map<Service, number>();
  return {
    async turn() {
      const now = deps.clock.now();
      for (const service of deps.services) {
        if (done.has(service) || (waits.get(service) ?? 0) > now) continue;
        const reached = await part(deps, service, now).catch((error: unknown) => {
          if (!failures.has(service))
            deps.log.warn({ service: service.name, error: errorMessage(error) }, 'the past of a service could not be filled in; it is tried again');
          failures.set(service, (failures.get(service) ?? 0) + 1);
          return 'failed' as const;
        });
        if (reached !== 'failed') failures.delete(service);
        if (reached === 'all') done.add(service);
        if (reached === 'later' || reached === 'failed')
          waits.set(service, now + Math.min(PAUSE.mostAgainMs, PAUSE.againMs * 2 ** ((failures.get(service) ?? 1) - 1)));
        if (reached === 'part') return PAUSE.nextMs;
      }
      return done.size < deps.services.length ? PAUSE.againMs : PAUSE.restMs;
    },
  };
}

/** Fills part after part until it is stopped. */
export function createMeasureFill(deps: MeasureFillDeps): Repeated {
  const filler = measureFiller(deps);
  return repeat(() =>
    filler.turn().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, 'the past of services could not be filled in; it is tried again');
      return PAUSE.againMs;
    }),
  );
}

async function part({ past, history, state, settings, clock, log }: MeasureFillDeps, service: Service, now: number): Promise<'part' | 'all' | 'later'> {
  const { rowMs, measuresMs, reachMs = () => Infinity } = settings;
  const { environment, name } = service;
  const known = readFill(await state.load(fillName(service)), rowMs);
  if (known !== undefined && known.phase !== 'filling') return 'all';
  const to = known?.to ?? (await firstRow(history, service, rowMs));
  // The group's first turn takes what samples know; this begins before that.
  if (to === undefined) return 'later';
  const oldest = oldestRow(Math.floor(now / rowMs) * rowMs, Math.min(measuresMs, reachMs(service)), rowMs);
  const from = Math.max(oldest, to - ROWS_AT_ONCE * rowMs);
  let added = known?.added ?? false;
  if (from < to) {
    const step = Math.max(rowMs / ANSWERS_A_ROW, 1000);
    const periodMs = longestPeriodMs(service, step);
    const samples = await past.past(service, from - Math.max(LEAD_ROWS * rowMs, periodMs + rowMs), to, step);
    const rows = (await rowsOfSamples(among(samples), service, { from, to, periodMs }, settings)).filter(isMeasured);
    await history.append(rowMs, [{ environment, service: name, rows }]);
    added ||= rows.length > 0;
  }
  const phase = from > oldest ? 'filling' : added ? 'filled' : 'learnt';
  await state.save(fillName(service), { rowMs, to: from, added, phase } satisfies FillState);
  if (phase === 'filled')
    log.info({ service: name, days: Math.round((clock.now() - from) / 86_400_000) }, 'the past of a service is filled in; it is learnt next');
  return 'part';
}

/** Begin of the first row that is there. */
async function firstRow(history: Pick<MeasureHistory, 'span'>, { environment, name }: Service, rowMs: number): Promise<number | undefined> {
  const span = await history.span({ environment, service: name, rowMs });
  return span && span.first - rowMs;
}

/** Reads samples, oldest first, of one service. */
function among(samples: readonly Sample[]): { readonly read: (environment: string, service: string, from: number, to: number) => Promise<readonly Sample[]> } {
  return { read: (_environment, _service, from, to) => Promise.resolve(samples.filter(({ at }) => at >= from && at <= to)) };
}
