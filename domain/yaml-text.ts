import { LineCounter, parseAllDocuments, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Problem } from './errors';

/** What a document holds; undefined when there are problems. */
export interface YamlContent {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

// Warnings go to the process by default, which a pure function must not do.
const STRICT = { prettyErrors: false, logLevel: 'silent', uniqueKeys: true } as const;

/** Reads one YAML document (1.2 core: dates stay text, `on` stays a word). Problems name line and column; the value is undefined when there are any. */
export function readYaml(text: string): YamlContent {
  const lines = new LineCounter();
  return contentOf(parseDocument(text, { ...STRICT, lineCounter: lines }), lines);
}

/** The same of a text that holds several documents, `---` between them. */
export function readYamlDocuments(text: string): readonly YamlContent[] {
  const lines = new LineCounter();
  return parseAllDocuments(text, { ...STRICT, lineCounter: lines }).map((document) => contentOf(document, lines));
}

function contentOf(document: Document.Parsed, lines: LineCounter): YamlContent {
  const problems = [...document.errors, ...document.warnings].map((fault) => {
    const { line, col } = lines.linePos(fault.pos[0]);
    return { path: `line ${line}, column ${col}`, message: `is not valid YAML: ${fault.message}` };
  });
  if (problems.length > 0) return { value: undefined, problems };
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) as unknown, problems: [] };
  } catch {
    return {
      value: undefined,
      problems: [{ path: '', message: 'uses anchors and aliases that cannot be resolved, or too many of them; write the values out' }],
    };
  }
}
