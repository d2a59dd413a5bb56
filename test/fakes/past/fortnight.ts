import { addDecoys } from './decoys';
import { Dice } from './dice';
import { Draft } from './draft';
import { makeIncident, type Plan } from './incidents';
import { alarmsOf, CALLS, makeServices } from './services';
import { ACCOUNT, DAY, HOUR, MINUTE, REGIONS, type FakeService, type Fortnight } from './world';

const FROM = Date.parse('2026-10-05T00:00:00Z');
const PAGES = 60;
const KINDS: readonly Plan['kind'][] = [
  ...Array.from({ length: 6 }, () => 'deployment' as const),
  ...(['console', 'console', 'provider', 'none', 'none', 'self-healed', 'self-healed', 'flapping'] as const),
];

/**
 * Two weeks with 60 pages in 14 incidents: six after a deployment, two after a change in the console, one by the provider, five without a cause, two of which heal by themselves and one
 * of which flaps. The same seed gives the same fortnight.
 */
export function makeFortnight(seed: number): Fortnight {
  const dice = new Dice(seed);
  const services = makeServices(dice);
  const alarms = new Map(services.map((service) => [service.name, alarmsOf(service, dice)]));
  const draft = new Draft({ from: FROM, to: FROM + 14 * DAY }, dice, services, alarms);
  const plans = makePlans(dice, services);
  // Releases are numbered as they come.
  for (const plan of [...plans].sort((a, b) => a.onset - b.onset)) makeIncident(draft, plan);
  addDecoys(draft, plans);
  const { span, history, runs, trail, health, truth } = draft;
  const deployments = draft.released();
  for (const transitions of history.values()) transitions.sort((a, b) => a.at - b.at);
  return {
    ...{ span, regions: REGIONS, account: ACCOUNT, alarms: [...alarms.values()].flat(), history, deployments, runs, trail, health, truth },
    // A service graph is learned from calls, and tags are put on by people: neither is whole.
    calls: CALLS.filter(() => !dice.chance(0.08)),
    tagged: services.flatMap(({ name, arns }) =>
      Object.entries(arns)
        // Whose a security group is, nothing but its tag says.
        .filter(([kind]) => kind === 'securityGroup' || !dice.chance(0.12))
        .map(([, resource]) => ({ resource, service: name })),
    ),
  };
}

function makePlans(dice: Dice, services: readonly FakeService[]): Plan[] {
  const counts = pageCounts(dice);
  const slots = dice.shuffled(Array.from({ length: KINDS.length }, (_none, i) => i));
  const plans: Plan[] = [];
  const names = dice.shuffled(services.filter(({ name }) => name !== 'web'));
  KINDS.forEach((kind, i) => {
    const service = names[i % names.length] as FakeService;
    const onset = FROM + ((slots[i] ?? 0) * 23 + 3) * HOUR + dice.between(0, 12 * HOUR);
    plans.push({ kind, service, onset, pages: counts[i] ?? 1 });
  });
  return withOverlap(dice, plans);
}

/** Two incidents of services that have nothing to do with each other begin within minutes. */
function withOverlap(dice: Dice, plans: readonly Plan[]): Plan[] {
  const [first] = plans;
  const related = (a: string, b: string): boolean => CALLS.some(({ service, on }) => (service === a && on === b) || (service === b && on === a));
  const shared = (a: string, b: string): boolean =>
    CALLS.some(({ service, on }) => on === a && CALLS.some((each) => each.service === service && each.on === b));
  const at = plans.findIndex(
    ({ kind, service }, i) =>
      i > 0 &&
      (kind === 'none' || kind === 'deployment') &&
      first &&
      service.name !== first.service.name &&
      !related(service.name, first.service.name) &&
      !shared(service.name, first.service.name),
  );
  return plans.map((plan, i) => (i === at && first ? { ...plan, onset: first.onset + dice.between(-9, 9) * MINUTE } : plan));
}

/** Sixty pages over the incidents: what flaps and heals has few kinds, the rest what is left. */
function pageCounts(dice: Dice): number[] {
  const fixed: Partial<Record<Plan['kind'], () => number>> = { 'self-healed': () => dice.whole(1, 2), flapping: () => 6, provider: () => dice.whole(5, 7) };
  const counts = KINDS.map((kind) => fixed[kind]?.() ?? 2);
  const open = KINDS.flatMap((kind, i) => (fixed[kind] ? [] : [i]));
  while (counts.reduce((sum, each) => sum + each, 0) < PAGES) {
    const i = dice.pick(open);
    counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}
