import { groupOf } from '../choose-runbook';
import type { Hypothesis } from '../diagnosis';
import { clip, plainText } from '../plain-text';
import type { RunbookSnapshot } from '../runbook';
import type { Demotion } from '../shadow/demotion';
import type { SymptomFound, TextMatch } from './text-match';

const MOST_WORDS = 5;
const MOST_PLACES = 3;
const REASON_LENGTH = 220;

/** Why a runbook that is declared for a hypothesis stands where it stands. */
export function declaredReasons(
  snapshot: RunbookSnapshot,
  hypothesis: Hypothesis,
  match: TextMatch | undefined,
  demotion: Demotion | undefined = undefined,
): string[] {
  const { runbook } = snapshot;
  const whose = ["a runbook of the team's own, which come first", 'the built-in one for this', 'a built-in one, which come last'][
    groupOf(snapshot, hypothesis)
  ];
  const declared = runbook.causes.includes(hypothesis.cause) ? `declared for ${hypothesis.cause}` : 'named by the diagnosis';
  return fitAll([
    declared,
    ...(whose === undefined ? [] : [whose]),
    ...(demotion ? [demotion.reason] : []),
    ...symptomReasons(runbook.symptoms?.length ?? 0, match),
    `risk ${runbook.risk}`,
  ]);
}

/** Why a runbook that is for something else is worth a look by a person. */
export function nearReasons({ runbook }: RunbookSnapshot, match: TextMatch, cause: string | undefined): string[] {
  const declared = `declared for ${runbook.causes.join(' and ')}`;
  const not = cause === undefined ? declared : `not: ${declared}, and not for ${cause}; text alone proposes nothing`;
  return fitAll([not, ...symptomReasons(runbook.symptoms?.length ?? 0, match), ...sharedWords(match)]);
}

/** A reason made fit to be kept and shown. */
export function fitReason(reason: string): string {
  return clip(plainText(reason), REASON_LENGTH);
}

function fitAll(reasons: readonly string[]): string[] {
  return reasons.map(fitReason);
}

function symptomReasons(declared: number, match: TextMatch | undefined): string[] {
  if (declared === 0) return [];
  const found = match?.found ?? [];
  if (found.length === 0) return [`none of its ${String(declared)} symptoms stands in the evidence`];
  return (['measured', 'outside'] as const).flatMap((trust) => {
    const part = found.filter((each) => each.trust === trust);
    return part.length === 0
      ? []
      : [standing(part, declared) + (trust === 'outside' ? ', which others can write, so that it only decides between equals' : '')];
  });
}

function standing(found: readonly SymptomFound[], declared: number): string {
  const places = [...new Set(found.map(({ at }) => at))];
  const more = places.length > MOST_PLACES ? ` and ${String(places.length - MOST_PLACES)} more` : '';
  const where = `in ${places.slice(0, MOST_PLACES).join(', ')}${more}`;
  const [only] = found;
  if (found.length > 1 || only === undefined) return `${String(found.length)} of its ${String(declared)} symptoms stand ${where}`;
  const words = only.words.length === only.of ? '' : `${String(only.words.length)} of ${String(only.of)} words of `;
  return `${words}its symptom "${only.symptom}" ${words === '' ? 'stands' : 'stand'} ${where}`;
}

function sharedWords({ words }: TextMatch): string[] {
  return words.length === 0 ? [] : [`shares the words ${words.slice(0, MOST_WORDS).join(', ')}`];
}
