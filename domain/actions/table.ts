import { commandRun } from './command-run';
import { githubDispatch } from './github-dispatch';
import { githubRerunFailedJobs } from './github-rerun-failed-jobs';
import { httpCall } from './http-call';
import { releaseDeploy } from './release-deploy';
import { serviceRestart } from './service-restart';
import type { ActionSpec } from './action';

/** Every action that a step of a runbook can use, by its name. */
export const ACTIONS = {
  'release/deploy': releaseDeploy,
  'service/restart': serviceRestart,
  'command.run': commandRun,
  'http.call': httpCall,
  'github.rerun-failed-jobs': githubRerunFailedJobs,
  'github.dispatch': githubDispatch,
} as const satisfies Record<string, ActionSpec>;
/** Name of an action. */
export type ActionName = keyof typeof ACTIONS;

/** What is known of an action. */
export function specOf(action: ActionName): ActionSpec {
  return ACTIONS[action];
}
