import { complaintsAbout, isFailing, ownNewPatterns, scoreOf, turnedBad, wentDown, type Facts, type ItemOf } from './diagnose-facts';
import { broughtBack, servedWell, stoodStill } from './diagnose-ran-well';
import { fillsWith, type Load } from './diagnose-traffic';
import { CHANGE, EXHAUSTION, LATEST_LEAD_MS } from './diagnose-weights';
import type { Hypothesis, RuledOut } from './diagnosis';
import { humanDuration } from './human-time';

type ChangeItem = ItemOf<'change'>;
type SaturationItem = ItemOf<'saturation'>;

/** Changes that may be the cause, as hypotheses, and those that cannot be, with the reason. What `load` explains speaks for none of them. */
export function suspectChanges(facts: Facts, load?: Load): { readonly hypotheses: Hypothesis[]; readonly ruledOut: RuledOut[] } {
  const hypotheses: Hypothesis[] = [];
  const ruledOut: RuledOut[] = [];
  for (const item of facts.changes) {
    const reason = cannotBe(facts, item) ?? takenBack(facts, item);
    if (reason === undefined) hypotheses.push(hypothesisOf(facts, item, load));
    else ruledOut.push({ title: describe(item), reason: `${reason} (${item.id})`, evidence: [item.id] });
  }
  return { hypotheses, ruledOut };
}

/** Resources that this change explains: they began to fill after it and soon, with a release that did not run before. */
export function explains(facts: Facts, item: ChangeItem, resource: SaturationItem): boolean {
  const high = resource.now >= EXHAUSTION.fillingFrom;
  return (
    high &&
    resource.risingSince !== undefined &&
    resource.service === item.change.service &&
    resource.risingSince >= Date.parse(item.change.at) + LATEST_LEAD_MS &&
    !stoodStill(facts, item, resource.risingSince) &&
    !broughtBack(facts, item)
  );
}

function cannotBe(facts: Facts, item: ChangeItem): string | undefined {
  if (item.leadMs < LATEST_LEAD_MS) return `it came ${humanDuration(-item.leadMs)} after the trouble began`;
  if (item.change.kind === 'restart') return 'a restart alters nothing that stays';
  if (goesBackByItself(facts, item)) return undefined;
  const released = item.change.kind === 'deployment' || item.change.kind === 'rollback';
  if (released && item.change.from === undefined) return 'it is the first release that is known, nothing before it tells whether it is worse';
  return released && item.change.from === item.change.to ? 'it deployed the release that ran already' : undefined;
}

// A later release builds on the one before and keeps its faults; the release from before does not have them.
function takenBack(facts: Facts, item: ChangeItem): string | undefined {
  const { change } = item;
  const rolled =
    goesBackByItself(facts, item) && [...facts.changes, ...facts.own].find(({ change: later }) => later.kind === 'rollback' && isBetween(facts, change, later));
  if (rolled) return `it was rolled back ${humanDuration(rolled.leadMs)} before the trouble began`;
  if (change.from === undefined || (change.kind !== 'deployment' && change.kind !== 'rollback')) return undefined;
  const back = [...facts.changes, ...facts.own].find(({ change: later }) => later.to === change.from && isBetween(facts, change, later));
  return back && `it was taken back ${humanDuration(back.leadMs)} before the trouble began`;
}

/** A change of the same service after this one and before the trouble. */
function isBetween(facts: Facts, change: ChangeItem['change'], later: ChangeItem['change']): boolean {
  return later.service === change.service && Date.parse(later.at) > Date.parse(change.at) && Date.parse(later.at) < facts.onset + LATEST_LEAD_MS;
}

/** A deployment on AWS whose source tells no versions: what was there before is asked of AWS when it is taken back. */
function goesBackByItself(facts: Facts, { change }: ChangeItem): boolean {
  const unversioned = change.kind === 'deployment' && change.from === undefined && change.to === undefined;
  return unversioned && facts.releases.some(({ service, onAws }) => onAws === true && service === change.service);
}

function hypothesisOf(facts: Facts, item: ChangeItem, load: Load | undefined): Hypothesis {
  const onService = item.change.service === facts.service;
  const weighed = onService ? weighOwn(facts, item, load) : weighDependency(facts, item);
  return {
    id: `change:${item.change.id}`,
    cause: 'bad-release',
    title: `${describe(item)} ${item.leadMs > 0 ? `came ${humanDuration(item.leadMs)} before the trouble` : 'came as the trouble began'}`,
    ...weighed,
    suspect: item.change.service,
    ...remedy(facts, item),
    author: item.change.author,
  };
}

