import { diagnose } from '../../domain/diagnose';
import type { Attempt, Diagnosis } from '../../domain/diagnosis';
import { buildEvidence } from '../../domain/evidence-build';
import type { RawEvidence } from '../../domain/evidence-raw';
import { makeLines, makeSeries, T0 } from '../fakes/bookshop-series';
import { badRelease, calmRaw, dependencyFails, deployment, iso, memoryLeak, relapsed, twoReleases, unknownFault } from '../fakes/practice-faults';

const diagnosed = (raw: RawEvidence, attempts: readonly Attempt[] = []): Diagnosis => diagnose(buildEvidence(raw), attempts);
const attempt = (hypothesis: string, runbook: string, parameters: Record<string, string>, verdict = 'unchanged'): Attempt => ({
  round: 1,
  hypothesis,
  runbook,
  parameters,
  verdict,
});
const remedies = (d: Diagnosis) => d.hypotheses.map((h) => [h.runbook, h.parameters]);

describe('a bad release', () => {
  test.each([6, 8, 12])('is named when requests fail %i s after the deployment, with the way back', (lead) => {
    const d = diagnosed(badRelease(lead));
    expect(d.verdict).toBe('determined');
    expect(d.cause).toBe('bad-release');
    expect(d.hypotheses[0]).toMatchObject({
      id: 'change:deploy-38',
      suspect: 'bookshop',
      author: 'ana',
      runbook: 'rollback-release',
      parameters: { from: '1.5.0', to: '1.4.0' },
    });
  });

  test('is asked about when it is written down a moment after the trouble began, as its service went down for it, and before the one of 40 s earlier', () => {
    const fault = unknownFault();
    const onset = (buildEvidence(fault).onset - T0) / 1000;
    const changes = [deployment(onset - 40, '1.5.0', '1.4.0', 'ana'), deployment(onset + 1.5, '1.4.0', '1.5.0', 'ana')];
    const targets = [{ service: 'bookshop', release: '1.5.0', releases: ['1.4.0', '1.5.0'] }];
    const [first] = diagnosed({ ...fault, changes, targets }).hypotheses;
    expect(first).toMatchObject({ title: expect.stringContaining('Release 1.5.0') as string, parameters: { from: '1.5.0', to: '1.4.0' } });
  });

  test('explains the full handles better than exhaustion by itself, which ranks below and says that a restart would only buy time', () => {
    const d = diagnosed(badRelease());
    const exhaustion = d.hypotheses.findIndex((h) => h.cause === 'resource-exhaustion');
    expect(exhaustion).toBeGreaterThan(0);
    expect(d.hypotheses[exhaustion]?.title).toContain('only buy time');
  });

  test('every evidence id that a hypothesis cites is in the bundle', () => {
    const bundle = buildEvidence(badRelease());
    const ids = new Set(bundle.items.map((i) => i.id));
    const { hypotheses, ruledOut } = diagnose(bundle, []);
    const cited = [...hypotheses.flatMap((h) => [...h.supporting, ...h.contradicting]), ...ruledOut.flatMap((r) => r.evidence)];
    expect(cited.filter((id) => !ids.has(id))).toEqual([]);
    expect(hypotheses[0]?.supporting.length).toBeGreaterThanOrEqual(3);
  });

  test('is still named when the process does not come up at all and logs nothing', () => {
    const samples = makeSeries({ seconds: 60, at: (s) => ({ rate: 90, up: s < 40 }) });
    const d = diagnosed({ ...badRelease(), samples, logs: [] });
    expect(d.hypotheses[0]).toMatchObject({ cause: 'bad-release', parameters: { from: '1.5.0', to: '1.4.0' } });
  });

  test('on a dependency that fails since then is named there', () => {
    const change = { ...deployment(40, '2.0', '2.1'), id: 'p1', service: 'payments' };
    const targets = [{ service: 'payments', release: '2.1', releases: ['2.0', '2.1'] }];
    const d = diagnosed({ ...dependencyFails(), changes: [change], targets });
    expect(d.hypotheses[0]).toMatchObject({ id: 'change:p1', suspect: 'payments', parameters: { from: '2.1', to: '2.0' } });
  });
});

