import { loadCatalogue } from '../../domain/runbook-schema';
import type { RunbookSnapshot } from '../../domain/runbook';

/** What differs between runbooks of these tests. */
export interface Sketch {
  readonly causes?: string;
  readonly risk?: string;
  readonly title?: string;
  readonly symptoms?: readonly string[];
  readonly parameters?: string;
  readonly release?: string;
}

/** A catalogue of a team's own runbooks, by id. */
export function sketched(sketches: Readonly<Record<string, Sketch>>): readonly RunbookSnapshot[] {
  const texts = Object.entries(sketches).map(
    ([id, { causes = 'bad-release', risk = 'medium', title = id, symptoms, parameters = '{}', release = '1.0.0' }]) => ({
      file: `${id}.yaml`,
      text: `
id: ${id}
version: 1
title: ${title}
description: For a test.
for: { causes: [${causes}]${symptoms === undefined ? '' : `, symptoms: ${JSON.stringify(symptoms)}`} }
risk: ${risk}
reversible: false
parameters: ${parameters}
steps:
  - { id: deploy, name: Deploy, uses: release/deploy, with: { release: '${release}' } }
`,
    }),
  );
  const { runbooks, problems } = loadCatalogue(texts);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return runbooks;
}
