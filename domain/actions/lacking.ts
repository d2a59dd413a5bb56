import type { Runbook } from '../runbook';
import { within, type Allowed } from './allowed';
import { lackingGithub } from './allowed-github';

/** What steps of a runbook name that is not allowed for a service, such as `actions.commands.undo`. A name that a parameter gives is looked at when it is known. */
export function lacking(runbook: Runbook, allowed: Allowed, place: { readonly service: string; readonly environment: string }): string[] {
  const steps = [...runbook.steps, ...(runbook.inverse?.steps ?? [])];
  const missing = (kind: 'commands' | 'calls', name: string | undefined): string[] => {
    if (name === undefined || name.includes('${{')) return [];
    const found = [...allowed[kind]].find((each) => each.name === name);
    return found && within(found.scope, place) ? [] : [`actions.${kind}.${name}`];
  };
  const all = steps.flatMap(({ uses, with: inputs }) => {
    if (uses === 'github.rerun-failed-jobs' || uses === 'github.dispatch') {
      const workflow = inputs['workflow']?.includes('${{') ? undefined : inputs['workflow'];
      return lackingGithub(allowed.github, place, workflow) ?? [];
    }
    if (uses === 'command.run') return missing('commands', inputs['command']);
    return uses === 'http.call' ? missing('calls', inputs['call']) : [];
  });
  return [...new Set(all)];
}