describe('a change that is not to blame', () => {
  test('nearness in time alone does not suffice an hour before the onset', () => {
    const raw = { ...unknownFault(), settings: { ...unknownFault().settings, lookbackMs: 7_200_000 }, changes: [deployment(-3_600, '1.3.0', '1.4.0')] };
    const d = diagnosed(raw);
    expect(d.verdict).toBe('undetermined');
    expect(d.ruledOut.map((r) => r.title).join()).toContain('1.4.0');
  });

  test('came after the onset', () => {
    const d = diagnosed({ ...unknownFault(), changes: [deployment(52, '1.4.0', '1.5.0')] });
    expect(d.verdict).toBe('undetermined');
    expect(d.ruledOut.find((r) => r.title.includes('1.5.0'))?.reason).toMatch(/after the trouble began \(E\d\d\)/);
  });

  test('was made by Nightshift', () => {
    const d = diagnosed({ ...unknownFault(), changes: [deployment(44, '1.5.0', '1.4.0', 'nightshift')] });
    expect(d.hypotheses).toEqual([]);
  });

  test('was taken back before the trouble began, by whomever', () => {
    for (const by of ['nightshift', 'ana']) {
      const d = diagnosed({ ...memoryLeak(), changes: [deployment(10, '1.4.0', '1.5.0'), deployment(25, '1.5.0', '1.4.0', by)] });
      expect(d.ruledOut.find((r) => r.title.includes('Release 1.5.0'))?.reason).toMatch(/^it was taken back \d+ s before the trouble began/);
      expect(d.hypotheses[0]).toMatchObject({ cause: 'resource-exhaustion', runbook: 'restart-service' });
    }
  });

  test('a newer release takes nothing back', () => {
    const d = diagnosed({ ...badRelease(), changes: [deployment(36, '1.4.0', '1.5.0'), deployment(38, '1.5.0', '1.5.1')] });
    expect(d.hypotheses.map((h) => h.title).join()).toContain('Release 1.5.0');
  });

  test('is the first release that is known: there is no way back', () => {
    const { from: _from, ...first } = deployment(40, '', '1.4.0');
    expect(diagnosed({ ...unknownFault(), changes: [{ ...first, kind: 'deployment' }] }).verdict).toBe('undetermined');
  });

  test('offers no rollback to a release that is gone', () => {
    const d = diagnosed({ ...badRelease(), targets: [{ service: 'bookshop', release: '1.5.0', releases: ['1.5.0'] }] });
    expect(d.hypotheses[0]?.cause).toBe('bad-release');
    expect(d.hypotheses[0]?.runbook).toBeUndefined();
  });
});

describe('a memory leak', () => {
  test('without a recent change is healed by a restart', () => {
    const d = diagnosed(memoryLeak());
    expect(d.cause).toBe('resource-exhaustion');
    expect(d.hypotheses.map((h) => h.runbook)).toEqual(['restart-service']);
    expect(d.ruledOut.map((r) => r.reason).join()).toMatch(/no change in the last 1 m \(E\d\d\)/);
  });

  test('that began long before a release is not blamed on that release', () => {
    const d = diagnosed({ ...memoryLeak(), changes: [deployment(40, '1.3.0', '1.4.0')] });
    expect(d.hypotheses[0]?.cause).toBe('resource-exhaustion');
  });

  test('is not restarted a second time when the first restart did not hold', () => {
    const d = diagnosed(memoryLeak(), [attempt('resource:bookshop:cache', 'restart-service', {}, 'relapsed')]);
    expect(d.verdict).toBe('undetermined');
    expect(d.ruledOut.map((r) => r.reason).join()).toContain('restart-service was tried in round 1');
  });
});

describe('a failing dependency', () => {
  test('is named, with nothing of ours to act on and no other remedy', () => {
    const d = diagnosed(dependencyFails());
    expect(d.cause).toBe('dependency-failure');
    expect(d.hypotheses.map((h) => [h.id, h.runbook])).toEqual([['dependency:payments', undefined]]);
    expect(d.hypotheses[0]?.supporting).toHaveLength(2);
  });

  test('that nobody measures is named by the log that complains about it', () => {
    expect(diagnosed({ ...dependencyFails(), neighbours: [{ service: 'payments', samples: [] }] }).cause).toBe('dependency-failure');
  });

  test('is not blamed while it answers normally, whatever the log says', () => {
    expect(diagnosed({ ...dependencyFails(), neighbours: calmRaw().neighbours }).cause).toBe('undetermined');
  });
});

