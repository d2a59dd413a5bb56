import type { Command } from 'commander';
import { awsCosts } from '../../config/resolve-cloudwatch';
import type { NightshiftConfig, SystemRole } from '../../config/types';
import { totalUsd } from '../../domain/aws/pull-prices';
import type { NightshiftError } from '../../domain/errors';
import { errorCode } from '../../domain/errors';
import { plainText } from '../../domain/plain-text';
import { EXIT } from '../exit-codes';
import type { Run } from '../run';
import { configOf, leaf } from '../run';
import { roleOption } from './launch';

/** So many fit on a screen. */
const MOST_WARNINGS = 30;

/** Adds `nightshift config check`: every problem at once; needs no running system. */
export function addConfigCommands(program: Command, run: Run): void {
  const config = program.command('config').description('the configuration');
  const check = leaf(config, 'check', 'check the configuration and list every problem').addOption(roleOption());
  check.action(async ({ role }: { role: SystemRole }, command: Command) => {
    try {
      const loaded = await run.deps.loadConfig(configOf(command), role);
      run.emit(command, { ok: true, ...summary(loaded), problems: [], warnings: loaded.warnings }, () => summaryText(loaded));
    } catch (error) {
      if (errorCode(error) !== 'invalid_config') throw error;
      const { message, problems } = error as NightshiftError;
      run.emit(command, { ok: false, problems: problems.length > 0 ? problems : [{ path: '', message }] }, () =>
        [plainText(message), ...problems.map((p) => `  ${plainText(`${p.path}: ${p.message}`)}`)].join('\n'),
      );
      run.exitCode = EXIT.failed;
    }
  });
}

/** Only what is no secret: neither addresses of channels nor of the database. */
function summary(config: NightshiftConfig): Readonly<Record<string, string | number | readonly string[] | null>> {
  return {
    file: config.file ?? null,
    profile: config.profile,
    home: config.home,
    store: config.store.databaseUrl === undefined ? 'embedded' : 'postgres',
    temporal: config.temporal.address ?? 'embedded',
    services: config.services.map((s) => `${s.environment}/${s.name}`),
    rules: config.policy.rules.length,
    freezes: config.policy.freezes.map((f) => f.name),
    channels: config.notifications.map((c) => c.channel),
    ...(config.aws && { pulled: pulledText({ ...config, aws: config.aws }) }),
  };
}

/** What is fetched from AWS and what that costs, the sum last. */
function pulledText(config: Parameters<typeof awsCosts>[0]): string[] {
  const costs = awsCosts(config);
  if (costs.length === 0) return [];
  const each = costs.map(({ what, usd, basis, once }) => `${what}: about ${usd.toFixed(2)} USD ${once ? 'once' : 'a month'} (${basis})`);
  return [...each, `together about ${totalUsd(costs).toFixed(2)} of at most ${config.aws.monthlyUsd.toFixed(2)} USD a month`];
}

function summaryText(config: NightshiftConfig): string {
  const lines = Object.entries(summary(config)).map(([name, value]) => {
    const text = typeof value === 'object' ? (value?.join(name === 'pulled' ? '; ' : ', ') ?? '') || 'none' : String(value);
    return `  ${name.padEnd(10)}${plainText(text)}`;
  });
  const odd = config.warnings.slice(0, MOST_WARNINGS).map((each) => `  ${plainText(`${each.path}: ${each.message}`)}`);
  const more = config.warnings.length - odd.length;
  const told =
    odd.length === 0
      ? []
      : ['What is odd, and keeps nothing from running:', ...odd, ...(more > 0 ? [`  and ${String(more)} more; --json lists them all`] : [])];
  return ['The configuration is valid.', ...lines, ...told].join('\n');
}
