import fc from 'fast-check';
import { levelsWith, Wagers } from '../../../domain/confidence/wagers';
import { seededRandom } from '../../../domain/seeded-random';

const LEVELS = levelsWith([]);

function after(outcomes: readonly boolean[], left = 1): Wagers {
  const wagers = new Wagers(LEVELS);
  for (const success of outcomes) wagers.add(success, 1, left);
  return wagers;
}

/** Share of histories in which the bound ever lay above the truth, with a look after each outcome. */
function everWrong(truth: number, risk: number, left: number): number {
  const runs = 100;
  const above = LEVELS.find((level) => level > truth) ?? 1;
  let wrong = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = seededRandom(seed);
    const wagers = new Wagers(LEVELS);
    for (let n = 0; n < 300; n += 1) {
      wagers.add(random() < truth, 1, left);
      if (!wagers.proves(above, risk)) continue;
      wrong += 1;
      break;
    }
  }
  return wrong / runs;
}

test.each([0.1, 0.5, 0.899, 0.949])('the bound lies above a truth of %d in no more histories than the risk, at any look', (truth) => {
  expect(everWrong(truth, 0.1, 1)).toBeLessThanOrEqual(0.1);
});

test('that holds while evidence fades', () => {
  expect(everWrong(0.949, 0.1, 0.99)).toBeLessThanOrEqual(0.1);
});

test('a failure instead of a recovery never raises the bound', () => {
  const histories = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(histories, fc.nat(), fc.constantFrom(1, 0.98), (history, at, left) => {
      const worse = history.map((success, i) => success && i !== at % history.length);
      expect(after(worse, left).bound(0.05)).toBeLessThanOrEqual(after(history, left).bound(0.05));
    }),
    { numRuns: 40 },
  );
});

test('what is proven at a level is proven at every lower one, and at a higher risk', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 150 }), (draws) => {
      const wagers = after(draws.map((draw) => draw > 0));
      const proven = LEVELS.map((level) => wagers.proves(level, 0.05));
      expect(proven.lastIndexOf(true)).toBe(proven.filter(Boolean).length - 1);
      expect(wagers.bound(0.1)).toBeGreaterThanOrEqual(wagers.bound(0.05));
    }),
    { numRuns: 40 },
  );
});

test('an unbroken run proves 0.95 after about a hundred recoveries', () => {
  const wagers = new Wagers(LEVELS);
  let n = 0;
  for (; !wagers.proves(0.95, 0.025); n += 1) wagers.add(true);
  expect(n).toBeGreaterThan(72);
  expect(n).toBeLessThan(120);
});

test('half a weight counts for half: two such recoveries are one', () => {
  const [whole, halves] = [new Wagers(LEVELS), new Wagers(LEVELS)];
  for (let n = 0; n < 100; n += 1) whole.add(true);
  for (let n = 0; n < 200; n += 1) halves.add(true, 0.5);
  expect(halves.bound(0.05)).toBe(whole.bound(0.05));
});

test('fading takes winnings away and never losses', () => {
  const good = after(Array<boolean>(150).fill(true));
  expect(good.proves(0.95, 0.05)).toBe(true);
  expect(good.proves(0.95, 0.05, 0.25)).toBe(false);
  const bad = after(Array<boolean>(20).fill(false));
  const faded = bad.only(0.5, 0.01);
  for (let n = 0; n < 12; n += 1) faded.add(true);
  expect(faded.proves(0.5, 0.05)).toBe(bad.only(0.5).proves(0.5, 0.05));
});

test('a new version starts with no more than its share of what a proof takes', () => {
  const next = after(Array<boolean>(5000).fill(true)).carried(0.25, 0.025);
  expect(next.bound(0.025)).toBe(0);
  expect(next.bound(0.025 ** 0.25 * 1.001)).toBeGreaterThanOrEqual(0.95);
  expect(next.bound(0.025 ** 0.25 * 0.999)).toBe(0);
});