type Weighed = Pick<Hypothesis, 'score' | 'supporting' | 'contradicting'>;

function weighOwn(facts: Facts, item: ChangeItem, load: Load | undefined): Weighed {
  const supporting = [item.id];
  const contradicting: string[] = [];
  const weights = [CHANGE.near * nearness(facts, item), broughtBack(facts, item) ? CHANGE.broughtBack : 0];
  const filled = facts.saturation.filter((s) => explains(facts, item, s) && !(load && fillsWith(load, s)));
  if (filled.length > 0) {
    weights.push(CHANGE.saturation);
    supporting.push(...filled.map((s) => s.id));
  }
  const before = facts.saturation.filter((s) => s.now >= EXHAUSTION.fullFrom && s.risingSince !== undefined && !explains(facts, item, s));
  if (before.length > 0) {
    weights.push(CHANGE.filledBefore);
    contradicting.push(...before.map((s) => s.id));
  }
  if (load) return { score: scoreOf(...weights), supporting, contradicting: [...contradicting, load.surge.id] };
  if (facts.logs) (ownNewPatterns(facts).length > 0 ? supporting : contradicting).push(facts.logs.id);
  const failing = facts.neighbours.filter((n) => n.healthy === false);
  contradicting.push(...failing.map((n) => n.id));
  if (facts.metrics && wentDown(facts)) {
    weights.push(CHANGE.down);
    supporting.push(facts.metrics.id);
  } else if (facts.metrics && failing.length === 0 && item.leadMs <= CHANGE.stepWithinMs && turnedBad(facts)) {
    const ranWell = servedWell(facts, item);
    weights.push(ranWell ? 0 : CHANGE.step);
    (ranWell ? contradicting : supporting).push(facts.metrics.id);
  }
  return { score: scoreOf(...weights), supporting, contradicting };
}

function weighDependency(facts: Facts, item: ChangeItem): Weighed {
  const { service } = item.change;
  const neighbour = facts.neighbours.find((n) => n.service === service);
  const complaints = facts.logs && complaintsAbout(facts, service).length > 0 ? [facts.logs.id] : [];
  const wellAfter = servedWell(facts, item);
  const failing = isFailing(facts, service) && !wellAfter;
  const weights = [CHANGE.near * nearness(facts, item), failing ? CHANGE.failingDependency : 0];
  return {
    score: scoreOf(...weights),
    supporting: [item.id, ...(failing && neighbour ? [neighbour.id] : []), ...complaints],
    contradicting: neighbour && (neighbour.healthy === true || wellAfter) ? [neighbour.id] : [],
  };
}

// 1 at the onset, half after `halfAfterMs`; a resource that began to fill right after the change ties it to a trouble that showed only later.
function nearness(facts: Facts, item: ChangeItem): number {
  const at = Date.parse(item.change.at);
  const leads = [
    item.leadMs,
    ...facts.saturation.filter((s) => explains(facts, item, s)).flatMap((s) => (s.risingSince === undefined ? [] : s.risingSince - at)),
  ];
  const lead = Math.max(0, Math.min(...leads));
  // A change that seems to come after the onset is less of a suspect than one right before it.
  return item.leadMs < 0 ? CHANGE.after : 1 / (1 + lead / CHANGE.halfAfterMs);
}

/** The way back to the release before the suspected change, from whatever runs now; nothing where there is no such way. */
function remedy(facts: Facts, item: ChangeItem): Pick<Hypothesis, 'runbook' | 'parameters'> {
  const { change } = item;
  // No runbook can be filled with versions then; those that need none are looked at by the cause.
  if (goesBackByItself(facts, item)) return { runbook: 'rollback-release', parameters: {} };
  if ((change.kind !== 'deployment' && change.kind !== 'rollback') || change.from === undefined) return {};
  const target = facts.releases.find((r) => r.service === change.service);
  const current = target !== undefined && target.current !== '' ? target.current : change.to;
  if (current === undefined || current === change.from) return {};
  if (target && target.available.length > 0 && !target.available.includes(change.from)) return {};
  return { runbook: 'rollback-release', parameters: { from: current, to: change.from } };
}

function describe(item: ChangeItem): string {
  const { kind, service, from, to } = item.change;
  const release = to === undefined ? '' : ` ${to}${from === undefined ? '' : ` (after ${from})`}`;
  const names = {
    deployment: 'Release',
    rollback: 'Rollback to',
    restart: 'Restart',
    configuration: 'Configuration change',
    flag: 'Flag change',
    infrastructure: 'Infrastructure change',
  };
  return `${names[kind]}${release} on ${service}`;
}
