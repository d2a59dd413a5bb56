/** One line of Prometheus text. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+(?:\.\d+)?)?$/;
const LABEL = /\s*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** Reads Prometheus (and OpenMetrics) text. Comments, exemplars and lines that are not understood are left out; never throws. */
export function parsePrometheusText(text: string): PrometheusSample[] {
  return text.split('\n').flatMap((raw) => {
    const line = withoutExemplar(raw.trim());
    if (line === '' || line.startsWith('#')) return [];
    const [, name, labelText = '', valueText = ''] = LINE.exec(line) ?? [];
    const value = number(valueText);
    const labels = parseLabels(labelText);
    return name === undefined || value === undefined || labels === undefined ? [] : [{ name, labels, value }];
  });
}

/** Types of the metrics by name, from the `# TYPE` lines. */
export function parsePrometheusTypes(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^# TYPE ([A-Za-z_:][\w:]*) (\w+)\s*$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

// An exemplar follows ` # {`; a label's value may hold the same characters, so only one after the last label set counts.
function withoutExemplar(line: string): string {
  const exemplar = /^([^#]*?(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+\S+(?:\s+\S+)?)\s+#\s+\{/.exec(line);
  return exemplar?.[1] ?? line;
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let match = LABEL.exec(text); match; match = LABEL.exec(text)) {
    labels[match[1] ?? ''] = (match[2] ?? '').replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? `\\${char}`);
    end = LABEL.lastIndex;
  }
  return text.slice(end).trim() === '' ? labels : undefined;
}

function number(text: string): number | undefined {
  if (/^[+]?Inf$/i.test(text)) return Infinity;
  if (/^-Inf$/i.test(text)) return -Infinity;
  if (text === '' || /^nan$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
