import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load';
import type { SourcesConfig } from '../../config/types';
import type { NightshiftError } from '../../domain/errors';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const MAPPING = '{ object: alert, fields: { name: title } }';
const folder = mkdtempSync(join(tmpdir(), 'nightshift-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(sources: string): SourcesConfig {
  writeFileSync(join(folder, 'nightshift.yaml'), `sources: { ${sources} }`);
  return loadConfig({ env: { OLD: 'old', NEW: 'new' }, cwd: folder }).sources;
}
const wrong = (sources: string): readonly string[] => {
  try {
    load(sources);
    return [];
  } catch (error) {
    return (error as NightshiftError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
};

test('without the section nobody is let in by a signature', () => {
  expect(load('')).toEqual({ signed: [], mapped: [] });
});

test('one secret, several while they change, topics, and sources of a team', () => {
  const config = load(
    `github: { secret: { env: NEW } }, pagerduty: { secret: [{ env: OLD }, { env: NEW }] }, cloudwatch: { topics: ['${TOPIC}'] }, ci-tool: { mapping: ${MAPPING} }`,
  );
  expect(config).toEqual({
    signed: [
      { by: 'secret', name: 'github', secrets: ['new'] },
      { by: 'secret', name: 'pagerduty', secrets: ['old', 'new'] },
      { by: 'sns', name: 'cloudwatch', topics: [TOPIC] },
    ],
    mapped: [{ name: 'ci-tool', object: 'alert', fields: { name: 'title' } }],
  });
});

test.each([
  ['a secret in the open', 'github: { secret: abc }', /^sources\.github\.secret: must be \{env: NAME\}/],
  ['a secret that is not there', 'github: { secret: [{ env: NEW }, { env: GONE }] }', /^sources\.github\.secret\.1: .*GONE/],
  ['no secret', 'github: { secret: [] }', /^sources\.github\.secret/],
  ['a topic that is none', "cloudwatch: { topics: ['arn:aws:sqs:eu-central-1:1:x'] }", /^sources\.cloudwatch\.topics\.0: is not the ARN of a topic/],
  ['topics of a source that is not over SNS', `github: { topics: ['${TOPIC}'] }`, /^sources\.github/],
  ['a secret of a source that does not sign', 'datadog: { secret: { env: NEW } }', /^sources\.datadog/],
  ['a mapping under the name of a built-in source', `grafana: { mapping: ${MAPPING} }`, /^sources\.grafana: is read by Nightshift itself/],
  ['a mapping under a name that is none', `Ci_Tool: { mapping: ${MAPPING} }`, /^sources\.Ci_Tool: must be lower-case words/],
  ['a mapping with a mistake', 'ci-tool: { mapping: { object: alert, fields: { title: name } } }', /^sources\.ci-tool\.mapping\.fields/],
])('%s is refused with its place', (_what, sources, problem) => {
  expect(wrong(sources)).toContainEqual(expect.stringMatching(problem));
});
