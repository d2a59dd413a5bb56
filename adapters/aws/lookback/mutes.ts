import { placeText } from '../../../domain/aws/place';
import type { PastFact } from '../../../domain/lookback/facts';
import { pastMuteSilences } from '../../../domain/quiet/mute-rules';
import type { MuteRule } from '../../../domain/quiet/mute-rules';
import { ALL_RULES, listedRules, MOST_RULES, ruleDetail } from '../mute-rule-calls';
import type { AskRules } from '../mute-rule-calls';
import type { Ask } from './ask';
import { pieces } from './kind';
import type { KindContext, KindPart, PastKind } from './kind';

/** Rules that are read in one part. */
const IN_PART = 50;

/** Mute rules of CloudWatch, those that are over included, as the silences that they were then. */
export const mutes: PastKind = {
  name: 'mute rules',
  async plan(context, ask) {
    const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
    const client = new CloudWatchClient(context.settings);
    const by =
      (each: Ask): AskRules =>
      (operation, send) =>
        each(operation, (options) => send(client, options));
    const summaries = await listedRules(by(ask), ALL_RULES);
    const asked = summaries.slice(0, MOST_RULES).flatMap(({ AlarmMuteRuleArn, ExpireDate }) => {
      const over = ExpireDate !== undefined && ExpireDate.getTime() <= context.span.from;
      return AlarmMuteRuleArn === undefined || over ? [] : [AlarmMuteRuleArn];
    });
    const parts = pieces(asked.sort(), IN_PART).map((arns, i): KindPart => ({
      name: String(i + 1),
      calls: { 'cloudwatch:GetAlarmMuteRule': arns.length },
      read: async (each) => factsOf(await rulesOf(arns, by(each)), context),
    }));
    return { parts, facts: unread(summaries.length - MOST_RULES, context), close: () => client.destroy() };
  },
};

async function rulesOf(arns: readonly string[], ask: AskRules): Promise<MuteRule[]> {
  const rules: MuteRule[] = [];
  for (const arn of arns) {
    const rule = await ruleDetail(ask, arn);
    if (rule) rules.push(rule);
  }
  return rules;
}

function factsOf(rules: readonly MuteRule[], { place, span }: KindContext): PastFact[] {
  const { silences, problems } = pastMuteSilences(rules, place, span);
  return [...silences.map((silence) => ({ kind: 'silence' as const, silence })), ...problems.map((text) => ({ kind: 'note' as const, text }))];
}

function unread(count: number, { place }: KindContext): PastFact[] {
  return count > 0 ? [{ kind: 'note', text: `${placeText(place)} has ${String(count)} mute rules more than are read; what they muted is told as pages.` }] : [];
}
