import type { AutonomyGrant } from '../../../domain/confidence/grant';
import { withGate } from '../../../domain/confidence/settings';
import { modeForIncident, standing } from '../../../domain/confidence/standing';
import type { Standing, StandingContext } from '../../../domain/confidence/standing';
import { DAY, Told } from './outcomes';

const SAFE = { risk: 'low', reversible: true } as const;

function standingOf({ record, now }: Told, more: Partial<StandingContext> = {}): Standing {
  return standing(record, { danger: SAFE, ceiling: 'auto', now, ...more });
}

const earned = (): Told => new Told().leave(20).tell(150);

test('a runbook without a record says so, and what veto takes', () => {
  expect(standingOf(new Told())).toMatchObject({
    ...{ mode: 'approve', bound: 0, effectiveOutcomes: 0 },
    reasons: ['It has no outcome here yet.', 'Success is at least 0 %.', 'No incident of this kind was left alone, so nobody knows how many heal alone.'],
    next: {
      mode: 'veto',
      missing: [
        'Needs 20 more outcomes that count, of 20.',
        expect.stringMatching(/^Needs about 2\d more verified recoveries without a failure, for a lower bound of 80 %\.$/) as string,
        expect.stringMatching(
          /^Needs proof that it adds at least 10 % to healing alone: about \d+ more incidents that nobody acts on, without one that heals\.$/,
        ) as string,
      ],
    },
  });
});

test('the recoveries that are said to be missing are those that it takes', () => {
  const told = new Told().leave(20).tell(40).tell(1, { verdict: 'unchanged' }).tell(30);
  const said = standingOf(told).next?.missing.find((text) => text.includes('recoveries'));
  const more = Number(/about (\d+)/.exec(said ?? '')?.[1]);
  expect(standingOf(told.tell(more - 2)).mode).not.toBe('auto');
  expect(standingOf(told.tell(4)).mode).toBe('auto');
});

test('a harm is told with its time', () => {
  const { reasons, harmsHeld } = standingOf(earned().tell(1, { verdict: 'worse' }));
  expect(harmsHeld).toBe(1);
  expect(reasons).toContainEqual(expect.stringMatching(/^It did harm at 2026-06-01 00:00:00 UTC: what came before is no proof any more\.$/));
});

test('policy is the ceiling, and that is said', () => {
  const { mode, earned: byRecord, reasons } = standingOf(earned(), { ceiling: 'approve' });
  expect([mode, byRecord]).toEqual(['approve', 'auto']);
  expect(reasons).toContain('The record would allow auto; policy says approve.');
});

test('where outcomes are too rare for their decay, the gate cannot be reached, with what it would take', () => {
  const told = new Told();
  for (let n = 0; n < 20; n += 1) {
    told.tell(1);
    told.now += 29 * DAY;
  }
  const { reach, reasons } = standingOf(told);
  expect(reach.recoveries).toBeUndefined();
  expect(reasons).toContainEqual(
    expect.stringMatching(
      /^The gate of 95 % cannot be reached: outcomes are so rare that at most 1\d count at once, and it takes about \d+ recoveries in a row\./,
    ),
  );
});

test('where fewer than 300 can count, the gate cannot be counted on', () => {
  const told = new Told();
  for (let n = 0; n < 20; n += 1) {
    told.tell(1);
    told.now += 2 * DAY;
  }
  expect(standingOf(told).reasons).toContainEqual(expect.stringContaining('The gate of 95 % cannot be counted on: outcomes are so rare that at most 17'));
});

describe('a grant by a person', () => {
  const grant: AutonomyGrant = {
    ...{
      id: 'g1',
      runbook: 'rollback',
      hash: 'h1',
      environment: 'prod',
      services: ['shop'],
      mode: 'auto',
      person: 'ops-lead',
      reason: 'rehearsed in the game day',
    },
    ...{ from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' },
  };

  test('lets a new runbook act alone, and is named', () => {
    expect(standingOf(new Told(), { grants: [{ grant, verified: true }] })).toMatchObject({
      ...{ mode: 'auto', earned: 'approve', grantedBy: 'ops-lead' },
      reasons: expect.arrayContaining(['ops-lead granted auto until 2026-02-01T00:00:00Z: rehearsed in the game day']) as string[],
    });
  });

  test('does not exceed policy', () => {
    expect(standingOf(new Told(), { ceiling: 'approve', grants: [{ grant, verified: true }] }).mode).toBe('approve');
  });

  test('falls with a harm', () => {
    const { mode, reasons } = standingOf(new Told().tell(1, { verdict: 'worse' }), { grants: [{ grant, verified: true }] });
    expect(mode).toBe('approve');
    expect(reasons).toContain('The grant of ops-lead fell with the harm that was done since.');
  });
});

describe('one incident', () => {
  test('is acted on alone where cause and score bear it out', () => {
    expect(modeForIncident(standingOf(earned()), { corroborated: true, calibrated: 0.97 }, 0.9)).toMatchObject({ mode: 'auto', confidence: 0.96, reasons: [] });
  });

  test('without a second source goes to a person', () => {
    expect(modeForIncident(standingOf(earned()), { corroborated: false, calibrated: 0.97 }, 0.9)).toMatchObject({
      mode: 'approve',
      reasons: ['A person is asked, as no second source supports the cause.'],
    });
  });

  test('with a weak score goes to a person, and its confidence is that of the score', () => {
    expect(modeForIncident(standingOf(earned()), { corroborated: true, calibrated: 0.6 }, 0.9)).toMatchObject({ mode: 'approve', confidence: 0.6 });
  });
});

test('where versions change faster than the gate is earned, that is said', () => {
  const told = new Told().leave(20);
  for (const hash of ['a', 'b', 'c', 'd']) told.tell(40, { hash });
  expect(standingOf(told).reasons).toContainEqual(
    expect.stringMatching(/^The gate of 95 % cannot be counted on: a version of it lasts about 40 outcomes, and it takes \d\d recoveries in a row\.$/),
  );
});

test('a gate that no unbroken run of 2,000 proves cannot be reached', () => {
  const told = new Told({}, withGate(0.9999)).tell(1, { verdict: 'unchanged' });
  expect(standingOf(told).reasons).toContainEqual(
    expect.stringMatching(/^The gate of 100 % cannot be reached: it takes more than 2,000 recoveries in a row\./),
  );
});
