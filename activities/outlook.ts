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
const UNSEEN = 'could not be looked at';

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
      .catch((error: unknown) => `${UNSEEN}: ${errorMessage(error)}`);
    if (told !== undefined) lines.push(clip(`step ${String(i + 1)} ${told}`, LONGEST));
  }
  return lines;
}

/** Why steps are not what was shown: something else would be done by now, or nobody could see what would be. */
export async function changedSince(
  hands: Pick<Hands, 'preview'>,
  service: Service,
  rendered: RenderedRunbook,
  { target, preview }: Pick<Proposal, 'target' | 'preview'>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [i, { name, uses: action, with: inputs, timeoutMs }] of rendered.steps.entries()) {
    const { exact } = specOf(action);
    if (exact === undefined) continue;
    const told = await hands.preview?.(service, { action, inputs, timeoutMs, target }).catch(() => undefined);
    const own = preview.filter((line) => line.startsWith(`step ${String(i + 1)} `));
    const same = exact === 'label' ? own.map(labelIn).includes(labelIn(told ?? '')) : own.includes(clip(`step ${String(i + 1)} ${told ?? ''}`, LONGEST));
    if (told === undefined || same) continue;
    const unseen = own.some((line) => line.startsWith(`step ${String(i + 1)} ${UNSEEN}`));
    changed.push(
      unseen
        ? `What "${name}" would do could not be seen when it was proposed.`
        : `What "${name}" would do has changed since it was proposed, in the configuration or in what it acts on.`,
    );
  }
  return changed;
}

/** The label that names the words of the configuration. */
function labelIn(line: string): string | undefined {
  return /\([a-z][a-z0-9-]* [0-9a-f]{12}\)/.exec(line)?.[0];
}
