import { evidenceTable, whyParts } from '../../cli/render/why';
import { diagnose } from '../../domain/diagnose';
import { buildEvidence } from '../../domain/evidence-build';
import { evidenceRows } from '../../domain/evidence-table';
import type { IncidentView } from '../../domain/incident-view';
import { rankedCauses, whyRunbook } from '../../domain/why';
import { sampleView } from '../fakes/incident-samples';
import { badRelease, dependencyFails, unknownFault } from '../fakes/practice-faults';

const bundle = buildEvidence(badRelease());

/** An incident whose diagnosis is made from the evidence of a fault. */
function viewOf(raw: Parameters<typeof buildEvidence>[0], choice?: NonNullable<IncidentView['diagnosis']>['choice']): IncidentView {
  const frozen = buildEvidence(raw);
  const { verdict, hypotheses, ruledOut, unknown } = diagnose(frozen, []);
  const evidence = Object.fromEntries(frozen.items.map(({ id, title }) => [id, title]));
  const { proposal: _proposal, ...rest } = sampleView({});
  return {
    ...rest,
    diagnosis: {
      verdict,
      hypotheses,
      ruledOut,
      unknown,
      evidence,
      evidenceDigest: 'd',
      onset: new Date(frozen.onset).toISOString(),
      ...(choice && { choice }),
    },
  };
}

test('the evidence table has a row for each fact: id, source, time, whose word it is, what it says', () => {
  const lines = evidenceTable(bundle, 200);
  expect(lines[0]).toMatch(/^ID +SOURCE +TIME +TRUST +WHAT$/);
  expect(lines).toHaveLength(bundle.items.length + 1);
  expect(lines.join('\n')).toMatch(/E\d\d +requests:bookshop +\d\d:\d\d:\d\d +our measurement +bookshop: /);
  expect(lines.join('\n')).toMatch(/E\d\d +logs:bookshop +\d\d:\d\d:\d\d +outsiders can write it /);
  expect(lines.join('\n')).toMatch(/E\d\d +changes:bookshop +10:00:38 +platform fact +deployment of 1\.5\.0/);
});

test('what does not fit into a line goes on below, and nothing is lost', () => {
  const lines = evidenceTable(bundle, 100);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.join('\n')).not.toContain('…');
  expect(lines.length).toBeGreaterThan(bundle.items.length + 1);
});

test('on a narrow terminal no line of it is wider, and the trust stays', () => {
  const lines = evidenceTable(bundle, 70);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(70);
  expect(lines.join('\n')).toContain('(our measurement)');
});

test('what was not learned is nobody’s word', () => {
  const rows = evidenceRows(buildEvidence({ ...badRelease(), logs: null }));
  expect(rows.filter(({ trust }) => trust === 'missing').map(({ source }) => source)).toEqual(['gathering:logs']);
});

test('each ranked cause has what supports and what contradicts it, by id and in words', () => {
  const [first] = rankedCauses(viewOf(badRelease()).diagnosis as NonNullable<IncidentView['diagnosis']>);
  expect(first).toMatchObject({ rank: 1, cause: 'bad-release' });
  expect(first?.supporting).toContainEqual(expect.stringMatching(/^E\d\d deployment of 1\.5\.0 on bookshop/));
  const [why, out] = whyParts(viewOf(badRelease()), 100);
  expect(why?.heading).toBe('Why this cause');
  expect(why?.lines.join('\n')).toMatch(/^1\. Release 1\.5\.0 .*\(bad-release, strength 0\.\d\d\)\n {3}for {6}E\d\d /);
  expect(out?.heading).toBe('What was ruled out');
  expect(Math.max(...(why?.lines ?? []).map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('why this runbook: the reasons of the choice, else why there is none', () => {
  const choice = { runbook: 'rollback-release', reasons: ['declared for bad-release', 'risk low'], others: [{ runbook: 'mine', reason: 'not: needs hands' }] };
  expect(whyRunbook(viewOf(badRelease(), choice))).toEqual(['rollback-release: declared for bad-release; risk low', 'mine: not: needs hands']);
  expect(whyRunbook(viewOf(dependencyFails()))).toEqual(['None: for dependency-failure there is nothing of ours to act on here.']);
  expect(whyRunbook(viewOf(unknownFault()))).toEqual(['None: nothing is done without a cause.']);
});
