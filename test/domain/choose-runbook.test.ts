import { chooseRunbook } from '../../domain/choose-runbook';
import type { Attempt, Hypothesis } from '../../domain/diagnosis';
import { loadCatalogue } from '../../domain/runbook-schema';
import type { RunbookSnapshot } from '../../domain/runbook';

const yaml = (id: string, { causes = 'bad-release', risk = 'medium', parameters = '{}', release = '1.0.0' } = {}): string => `
id: ${id}
version: 1
title: ${id}
description: For a test.
for: { causes: [${causes}] }
risk: ${risk}
reversible: false
parameters: ${parameters}
steps:
  - { id: deploy, name: Deploy, uses: release/deploy, with: { release: '${release}' } }
`;
const BACK = {
  parameters: "{ from: { description: Runs. }, to: { description: Before., pattern: '[0-9.]+' } }",
  release: '${{ parameters.to }}${{ parameters.from }}',
};
const builtIn = yaml('rollback-release', BACK);

function catalogue(...texts: readonly string[]): readonly RunbookSnapshot[] {
  const loaded = loadCatalogue(texts.map((text, i) => ({ file: `${String(i)}.yaml`, text })));
  expect(loaded.problems).toEqual([]);
  return loaded.runbooks;
}

const suspected: Hypothesis = {
  ...{ id: 'change:d1', cause: 'bad-release', title: 'Release 1.5.0', score: 0.9, supporting: [], contradicting: [], suspect: 'bookshop' },
  ...{ runbook: 'rollback-release', parameters: { from: '1.5.0', to: '1.4.0' } },
};
const given = (runbook: string, parameters: Readonly<Record<string, string>>): Attempt => ({
  round: 1,
  hypothesis: 'change:d1',
  runbook,
  parameters,
  verdict: 'rejected',
});
const chosen = (texts: readonly string[], attempts: readonly Attempt[] = []): string | undefined =>
  chooseRunbook(catalogue(...texts), suspected, attempts)?.runbook.runbook.id;

test('the built-in runbook is proposed with what the diagnosis knows', () => {
  expect(chooseRunbook(catalogue(builtIn), suspected, [])).toMatchObject({
    runbook: { runbook: { id: 'rollback-release' } },
    parameters: suspected.parameters,
  });
});

test("a team's own runbook for the cause comes first, the lower risk before the higher, then by id", () => {
  const texts = [builtIn, yaml('b-high', { risk: 'high' }), yaml('d-low', { risk: 'low' }), yaml('c-low', { risk: 'low' })];
  expect(chosen(texts)).toBe('c-low');
  expect(chosen([builtIn, yaml('b-high', { risk: 'high' })])).toBe('b-high');
});

test('one for another cause is left aside', () => {
  expect(chosen([builtIn, yaml('other', { causes: 'resource-exhaustion' })])).toBe('rollback-release');
});

test('one with a parameter that nothing fills, or that the value does not fit, is left aside', () => {
  const asks = (pattern: string): string => `{ to: { description: Before., pattern: '${pattern}' } }`;
  const release = '${{ parameters.to }}';
  expect(chosen([builtIn, yaml('needs', { parameters: '{ ticket: { description: A ticket. } }', release: '${{ parameters.ticket }}' })])).toBe(
    'rollback-release',
  );
  expect(chosen([builtIn, yaml('letters', { parameters: asks('[a-z]+'), release })])).toBe('rollback-release');
  expect(chosen([builtIn, yaml('numbers', { parameters: asks('[0-9.]+'), release })])).toBe('numbers');
});

test('one that was given with the same values is not given again, and the next one is', () => {
  const texts = [builtIn, yaml('own')];
  expect(chosen(texts, [given('own', {})])).toBe('rollback-release');
  expect(chosen(texts, [given('own', {}), given('rollback-release', { from: '1.5.0', to: '1.4.0' })])).toBeUndefined();
  expect(chosen(texts, [given('own', { to: '1.4.0' })])).toBe('own');
});

test("what is only foretold is answered by what takes the time that was told, a team's own too", () => {
  const time = '{ by: { description: More. }, at: { description: From. }, until: { description: To. } }';
  const release = '${{ parameters.by }}${{ parameters.at }}${{ parameters.until }}';
  const foretold: Hypothesis = {
    ...{ id: 'foretold:bookshop:pool', cause: 'resource-exhaustion', title: 'A shortage', score: 0.8, supporting: [], contradicting: [] },
    ...{ suspect: 'bookshop', runbook: 'schedule-capacity', parameters: { by: '+20%', at: '2026-03-01T14:00Z', until: '2026-03-01T15:00Z' } },
  };
  const own = yaml('our-restart', { causes: 'resource-exhaustion', risk: 'low' });
  const mine = yaml('our-schedule', { causes: 'resource-exhaustion', parameters: time, release });
  expect(chooseRunbook(catalogue(own), foretold, [])).toBeUndefined();
  expect(chooseRunbook(catalogue(own, mine), foretold, [])?.runbook.runbook.id).toBe('our-schedule');
});
