import type { NodeSigns } from './node-signs';
import type { CauseQuestion, NodeChange } from './types';
import { PRIOR, SPREAD } from './weights';

/** What a node gives as a root: odds beforehand, and how it shows trouble itself. */
export function asRoot(question: CauseQuestion, place: number, signs: NodeSigns, logOdds: number, step: number): number {
  const node = question.nodes[place];
  const shown = seenAs(SPREAD.rootShows, logOdds) + (isEntry(question, node?.id ?? '') ? entrySurge(signs) : 0);
  const view = node?.measuredBy === 'callers' ? PRIOR.view : 0;
  const saturation = signs.saturation && signs.saturation.logOdds > 0 ? PRIOR.saturation : 0;
  return shown + view + saturation + changeOdds(nearestChange(question, node?.id ?? ''), question.onset) + lateness(question, signs, step);
}

/** Too much load comes in where nobody of the graph calls, and is the trouble of whoever takes it: what it says for that node as a root, against its being there by chance. */
function entrySurge({ surge }: NodeSigns): number {
  const odds = Math.max(0, surge?.logOdds ?? 0);
  return seenAs(SPREAD.entryLoad, odds) - seenAs(SPREAD.alone, odds);
}

function seenAs(probability: number, logOdds: number): number {
  return Math.log(1 + probability * (Math.exp(logOdds) - 1));
}

function isEntry({ calls }: CauseQuestion, node: string): boolean {
  return !calls.some(({ callee }) => callee === node);
}

/** The last change of a node before the onset; changes within a step after it count as at the onset. */
export function nearestChange({ changes, onset }: CauseQuestion, node: string): NodeChange | undefined {
  return changes.filter((each) => each.node === node && each.at <= onset).sort((a, b) => b.at - a.at)[0];
}

function changeOdds(change: NodeChange | undefined, onset: number): number {
  return change ? PRIOR.change * 2 ** (-(onset - change.at) / PRIOR.changeHalfLife) : 0;
}

/** A root that goes bad after the trouble was noticed is less likely one, as far as steps tell. */
function lateness({ onset }: CauseQuestion, { since }: NodeSigns, step: number): number {
  if (since === null || step <= 0) return 0;
  const steps = (since - onset) / step - PRIOR.stepsLate;
  return steps <= 0 ? 0 : Math.max(PRIOR.mostLate, PRIOR.late * steps);
}
