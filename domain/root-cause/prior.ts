import type { CallGraph } from './call-graph';
import type { NodeSigns } from './node-signs';
import type { CauseQuestion, NodeChange } from './types';
import { growthOf } from './transmission';
import { PRIOR, SPREAD } from './weights';

/** What is known of all nodes when one is looked at as a root; `step` is the time between two values in seconds. */
export interface Known {
  readonly question: CauseQuestion;
  readonly graph: CallGraph;
  readonly signs: readonly NodeSigns[];
  readonly step: number;
}

/** What a node gives as a root: odds beforehand, and how it shows trouble itself. */
export function asRoot({ question, graph, signs, step }: Known, place: number, logOdds: number): number {
  const node = question.nodes[place];
  const mine = signs[place];
  if (!node || !mine) throw new RangeError(`There is no node ${place}.`);
  const shown = seenAs(SPREAD.rootShows, logOdds) + (loadComesIn(place, graph, signs) ? entrySurge(mine) : 0);
  const view = node.measuredBy === 'callers' ? PRIOR.view : 0;
  const saturation = mine.saturation && mine.saturation.logOdds > 0 ? PRIOR.saturation : 0;
  return shown + view + saturation + changeOdds(nearestChange(question, node.id), question.onset) + lateness(question, mine, step);
}

/** Too much load comes in where nobody of the graph calls, and is the trouble of whoever takes it: what it says for that node as a root, against its being there by chance. */
function entrySurge({ surge }: NodeSigns): number {
  const odds = Math.max(0, surge?.logOdds ?? 0);
  return seenAs(SPREAD.entryLoad, odds) - seenAs(SPREAD.alone, odds);
}

function seenAs(probability: number, logOdds: number): number {
  return Math.log(1 + probability * (Math.exp(logOdds) - 1));
}

/** Whether more load comes in here from outside: no caller passes so much on, and its own failures do not make them ask so often. */
export function loadComesIn(place: number, graph: CallGraph, all: readonly NodeSigns[]): boolean {
  const mine = all[place];
  if (!mine?.surge || !mine.usedBefore) return false;
  const callers = (graph.callers[place] ?? []).map((caller) => all[caller]?.surge ?? null);
  if (callers.some((surge) => surge === null)) return false;
  const passed = Math.max(1, ...callers.map((surge) => (surge && surge.logOdds > 0 ? growthOf(surge) : 1)));
  const again = 1 + SPREAD.again * Math.max(0, mine.errors && mine.errors.logOdds > 0 ? mine.errors.now : 0);
  return callers.length === 0 || growthOf(mine.surge) > SPREAD.unexplainedLoad * passed * again;
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
