import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectConfig } from '../../config/load';
import { DEFAULT_TRIAGE } from '../../domain/triage-rules';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-triage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SERVICES = 'services: [{ name: shop, environment: prod }]\n';
const inspected = (text: string) => {
  writeFileSync(join(folder, 'nightshift.yaml'), SERVICES + text);
  return inspectConfig({ cwd: folder, env: {} });
};
const problems = (text: string): string[] => inspected(text).problems.map(({ path, message }) => `${path}: ${message}`);

test('without the section severities are decided as ever', () => {
  expect(inspected('').config.triage).toEqual(DEFAULT_TRIAGE);
});

test('rules, hours and part of the matrix are taken, with defaults for the rest', () => {
  const { config, problems: none } = inspected(`
triage:
  hours: { zone: Europe/Berlin }
  rules: [{ when: { service: shop, hours: business }, urgency: high }, { impact: low }]
  matrix: { low: [sev4, sev4, sev4] }
`);
  expect(none).toEqual([]);
  expect(config.triage).toEqual({
    rules: [
      { when: { service: 'shop', hours: 'business' }, urgency: 'high' },
      { when: {}, impact: 'low' },
    ],
    matrix: { ...DEFAULT_TRIAGE.matrix, low: ['sev4', 'sev4', 'sev4'] },
    hours: { zone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
  });
});

test.each([
  ['a rule that says nothing', 'rules: [{ when: { tier: low } }]', 'triage.rules.0: says nothing; give it impact, urgency or both'],
  ['a misspelt condition', 'rules: [{ when: { teir: low }, impact: low }]', 'triage.rules.0.when.teir: is not a known key; did you mean tier?'],
  [
    'an unknown service',
    'rules: [{ when: { service: shpo }, impact: low }]',
    'triage.rules.0.when.service: no service of the inventory fits service shpo; did you mean shop?',
  ],
  [
    'hours that are not declared',
    'rules: [{ when: { hours: other }, impact: low }]',
    'triage.rules.0.when.hours: needs to know when people work; add triage.hours with a zone',
  ],
  ['an unknown zone', 'hours: { zone: Berlin }', 'triage.hours.zone: is not a time zone; write an IANA name such as Europe/Berlin, America/New_York or UTC'],
  ['hours that end before they begin', "hours: { zone: UTC, from: '18:00' }", 'triage.hours.to: must be later on the same day than from'],
  [
    'less urgency that is worse',
    'matrix: { high: [sev2, sev1, sev3] }',
    'triage.matrix.high.1: sev1 is worse than at more urgency; medium urgency must not be worse',
  ],
  [
    'less impact that is worse',
    'matrix: { low: [sev1, sev4, sev4] }',
    'triage.matrix.low.0: sev1 is worse than at medium impact and the same urgency; less impact must not be worse',
  ],
])('%s is told with its place', (_what, text, problem) => {
  expect(problems(`triage: { ${text} }\n`)).toContain(problem);
});
