import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './errors';

/** Reads one YAML document (1.2 core: dates stay text, `on` stays a word). Problems name line and column; the value is undefined when there are any. */
export function readYaml(text: string): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  // Warnings go to the process by default, which a pure function must not do.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: true });
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
