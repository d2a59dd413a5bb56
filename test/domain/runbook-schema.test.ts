import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue, parseRunbook, runbookJsonSchema, snapshotOf } from '../../domain/runbook-schema';

const good = `
id: flush
version: 2
title: Flush
description: Deploys again.
for: { causes: [bad-release] }
risk: low
reversible: false
parameters:
  to: { description: Release. }
steps:
  - id: deploy
    name: Deploy \${{ parameters.to }}
    uses: release/deploy
    with:
      release: \${{ parameters.to }}
`;

const change = (from: string, to: string) => good.replace(from, to);
const problemsOf = (text: string) => parseRunbook(text).problems.map(({ path, message }) => `${path}: ${message}`);

describe('a runbook file', () => {
  it('is read with defaults filled in', () => {
    const { runbook, problems } = parseRunbook(good);
    expect(problems).toEqual([]);
    expect(runbook).toEqual({
      id: 'flush',
      version: 2,
      title: 'Flush',
      description: 'Deploys again.',
      causes: ['bad-release'],
      risk: 'low',
      reversible: false,
      parameters: { to: { type: 'string', description: 'Release.' } },
      preconditions: [],
      steps: [{ id: 'deploy', name: 'Deploy ${{ parameters.to }}', uses: 'release/deploy', with: { release: '${{ parameters.to }}' }, timeoutMs: 60_000 }],
      probe: {},
    });
  });

  it.each<[string, string, string, string]>([
    ['unknown key', 'risk: low', 'risk: low\nrisks: 1', 'risks: is not a known key; did you mean risk?'],
    ['unknown action', 'uses: release/deploy', 'uses: release/deplyo', 'steps.0.uses: release/deplyo is not known; did you mean release/deploy?'],
    [
      'input that the action does not take',
      '      release:',
      '      relaese:',
      'steps.0.with.relaese: release/deploy does not take this; did you mean release?',
    ],
    ['missing input', '      release:', '      relaese:', 'steps.0.with.release: is missing; release/deploy needs it'],
    [
      'unknown placeholder',
      'name: Deploy ${{ parameters.to }}',
      'name: Deploy ${{ parameters.too }}',
      'steps.0.name: too is not a parameter of this runbook; did you mean to?',
    ],
    [
      'other expression',
      'name: Deploy ${{ parameters.to }}',
      'name: Deploy ${{ secrets.x }}',
      'steps.0.name: ${{ secrets.x }} is not a placeholder; write ${{ parameters.name }}',
    ],
    [
      'unclosed placeholder',
      'name: Deploy ${{ parameters.to }}',
      'name: Deploy ${{ oh',
      'steps.0.name: ${{ oh is not a placeholder; write ${{ parameters.name }}',
    ],
    ['number where text is meant', 'release: ${{ parameters.to }}', 'release: 1.5', 'steps.0.with.release: must be text; put it in quotes: "1.5"'],
    ['time-out without unit', 'uses: release/deploy', 'uses: release/deploy\n    timeout: 60', 'steps.0.timeout: 60 has no unit; write 60s, 60m or 60h'],
    ['time-out that is too short', 'uses: release/deploy', 'uses: release/deploy\n    timeout: 10ms', 'steps.0.timeout: must be at least 1s'],
    ['missing key', 'title: Flush\n', '', 'title: is missing; write text'],
    [
      'cause that is none',
      'bad-release',
      'undetermined',
      'for.causes.0: must be one of bad-release, resource-exhaustion, dependency-failure, traffic-surge, failed-build',
    ],
    [
      'unused parameter',
      'parameters:',
      'parameters:\n  spare: { description: Nothing. }',
      'parameters.spare: is used by no step and no precondition; remove it',
    ],
    ['enum without values', 'to: {', 'to: { type: enum,', 'parameters.to.values: is missing; an enum lists its values'],
    ['default that does not fit', 'to: {', 'to: { pattern: "[a-z]+", default: "9",', 'parameters.to.default: does not match [a-z]+'],
    ['pattern that is none', 'to: {', 'to: { pattern: "[",', 'parameters.to.pattern: is not a regular expression'],
    ['reversible without an undo', 'reversible: false', 'reversible: true', 'inverse: is missing; a reversible runbook says how it is undone'],
    ['key given twice', 'risk: low', 'risk: low\nrisk: high', 'line 8, column 1: is not valid YAML: Map keys must be unique'],
  ])('with %s is refused at its place', (_, from, to, problem) => {
    expect(change(from, to)).not.toBe(good);
    expect(problemsOf(change(from, to))).toContain(problem);
    expect(parseRunbook(change(from, to)).runbook).toBeUndefined();
  });

  it('tells every problem at once', () => {
    expect(problemsOf(change('risk: low', 'risk: tiny').replace('version: 2', 'version: 0').replace('uses: release/deploy', 'timeout: 60s'))).toHaveLength(3);
  });

  it('uses a step id once over steps and inverse, as tokens are made from it', () => {
    const text = `${good.replace('reversible: false', 'reversible: true')}inverse:\n  steps:\n    - { id: deploy, name: Back, uses: service/restart }\n`;
    expect(problemsOf(text)).toEqual(['inverse.steps.0.id: deploy is the id of an earlier step; ids are used once over steps and inverse']);
  });

  it('that is not YAML, or too deep in aliases, is refused and never thrown', () => {
    expect(problemsOf('a: [')).toHaveLength(1);
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefgh'.split('').map((k, i) => `${k}: &${k} [${`*${'abcdefg'[i] ?? ''},`.repeat(9)}]`)].join('\n');
    expect(problemsOf(bomb)[0]).toMatch(/aliases/);
  });
});