describe('two releases', () => {
  test('are both suspects, the newest first, each with the way back before it', () => {
    const d = diagnosed(twoReleases(1));
    const changes = d.hypotheses.filter((h) => h.cause === 'bad-release');
    expect(changes.map((h) => [h.id, h.parameters])).toEqual([
      ['change:deploy-40', { from: '1.5.1', to: '1.5.0' }],
      ['change:deploy-36', { from: '1.5.1', to: '1.4.0' }],
    ]);
    expect(d.hypotheses[0]?.id).toBe('change:deploy-40');
  });

  test('after the first remedy did not help the older one is next, from what runs now', () => {
    const d = diagnosed(twoReleases(2), [attempt('change:deploy-40', 'rollback-release', { from: '1.5.1', to: '1.5.0' })]);
    expect(d.hypotheses[0]).toMatchObject({ id: 'change:deploy-36', runbook: 'rollback-release', parameters: { from: '1.5.0', to: '1.4.0' } });
    expect(d.ruledOut.find((r) => r.title.includes('1.5.1'))?.reason).toMatch(/tried in round 1 and the result was unchanged/);
  });

  test('a second bad release after a relapse is named, whatever the first one did', () => {
    const d = diagnosed(relapsed(), [attempt('change:deploy-18', 'rollback-release', { from: '1.5.0', to: '1.4.0' }, 'relapsed')]);
    expect(remedies(d)[0]).toEqual(['rollback-release', { from: '1.5.1', to: '1.4.0' }]);
  });

  test.each(['unchanged', 'worse', 'relapsed', 'partial', 'unknown', 'failed'])(
    'a remedy whose result was %s is never proposed again with the same parameters',
    (verdict) => {
      const tried = attempt('change:deploy-40', 'rollback-release', { from: '1.5.1', to: '1.5.0' }, verdict);
      expect(remedies(diagnosed(twoReleases(1), [tried]))).not.toContainEqual(['rollback-release', { from: '1.5.1', to: '1.5.0' }]);
    },
  );
});

describe('an unknown fault', () => {
  test('is undetermined, with what was ruled out and why', () => {
    const d = diagnosed(unknownFault());
    expect(d).toMatchObject({ verdict: 'undetermined', cause: 'undetermined', hypotheses: [], unknown: [] });
    const reasons = d.ruledOut.map((r) => r.reason).join('\n');
    expect(reasons).toMatch(/no change in the last 1 m \(E\d\d\)/);
    expect(reasons).toMatch(/payments answered normally \(E\d\d\)/);
    expect(reasons).toMatch(/no resource above 80 % \(E\d\d, E\d\d\)/);
    expect(reasons).toMatch(/no new warning or error/);
  });

  test('says what could not be learned', () => {
    const d = diagnosed({
      ...unknownFault(),
      logs: null,
      changes: null,
      neighbours: [{ service: 'payments', samples: [] }],
      missing: [{ what: 'logs', reason: 'the file is not there' }],
    });
    expect(d.unknown.join('\n')).toMatch(/logs: the file is not there[\s\S]*changes: [\s\S]*payments/);
  });

  test('noise in the log that was there before accuses nobody', () => {
    const noise = makeLines('warn', 0, 60, 500, (i) => `slow query took ${i} ms`);
    expect(diagnosed({ ...unknownFault(), logs: noise }).verdict).toBe('undetermined');
  });
});

test('the same bundle and attempts always give the same diagnosis', () => {
  expect(diagnosed(twoReleases(1))).toEqual(diagnosed(twoReleases(1)));
});

test('the onset lies between the change and the first alert', () => {
  const { onset } = buildEvidence(badRelease());
  expect(onset).toBeGreaterThanOrEqual(Date.parse(iso(38)));
  expect(onset).toBeLessThanOrEqual(T0 + 47_000);
});
