import type { AlarmMuteRuleSummary, CloudWatchClient, GetAlarmMuteRuleOutput } from '@aws-sdk/client-cloudwatch';
import type { AwsPlace } from '../../domain/aws/place';
import { defined } from '../../domain/defined';
import { errorCode } from '../../domain/errors';
import { muteRuleSource, muteSilences } from '../../domain/quiet/mute-rules';
import type { MuteRule } from '../../domain/quiet/mute-rules';
import type { Clock } from '../../ports/clock';
import type { SilenceSource } from '../../ports/quiet';
import type { AwsAccess } from './access';
import { awsClients } from './clients';
import type { AwsClients } from './clients';

/** What reading mute rules works with. */
export interface MuteRuleDeps {
  readonly access: AwsAccess;
  readonly places: readonly AwsPlace[];
  /** Milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
}

/** Windows that begin so soon are read ahead, milliseconds. */
const AHEAD_MS = 60 * 60_000;
/** More rules of one place are not read. */
const MOST = 500;

/** The mute rules of CloudWatch in each place. A rule is read again only when it was changed. */
export function cloudwatchMuteRules({ access, places, everyMs, clock }: MuteRuleDeps): readonly SilenceSource[] {
  const clients = awsClients(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
    return new CloudWatchClient(settings);
  });
  return places.map((place) => {
    const known = new Map<string, { readonly updated: number; readonly rule: MuteRule }>();
    return {
      name: muteRuleSource(place),
      everyMs,
      async read() {
        const summaries = await listed(clients, place);
        for (const arn of [...known.keys()]) if (!summaries.some(({ AlarmMuteRuleArn }) => AlarmMuteRuleArn === arn)) known.delete(arn);
        for (const { AlarmMuteRuleArn: arn = '', LastUpdatedTimestamp } of summaries.slice(0, MOST)) {
          const updated = LastUpdatedTimestamp?.getTime();
          if (updated !== undefined && known.get(arn)?.updated === updated) continue;
          const rule = await detailOf(clients, place, arn);
          if (rule) known.set(arn, { updated: updated ?? NaN, rule });
          else known.delete(arn);
        }
        const rules = [...known.values()].map(({ rule }) => rule);
        const { silences, problems } = muteSilences(rules, place, clock.now(), AHEAD_MS);
        const left = summaries.length - MOST;
        return { silences, problems: left > 0 ? [...problems, `${muteRuleSource(place)} has ${String(left)} mute rules more than are read.`] : problems };
      },
    };
  });
}

async function listed(clients: AwsClients<CloudWatchClient>, place: AwsPlace): Promise<AlarmMuteRuleSummary[]> {
  const { ListAlarmMuteRulesCommand } = await import('@aws-sdk/client-cloudwatch');
  const found: AlarmMuteRuleSummary[] = [];
  let NextToken: string | undefined;
  do {
    const command = new ListAlarmMuteRulesCommand({ Statuses: ['SCHEDULED', 'ACTIVE'], NextToken });
    const page = await clients.ask(place, 'cloudwatch:ListAlarmMuteRules', (client) => client.send(command));
    found.push(...(page.AlarmMuteRuleSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && found.length <= MOST);
  return found;
}

/** Undefined for a rule that was deleted meanwhile. */
async function detailOf(clients: AwsClients<CloudWatchClient>, place: AwsPlace, arn: string): Promise<MuteRule | undefined> {
  const { GetAlarmMuteRuleCommand } = await import('@aws-sdk/client-cloudwatch');
  const name = arn.slice(arn.indexOf('alarm-mute-rule:') + 'alarm-mute-rule:'.length);
  try {
    return ruleOf(
      arn,
      name,
      await clients.ask(place, 'cloudwatch:GetAlarmMuteRule', (client) => client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }))),
    );
  } catch (error) {
    if (errorCode(error) === 'not_found') return undefined;
    throw error;
  }
}

function ruleOf(arn: string, name: string, { Description, Rule, MuteTargets, StartDate, ExpireDate }: GetAlarmMuteRuleOutput): MuteRule {
  const { Expression, Duration, Timezone } = Rule?.Schedule ?? {};
  const schedule = defined({ expression: Expression, duration: Duration, timezone: Timezone });
  const dates = { startsAt: StartDate?.getTime(), endsAt: ExpireDate?.getTime() };
  return defined({ arn, name, description: Description, schedule, alarms: MuteTargets?.AlarmNames ?? [], ...dates });
}
