import { RUNGS, schemaFor } from '../../../domain/reasoning/rungs';
import { answerSchema } from '../../../domain/reasoning/schema';

const SCHEMA = answerSchema(['restart']);
const LIMITS = /"(?:minLength|maxLength|maxItems|uniqueItems)":/;

test.each(RUNGS)('on the rung %s every object is closed', (rung) => {
  const text = JSON.stringify(schemaFor(SCHEMA, rung));
  expect(text.split('"type":"object"')).toHaveLength(text.split('"additionalProperties":false').length);
});

test('what grammars refuse is taken out where a grammar is made, and nowhere else', () => {
  expect(RUNGS.filter((rung) => LIMITS.test(JSON.stringify(schemaFor(SCHEMA, rung))))).toEqual(['forced-tool', 'plain']);
});

test('ids of evidence are those of a fixed pool, and a runbook is one that is declared or none', () => {
  const { items } = SCHEMA.properties?.['hypotheses'] ?? {};
  expect(items?.properties?.['evidence_ids']?.items?.enum).toHaveLength(64);
  expect(SCHEMA.properties?.['runbook']?.enum).toEqual(['restart', 'none']);
});
