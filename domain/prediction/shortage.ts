import type { AlertNote, Shortage } from '../alert';
import type { Attempt, Hypothesis } from '../diagnosis';
import { headlineOf, isPrediction } from './foretold';

const MINUTE = 60_000;
/** More starts so long before it is needed, and ends so long after. */
const LEAD_MS = 15 * MINUTE;
const TAIL_MS = 30 * MINUTE;
/** So much more than the forecast says, as a limit should not be touched. */
const MARGIN = 0.1;
/** In per cent: steps, and the least and most that is asked for. Whoever is asked may ask for more than twice as much; a forecast alone does not. */
const [STEP, LEAST, MOST] = [5, 10, 100];
/** As strong as the interval that a prediction rests on. */
const SCORE = 0.8;
const RUNBOOK = 'schedule-capacity';
/** Ids of hypotheses about what is only foretold begin so. */
export const FORETOLD = 'foretold:';

/** The parameters of `schedule-capacity` for a shortage that was told at a time (epoch milliseconds): by how much more, from when on, until when. */
export function capacityFor({ from, until, factor }: Shortage, toldAt: number): { readonly by: string; readonly at: string; readonly until: string } {
  const missing = Math.ceil(((factor * (1 + MARGIN) - 1) * 100) / STEP - 1e-9) * STEP;
  const begin = Math.floor(Math.max(toldAt, from - LEAD_MS) / MINUTE) * MINUTE;
  const end = Math.ceil((until + TAIL_MS) / MINUTE) * MINUTE;
  return { by: `+${String(Math.min(MOST, Math.max(LEAST, missing)))}%`, at: minuteText(begin), until: minuteText(end) };
}

function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** The soonest shortage that is foretold for a service that can be scaled, as a hypothesis; what was answered or tried before is not proposed again. Undefined where none is. */
export function shortageHypothesis(service: string, alerts: readonly AlertNote[], attempts: readonly Attempt[]): Hypothesis | undefined {
  const told = alerts.flatMap((alert) => (isPrediction(alert) && alert.status === 'firing' && alert.shortage ? [{ alert, shortage: alert.shortage }] : []));
  const [first] = told.sort((a, b) => a.shortage.from - b.shortage.from);
  if (!first) return undefined;
  const { alert, shortage } = first;
  const id = `${FORETOLD}${service}:${alert.signal ?? alert.fingerprint}`;
  const answered = attempts.some(({ hypothesis, verdict }) => hypothesis === id && verdict !== 'refused');
  return {
    ...{ id, cause: 'resource-exhaustion', title: headlineOf(alert), score: SCORE, supporting: [], contradicting: [], suspect: service },
    ...(answered ? {} : { runbook: RUNBOOK, parameters: capacityFor(shortage, Date.parse(alert.startsAt)) }),
  };
}
