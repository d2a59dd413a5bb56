import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CsvSeries } from '../../domain/csv-series';
import { seriesOfCsv } from '../../domain/csv-series';
import { formatDuration } from '../../domain/duration';
import { NightshiftError } from '../../domain/errors';
import type { Eta, Limit } from '../../domain/forecast/breach';
import { breaks, etaOf } from '../../domain/forecast/breach';
import { BREACH_NOMINAL, breachSentence } from '../../domain/forecast/breach-watch';
import type { LeadForecast } from '../../domain/forecast/forecast';
import { forecastBy } from '../../domain/forecast/forecast';
import type { Step } from '../../domain/forecast/grid';
import { detectStep, stepReaching, stepsIn, usualLeads } from '../../domain/forecast/grid';
import { planForecast } from '../../domain/forecast/plan';
import type { ForecastRecord } from '../../domain/forecast/record';
import { utcTime } from '../../domain/human-time';
import type { TimedValue } from '../../domain/trend';
import { plainNumber } from '../../domain/wording';
import { duration } from '../arguments';
import { textOfFile } from '../file-or-stdin';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

interface ForecastOptions {
  readonly limit?: Limit;
  readonly horizon?: number;
  readonly column?: string;
}

interface Answer extends ForecastRecord {
  readonly name: string;
  /** Length of a step, such as `1h` or `1 month`; null where there is none. */
  readonly step: string | null;
  /** Seasons in steps. */
  readonly seasons: readonly number[];
  readonly forecast: readonly LeadForecast[];
  readonly breach: { readonly limit: Limit; readonly broken: boolean; readonly eta: Eta | null; readonly why: string } | null;
}

const LONGEST_HORIZON_MS = 365 * 86_400_000;
/** Rows that a person is shown; `--json` has them all. */
const MOST_ROWS = 24;

/** Adds `nightshift forecast`: what a series in a file will do, how sure that is, and when it breaks a limit. Needs no running system. */
export function addForecastCommand(program: Command, run: Run): void {
  leaf(program, 'forecast', 'forecast a series of a CSV file (timestamp,value), and when it breaks a limit; needs no running system')
    .argument('[file]', 'the file, or - for stdin', '-')
    .option('--limit <side=value>', 'the limit to watch: above=90 or below=10', limitOf)
    .option(
      '--horizon <duration>',
      'how far to look, such as 24h; a day, two weeks of daily or a year of monthly values when absent',
      duration(LONGEST_HORIZON_MS),
    )
    .option('--column <name>', 'the column of a file with several; the first when absent')
    .action(async (file: string, options: ForecastOptions, command: Command) => {
      const series = columnOf(seriesOfCsv(await textOfFile(run, file)), options.column);
      const answer = answerOf(series, options);
      run.emit(command, answer, () => textOf(answer, run.width));
    });
}

function limitOf(text: string): Limit {
  const match = /^(above|below)=(.+)$/.exec(text);
  const value = Number(match?.[2]);
  if (!match || !Number.isFinite(value)) throw new InvalidArgumentError('Write it as above=90 or below=10.');
  return { side: match[1] === 'above' ? 'above' : 'below', value };
}

function columnOf(columns: readonly CsvSeries[], name: string | undefined): CsvSeries {
  const found = name === undefined ? columns[0] : columns.find((each) => each.name === name);
  if (found) return found;
  throw new NightshiftError('invalid_input', `There is no column "${name ?? ''}"; there are ${columns.map((each) => each.name).join(', ')}.`);
}

function answerOf({ name, points }: CsvSeries, { limit, horizon }: ForecastOptions): Answer {
  const measured = points.map(({ at, value }) => ({ at, value: value ?? NaN })).sort((a, b) => a.at - b.at);
  const found = detectStep(measured.map(({ at }) => at));
  const step = found && horizon !== undefined ? stepReaching(found, horizon) : found;
  const leads = step ? (horizon === undefined ? usualLeads(step) : stepsIn(step, horizon)) : 1;
  const plan = planForecast(measured, { leads, ...(step ? { step } : {}) });
  const made = 'fitted' in plan ? forecastBy(plan, measured) : [];
  return {
    name,
    ...plan.record,
    step: step && stepName(step),
    seasons: 'fitted' in plan ? plan.seasons : [],
    forecast: made,
    breach: limit ? breachOf(measured, made, limit, plan.record) : null,
  };
}

function breachOf(points: readonly TimedValue[], forecast: readonly LeadForecast[], limit: Limit, record: ForecastRecord): Answer['breach'] {
  const last = points.findLast(({ value }) => Number.isFinite(value));
  const broken = last !== undefined && breaks(limit, last.value);
  const said = `${limit.side} ${plainNumber(limit.value)}`;
  if (broken) return { limit, broken, eta: null, why: `It is ${said} already: ${plainNumber(last.value)} at ${utcTime(last.at)}.` };
  if (forecast.length === 0 || !last) return { limit, broken, eta: null, why: `When it will be ${said} is not known, as there is no forecast.` };
  const eta = etaOf(forecast, limit, BREACH_NOMINAL);
  const none = `It will not be ${said} within ${forecast.length} steps, by the ${Math.round(BREACH_NOMINAL * 100)} % interval.`;
  const why = eta ? breachSentence({ now: last.at, value: last.value, limit, eta, nominal: BREACH_NOMINAL, record }) : none;
  return { limit, broken, eta, why };
}

function stepName(step: Step): string {
  return step.unit === 'ms' ? formatDuration(step.size) : `${step.size} month${step.size === 1 ? '' : 's'}`;
}

function textOf(answer: Answer, width: number): string {
  const seasons = answer.seasons.length === 0 ? 'no season' : `seasons of ${answer.seasons.join(' and ')} steps`;
  const head =
    answer.forecast.length === 0 ? [answer.why] : [`${answer.name}: steps of ${answer.step ?? '-'}, ${seasons}, by ${answer.method ?? '-'}.`, answer.why];
  const covered = answer.coverage ? [`On its past: ${Object.entries(answer.coverage).map(coveredText).join(', ')}.`] : [];
  const every = Math.ceil(answer.forecast.length / MOST_ROWS);
  const shown = answer.forecast.filter((_, i) => (i + 1) % every === 0 || i === 0);
  const rows = shown.map(({ at, value, intervals }) => [
    utcTime(at),
    plainNumber(value),
    ...intervals.map(({ low, high }) => `${plainNumber(low)} to ${plainNumber(high)}`),
  ]);
  const nominals = (answer.forecast[0]?.intervals ?? []).map(({ nominal }) => `${Math.round(nominal * 100)} %`);
  return [
    ...head,
    ...covered,
    ...(answer.breach ? [answer.breach.why] : []),
    ...(rows.length === 0 ? [] : ['', table(['AT', 'VALUE', ...nominals], rows, width)]),
  ].join('\n');
}

function coveredText([nominal, share]: readonly [string, number]): string {
  return `${Math.round(share * 100)} % of the values lay in intervals of ${Math.round(Number(nominal) * 100)} %`;
}
