import { humanDuration } from '../../domain/human-time';
import type { ForecastResult } from './forecast';

/** The result for people. */
export function forecastTable(result: ForecastResult): string {
  const row = (name: string, text: string): string => `  ${name.padEnd(24)}${text}\n`;
  const covered = result.nominal.map((nominal) => `${percent(result.coverage[String(nominal)])} of ${percent(nominal)}`).join(', ');
  const lead = result.medianLeadMs === null ? '-' : humanDuration(result.medianLeadMs);
  return [
    '\n',
    row('series', `${result.series} (${result.skipped.length} skipped), ${result.forecasts} forecasts, ${percent(result.declined)} declined`),
    row('MASE', `${figure(result.mase)} (seasonal naive ${figure(result.seasonalNaiveMase)}), median ${figure(result.maseMedian)}`),
    row('of seasonal naive', `${figure(result.relativeMae)}, of those answered ${figure(result.answeredRelativeMae)}`),
    row('values in intervals', covered),
    row('breaches', `${result.breaches}, caught ${percent(result.caught)}, median lead ${lead}`),
    row('false alarms a week', `${figure(result.falseAlarmsPerWeek)} (${result.falseAlarms})`),
    row('a forecast takes', `${result.planMs} ms of processor time`),
    ...(result.peer
      ? [
          row(
            'peer',
            'why' in result.peer
              ? result.peer.why
              : `${result.peer.name}: MASE ${figure(result.peer.mase)}, of seasonal naive ${figure(result.peer.relativeMae)}`,
          ),
        ]
      : []),
  ].join('');
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : `${(value * 100).toFixed(1)} %`;
}
