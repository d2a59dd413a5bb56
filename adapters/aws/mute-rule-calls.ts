import type { AlarmMuteRuleStatus, AlarmMuteRuleSummary, CloudWatchClient, GetAlarmMuteRuleOutput } from '@aws-sdk/client-cloudwatch';
import { defined } from '../../domain/defined';
import { errorCode } from '../../domain/errors';
import type { MuteRule } from '../../domain/quiet/mute-rules';

/** Sends to CloudWatch in one place; throws errors of ours. */
export type AskRules = <T extends object>(
  operation: 'cloudwatch:ListAlarmMuteRules' | 'cloudwatch:GetAlarmMuteRule',
  send: (client: CloudWatchClient, options?: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/** More rules of one place are not read. */
export const MOST_RULES = 500;
/** Rules that mute now or will. */
export const LIVE_RULES = ['SCHEDULED', 'ACTIVE'] as const satisfies readonly AlarmMuteRuleStatus[];
/** Those that are over too. */
export const ALL_RULES = [...LIVE_RULES, 'EXPIRED'] as const satisfies readonly AlarmMuteRuleStatus[];

/** The rules of a place in these states, without their schedules; of more than `MOST_RULES` not all. */
export async function listedRules(ask: AskRules, statuses: readonly AlarmMuteRuleStatus[]): Promise<AlarmMuteRuleSummary[]> {
  const { ListAlarmMuteRulesCommand } = await import('@aws-sdk/client-cloudwatch');
  const found: AlarmMuteRuleSummary[] = [];
  let NextToken: string | undefined;
  do {
    const command = new ListAlarmMuteRulesCommand({ Statuses: [...statuses], NextToken });
    const page = await ask('cloudwatch:ListAlarmMuteRules', (client, options) => client.send(command, options));
    found.push(...(page.AlarmMuteRuleSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && found.length <= MOST_RULES);
  return found;
}

/** A rule with its schedule; undefined for one that was deleted meanwhile. */
export async function ruleDetail(ask: AskRules, arn: string): Promise<MuteRule | undefined> {
  const { GetAlarmMuteRuleCommand } = await import('@aws-sdk/client-cloudwatch');
  const name = arn.slice(arn.indexOf('alarm-mute-rule:') + 'alarm-mute-rule:'.length);
  const command = new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name });
  try {
    return ruleOf(arn, name, await ask('cloudwatch:GetAlarmMuteRule', (client, options) => client.send(command, options)));
  } catch (error) {
    if (errorCode(error) === 'not_found') return undefined;
    throw error;
  }
}

function ruleOf(arn: string, name: string, told: GetAlarmMuteRuleOutput): MuteRule {
  const { Description, Rule, MuteTargets, StartDate, ExpireDate, LastUpdatedTimestamp } = told;
  const { Expression, Duration, Timezone } = Rule?.Schedule ?? {};
  const schedule = defined({ expression: Expression, duration: Duration, timezone: Timezone });
  const dates = { startsAt: StartDate?.getTime(), endsAt: ExpireDate?.getTime(), updatedAt: LastUpdatedTimestamp?.getTime() };
  return defined({ arn, name, description: Description, schedule, alarms: MuteTargets?.AlarmNames ?? [], ...dates });
}
