import type { Command } from 'commander';
import { relativeTime } from '../../domain/human-time';
import { QUALITY_RULES } from '../../domain/quality/mark';
import type { QualityRule } from '../../domain/quality/mark';
import { oneOf } from '../arguments';
import type { MarkView } from '../client';
import { table } from '../render/table';
import type { Run } from '../run';
import { leaf } from '../run';

interface QualityOptions {
  readonly service?: string;
  readonly environment?: string;
  readonly rule?: QualityRule;
}

/** Adds `nightshift data …`. */
export function addDataCommands(program: Command, run: Run): void {
  const data = program.command('data').description('look at the data that was taken in');
  leaf(data, 'quality', 'list series whose data is not to be trusted, and why')
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only of this environment')
    .option('--rule <rule>', `only of this rule: ${QUALITY_RULES.join(', ')}`, oneOf(QUALITY_RULES))
    .action(async ({ service, environment, rule }: QualityOptions, command: Command) => {
      const report = await (await run.client(command)).dataQuality({ service, environment, rule });
      const now = run.deps.clock.now();
      run.emit(command, report, () => {
        if (report.checkedAt === null) return 'Nothing was looked at yet: the first look ends a minute or more after the start.';
        const seen = `${report.series} series, looked at ${relativeTime(report.checkedAt, now)}`;
        if (report.marks.length === 0) return `No marks (${seen}).`;
        const rows = report.marks.map((each) => [each.rule, each.severity, each.service, seriesText(each), relativeTime(each.since, now), each.detail]);
        const rest = report.more > 0 ? `${report.more} more marks are not kept.\n` : '';
        return `${table(['RULE', 'SEVERITY', 'SERVICE', 'SERIES', 'SINCE', 'WHAT'], rows, run.width)}${rest}(${seen})`;
      });
    });
  leaf(data, 'series', 'list the declared series: how far they are measured, what came late').action(async (_options: unknown, command: Command) => {
    const { series } = await (await run.client(command)).dataSeries();
    run.emit(command, { series }, () => {
      if (series.length === 0) return 'No series is declared: see `series` in the configuration.';
      const rows = series.map((each) => [
        each.name,
        each.measure,
        each.madeTo ?? 'not yet',
        ...[each.windows, each.remade, each.late, each.overKeys + each.unfit + each.refused].map(String),
      ]);
      return table(['NAME', 'MEASURE', 'UP TO', 'WINDOWS', 'MADE AGAIN', 'LATE', 'LEFT ASIDE'], rows, run.width);
    });
  });
}

function seriesText({ metric, labels = {} }: MarkView): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return metric === undefined ? 'all' : `${metric}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''}`;
}
