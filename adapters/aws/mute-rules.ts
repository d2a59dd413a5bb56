import type { AwsPlace } from '../../domain/aws/place';
import { muteRuleSource, muteSilences } from '../../domain/quiet/mute-rules';
import type { MuteRule } from '../../domain/quiet/mute-rules';
import type { Clock } from '../../ports/clock';
import type { SilenceSource } from '../../ports/quiet';
import type { AwsAccess } from './access';
import { awsClients } from './clients';
import { LIVE_RULES, listedRules, MOST_RULES, ruleDetail } from './mute-rule-calls';
import type { AskRules } from './mute-rule-calls';

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

/** The mute rules of CloudWatch in each place. A rule is read again only when it was changed. */
export function cloudwatchMuteRules({ access, places, everyMs, clock }: MuteRuleDeps): readonly SilenceSource[] {
  const clients = awsClients(access, async (settings) => {
    // Loaded when it is needed first: most teams never need it.
    const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
    return new CloudWatchClient(settings);
  });
  return places.map((place) => {
    const ask: AskRules = (operation, send) => clients.ask(place, operation, (client) => send(client));
    const known = new Map<string, { readonly updated: number; readonly rule: MuteRule }>();
    return {
      name: muteRuleSource(place),
      everyMs,
      async read() {
        const summaries = await listedRules(ask, LIVE_RULES);
        for (const arn of [...known.keys()]) if (!summaries.some(({ AlarmMuteRuleArn }) => AlarmMuteRuleArn === arn)) known.delete(arn);
        for (const { AlarmMuteRuleArn: arn = '', LastUpdatedTimestamp } of summaries.slice(0, MOST_RULES)) {
          const updated = LastUpdatedTimestamp?.getTime();
          if (updated !== undefined && known.get(arn)?.updated === updated) continue;
          const rule = await ruleDetail(ask, arn);
          if (rule) known.set(arn, { updated: updated ?? NaN, rule });
          else known.delete(arn);
        }
        const rules = [...known.values()].map(({ rule }) => rule);
        const { silences, problems } = muteSilences(rules, place, clock.now(), AHEAD_MS);
        const left = summaries.length - MOST_RULES;
        return { silences, problems: left > 0 ? [...problems, `${muteRuleSource(place)} has ${String(left)} mute rules more than are read.`] : problems };
      },
    };
  });
}
