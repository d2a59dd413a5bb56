import { z } from 'zod';
import { defined } from './defined';
import { digestOf } from './digest';
import { durationField } from './duration-field';
import type { Problem } from './errors';
import { CAUSES } from './names';
import type { Runbook, RunbookSnapshot, RunbookStep } from './runbook';
import { runbookProblems } from './runbook-check';
import { wordsOf } from './runbook-match/words';
import { check } from './schema-problems';
import { readYaml } from './yaml-text';

const STEP_TIMEOUT_MS = 60_000;
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/);
const slug = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'is not a usable id; use small letters, digits and -, beginning with a letter' });
const inputs = z.record(name, z.string().max(500)).optional();

const symptom = z
  .string()
  .min(3)
  .max(120)
  .refine((text) => wordsOf(text).length > 0, {
    error: 'holds only words that stand everywhere; write what the log or the alert says, such as connection pool exhausted',
  });

/** A parameter as it is written in YAML. */
export const parameterField = z.strictObject({
  type: z.enum(['string', 'integer', 'enum']).default('string'),
  description: z.string().min(1).max(300),
  pattern: z.string().min(1).max(200).optional(),
  values: z.array(z.string().min(1).max(256)).min(1).max(50).optional(),
  default: z.string().max(256).optional(),
});

const step = z.strictObject({
  id: slug,
  name: z.string().min(1).max(120),
  uses: z.string(),
  with: inputs,
  timeout: durationField({ min: 1000, max: 3_600_000 }).optional(),
  idempotent: z.literal(true, { error: 'is true or left out' }).optional(),
});

const source = z.strictObject({
  id: slug,
  version: z.int().min(1),
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(2000),
  for: z.strictObject({ causes: z.array(z.enum(CAUSES).exclude(['undetermined'])).min(1), symptoms: z.array(symptom).min(1).max(20).optional() }),
  risk: z.enum(['low', 'medium', 'high']),
  reversible: z.boolean(),
  parameters: z.record(name, parameterField).optional(),
  preconditions: z
    .array(z.strictObject({ check: z.string(), with: inputs }))
    .max(20)
    .optional(),
  steps: z.array(step).min(1).max(20),
  probe: z
    .strictObject({ settle: durationField().optional(), window: durationField({ min: 1000 }).optional(), minRequests: z.int().min(1).optional() })
    .optional(),
  inverse: z
    .strictObject({
      on: z
        .array(z.enum(['worse', 'unchanged', 'partial']))
        .min(1)
        .default(['worse']),
      steps: z.array(step).min(1).max(20),
    })
    .optional(),
});

/** JSON Schema (draft 2020-12) of a runbook file, for editors; published as `runbooks/runbook.schema.json`. */
export function runbookJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(source, { io: 'input' }), title: 'Nightshift runbook' };
}

/** Reads one runbook from YAML. Without a runbook the problems say why, all of them; paths are those of the file. */
export function parseRunbook(text: string): { readonly runbook?: Runbook; readonly problems: readonly Problem[] } {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return { problems: yaml.problems };
  const checked = check(source, yaml.value);
  if (!checked.ok) return { problems: checked.problems };
  const runbook = toRunbook(checked.value);
  const problems = runbookProblems(runbook);
  return problems.length > 0 ? { problems } : { runbook, problems };
}

/** A runbook with its content hash. */
export function snapshotOf(runbook: Runbook): RunbookSnapshot {
  return { hash: digestOf(runbook), runbook };
}

/** A runbook file that was read; `origin` says where in words that are the same on every machine. */
export interface RunbookText {
  readonly file: string;
  readonly text: string;
  readonly origin?: string;
}

/** Reads a catalogue; files with problems are left out and told, ids must differ, also from those of `others`. Problem paths begin with the file. Sorted by id. */
export function loadCatalogue(
  texts: readonly RunbookText[],
  others: readonly RunbookSnapshot[] = [],
): { readonly runbooks: readonly RunbookSnapshot[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const byId = new Map<string, { file: string; snapshot?: RunbookSnapshot }>(
    others.map(({ runbook, origin }) => [runbook.id, { file: origin ?? 'another source' }]),
  );
  for (const { file, text, origin } of texts) {
    const parsed = parseRunbook(text);
    problems.push(...parsed.problems.map((problem) => ({ path: `${file}: ${problem.path}`, message: problem.message })));
    if (parsed.runbook === undefined) continue;
    const taken = byId.get(parsed.runbook.id);
    if (taken === undefined) byId.set(parsed.runbook.id, { file, snapshot: { ...snapshotOf(parsed.runbook), ...(origin === undefined ? {} : { origin }) } });
    else problems.push({ path: `${file}: id`, message: `${parsed.runbook.id} is already the id of ${taken.file}; give this runbook another id` });
  }
  const runbooks = [...byId.values()].flatMap(({ snapshot }) => snapshot ?? []).sort(byRunbookId);
  return { runbooks, problems };
}

/** Orders snapshots by the id of their runbooks. */
export function byRunbookId(a: RunbookSnapshot, b: RunbookSnapshot): number {
  return a.runbook.id < b.runbook.id ? -1 : 1;
}

function toRunbook(file: z.output<typeof source>): Runbook {
  const { for: purpose, parameters, preconditions, steps, probe, inverse, ...same } = file;
  return {
    ...same,
    causes: purpose.causes,
    ...(purpose.symptoms === undefined ? {} : { symptoms: purpose.symptoms }),
    parameters: Object.fromEntries(Object.entries(parameters ?? {}).map(([key, each]) => [key, defined(each)])),
    preconditions: (preconditions ?? []).map((each) => ({ check: each.check, with: each.with ?? {} })),
    steps: steps.map(toStep),
    probe: defined({ settleMs: probe?.settle, windowMs: probe?.window, minRequests: probe?.minRequests }),
    ...(inverse === undefined ? {} : { inverse: { on: inverse.on, steps: inverse.steps.map(toStep) } }),
  };
}

function toStep(file: z.output<typeof step>): RunbookStep {
  const { id, name: title, uses, with: given, timeout, idempotent } = file;
  return { id, name: title, uses, with: given ?? {}, timeoutMs: timeout ?? STEP_TIMEOUT_MS, ...(idempotent ? { idempotent } : {}) };
}
