import { chooseRunbook } from '../choose-runbook';
import { diagnose } from '../diagnose';
import type { Diagnosis } from '../diagnosis';
import type { EvidenceItem } from '../evidence';
import type { Service } from '../inventory';
import { judge, withoutRecord } from '../policy';
import type { Policy } from '../policy-types';
import type { RunbookSnapshot } from '../runbook';
import { previewLines } from '../runbook-render';
import { windowStats } from '../windows';
import { isForKind, missingHands } from '../runbook-needs';
import type { Weighed } from './cause';
import type { Group } from './group';
import { bundleOf } from './suspects';

/** What must be connected for the engine to come so far: the alarms and changes alone, the service's metrics too, its log too. */
export const NEEDS = ['alarms', 'metrics', 'metrics and log'] as const;

/** What the live engine would have done. */
export interface WouldHave {
  /** `propose` a runbook; `wait`, as the cause is named and there is nothing of ours to act on; `ask` a person, as suspects are too weak; `silent`, as there is no evidence at all. */
  readonly would: 'propose' | 'wait' | 'ask' | 'silent';
  /** The least evidence with which it comes so far; what is beyond the alarms is assumed to show what they saw. */
  readonly needs?: (typeof NEEDS)[number];
  readonly runbook?: string;
  readonly title?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly preview?: readonly string[];
  /** What policy says of it: by default a person is asked. */
  readonly mode?: string;
  /** One sentence. */
  readonly text: string;
}

/** What proposals are made with. */
export interface Hands {
  readonly runbooks: readonly RunbookSnapshot[];
  readonly policy: Policy;
  readonly services: readonly Service[];
}

/** Runs the live engine's diagnosis, choice of runbook and policy over what the past tells, with as little assumed of what it does not tell as it takes. */
export function wouldHave(group: Group, weighed: readonly Weighed[], hands: Hands): WouldHave {
  const named = weighed.find((each) => each.named);
  if (weighed.length === 0)
    return {
      would: 'silent',
      text: 'Nothing: no change is known before it, and an alarm alone names no cause. A person would have been asked with empty hands.',
    };
  const suspects = weighed.map(({ suspect }) => suspect);
  const levels = NEEDS.map((needs, level) => ({ needs, diagnosis: diagnose(bundleOf(group, suspects, assumed(group, level)), []) }));
  const first = levels.find(({ diagnosis }) => diagnosis.verdict === 'determined');
  const plain = named && named.suspect.hypothesis?.runbook === undefined;
  if (plain) return waits(named, first?.needs);
  if (!first) return asks(weighed);
  return proposes(group, first, hands) ?? asks(weighed);
}

function waits({ suspect }: Weighed, needs: WouldHave['needs']): WouldHave {
  const whose = suspect.nearest === 'provider' ? 'The provider has to mend it' : 'It is no release, so no runbook takes it back; its author has to';
  return { would: 'wait', ...(needs && { needs }), text: `No rollback: ${lower(suspect.placed.change.summary)} is named as the likely cause. ${whose}.` };
}

function asks(weighed: readonly Weighed[]): WouldHave {
  const named = weighed.find((each) => each.named);
  const what = named ? `${named.suspect.placed.change.summary} as the likely cause` : 'a list of what was looked at';
  return { would: 'ask', text: `No remedy: the evidence is too weak to act on. A person would have been asked, with ${what}.` };
}

function proposes(group: Group, { needs, diagnosis }: { needs: (typeof NEEDS)[number]; diagnosis: Diagnosis }, hands: Hands): WouldHave | undefined {
  const [best] = diagnosis.hypotheses;
  const service = best?.suspect ?? group.service;
  const own = hands.services.find((each) => each.name === service && each.environment === group.environment);
  const remedy = best?.runbook === undefined ? undefined : chooseRunbook(hands.runbooks.filter(fits(own?.hands)), best, []);
  if (!best || !remedy) return undefined;
  const { runbook, parameters } = remedy;
  const { tier = 'standard' } = own ?? {};
  const question = { runbook: runbook.runbook.id, environment: group.environment, service, tier };
  const { mode } = withoutRecord(judge(hands.policy, question, group.begin), 'the past has no record.');
  const preview = previewLines(runbook.runbook, parameters);
  const given = needs === 'alarms' ? '' : `, once ${needs === 'metrics' ? 'its metrics show' : 'its metrics and log show'} what the alarm saw`;
  const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const text = `${runbook.runbook.title} on ${service}${values.length > 0 ? `, ${values.join(' ')}` : ''} (${MODES[mode] ?? mode})${given}.`;
  return { would: 'propose', needs, runbook: runbook.runbook.id, title: runbook.runbook.title, parameters, preview, mode, text };
}

/** Whether a runbook is one for a service: on AWS one that its hands have the parts for, else one that needs none of AWS. */
function fits(hands: Service['hands']): (each: RunbookSnapshot) => boolean {
  return ({ runbook }) => (hands?.kind === 'aws' ? missingHands(runbook, hands).length === 0 : isForKind(runbook, hands ?? { kind: 'supervisor' }));
}

const MODES: Readonly<Record<string, string>> = {
  approve: 'a person is asked',
  suggest: 'as a suggestion',
  shadow: 'only noted',
  observe: 'only told',
};

/** What metrics and log would show if they show what the alarm saw: the service turned bad at the onset; its log holds an error that was not there before. */
function assumed(group: Group, level: number): EvidenceItem[] {
  const { service, onset } = group;
  const nothing = windowStats([], onset, onset);
  const down = group.pages.some(({ alert }) => alert.signal === 'silence');
  const baseline = { ...nothing, upShare: 1, errorShare: 0 };
  const now = down ? { ...nothing, upShare: 0 } : { ...nothing, upShare: 1, errorShare: 1 };
  const metrics: EvidenceItem = { id: 'E90', title: 'Assumed: metrics', kind: 'metrics', service, baseline, now, series: [] };
  const pattern = { pattern: 'assumed', level: 'error', before: 0, since: 1, isNew: true, mentions: [] } as const;
  const logs: EvidenceItem = { id: 'E91', title: 'Assumed: log', kind: 'logs', service, patterns: [pattern], linesRead: 1 };
  return [metrics, logs].slice(0, level);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
