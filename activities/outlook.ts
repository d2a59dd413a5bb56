import { errorMessage } from '../domain/errors';
import type { Service, Target } from '../domain/inventory';
import { clip } from '../domain/plain-text';
import type { Runbook } from '../domain/runbook';
import { renderRunbook } from '../domain/runbook-render';
import type { RenderedRunbook } from '../domain/runbook-render';
import type { Proposal } from '../domain/proposal';
import { specOf } from '../domain/actions/table';
import type { Hands } from '../ports/hands';

const LONGEST = 1_000;

/** What the steps of a runbook would do in the world as it is, a line for each step whose hands can tell; one that cannot be looked at says so and keeps nothing back. */
export async function outlookOf(
  hands: Pick<Hands, 'preview'>,
  service: Service,
  wanted: { readonly runbook: Runbook; readonly parameters: Readonly<Record<string, string>>; readonly target: Target },
): Promise<readonly string[]> {
  const { steps } = renderRunbook(wanted.runbook, wanted.parameters);
  const lines: string[] = [];
  for (const [i, { uses: action, with: inputs, timeoutMs }] of steps.entries()) {
    const told = await hands
      .preview?.(service, { action, inputs, timeoutMs, target: wanted.target })
      .catch((error: unknown) => `could not be looked at: ${errorMessage(error)}`);
    if (told !== undefined) lines.push(clip(`step ${String(i + 1)} ${told}`, LONGEST));
  }
  return lines;
}

/** Steps that would do something else than was shown, as their configuration was changed meanwhile. */
export async function changedSince(
  hands: Pick<Hands, 'preview'>,
  service: Service,
  rendered: RenderedRunbook,
  { target, preview }: Pick<Proposal, 'target' | 'preview'>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [i, { name, uses: action, with: inputs, timeoutMs }] of rendered.steps.entries()) {
    if (specOf(action).exact !== true) continue;
    const told = await hands.preview?.(service, { action, inputs, timeoutMs, target }).catch(() => undefined);
    if (told !== undefined && !preview.includes(clip(`step ${String(i + 1)} ${told}`, LONGEST))) changed.push(name);
  }
  return changed;
}