describe('the catalogue', () => {
  it('leaves out files with problems and names them', () => {
    const { runbooks, problems } = loadCatalogue([
      { file: 'a.yaml', text: good },
      { file: 'b.yaml', text: 'id: B' },
    ]);
    expect(runbooks.map((each) => each.runbook.id)).toEqual(['flush']);
    expect(problems.every((each) => each.path.startsWith('b.yaml: '))).toBe(true);
    expect(problems.length).toBeGreaterThan(5);
  });

  it('refuses an id that is taken', () => {
    const { runbooks, problems } = loadCatalogue([
      { file: 'a.yaml', text: good },
      { file: 'b.yaml', text: good },
    ]);
    expect(runbooks).toHaveLength(1);
    expect(problems).toEqual([{ path: 'b.yaml: id', message: 'flush is already the id of a.yaml; give this runbook another id' }]);
  });

  it('names a runbook by its content: another time-out is another hash, another order of keys is not', () => {
    const hash = (text: string) => loadCatalogue([{ file: 'a', text }]).runbooks[0]?.hash;
    expect(hash(good)).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(change('uses: release/deploy', 'uses: release/deploy\n    timeout: 61s'))).not.toBe(hash(good));
    expect(hash(change('title: Flush\n', '').replace('risk: low', 'risk: low\ntitle: Flush'))).toBe(hash(good));
    const { runbook } = parseRunbook(good);
    expect(runbook && snapshotOf(runbook).hash).toBe(hash(good));
  });

  it('keeps the hash of a runbook without symptoms, and takes those that are declared', () => {
    const declared = parseRunbook(good.replace(/causes: \[([^\]]*)\]/, 'causes: [$1], symptoms: [queue is stuck]')).runbook;
    expect(declared?.symptoms).toEqual(['queue is stuck']);
    expect(parseRunbook(good).runbook).not.toHaveProperty('symptoms');
  });

  it('refuses a symptom of words that stand everywhere', () => {
    expect(problemsOf(good.replace(/causes: \[([^\]]*)\]/, 'causes: [$1], symptoms: [it is on]'))).toEqual([
      expect.stringMatching(/^for\.symptoms\.0: holds only words that stand everywhere; write what the log or the alert says/),
    ]);
  });

  it('has a published JSON Schema that is current (node scripts/run.mjs --script scripts/write-schemas.js writes it)', () => {
    const published: unknown = JSON.parse(readFileSync(join(__dirname, '../../runbooks/runbook.schema.json'), 'utf8'));
    expect(published).toEqual(runbookJsonSchema());
  });
});
