/**
 * What a workflow does is frozen in its input as `schemaVersion`. A build carries out every version that is `understood`, and starts new workflows with the one that is `written`.
 * A new one is understood for a release before it is written, so that the release before can take up whatever this one began. See docs/adr/0009-versions-in-the-input.md.
 */
export const WORKFLOW_VERSIONS = {
  /**
   * From 2 on, what a message claims (effects that are done, a broken glass) is looked up before it is told, and the view follows its alerts while a person has it.
   * From 3 on, many conditions of one message are one entry.
   * From 4 on, the end of a prediction is awaited after a remedy of what was only foretold, and a watch that waits for the end of an alert ends with it.
   * From 5 on, what policy and record allow is done without an answer: at once, or after the time in which people may object; and where no cause was found, a graver alert begins a new round.
   */
  incident: { understood: [1, 2, 3, 4, 5], written: 5 },
  /** From 2 on, a step that is cancelled, or whose attempts are used up, is called off: its intent does not stay open, and the incident is told what is known. So is every step that nobody comes to any more. */
  remediation: { understood: [1, 2], written: 2 },
  heartbeat: { understood: [1], written: 1 },
  detection: { understood: [1], written: 1 },
} as const;

/** A workflow type of ours. */
export type WorkflowType = keyof typeof WORKFLOW_VERSIONS;

/** A version of a workflow type that this build carries out. */
export type WorkflowVersion<T extends WorkflowType> = (typeof WORKFLOW_VERSIONS)[T]['understood'][number];

/** Whether a name is that of a workflow type of ours. */
export function isWorkflowType(name: string): name is WorkflowType {
  return Object.hasOwn(WORKFLOW_VERSIONS, name);
}

/** Why this build cannot carry out a workflow of this version, or undefined when it can. The version comes from a history and may be anything. */
export function versionComplaint(type: WorkflowType, version: unknown): string | undefined {
  const understood: readonly unknown[] = WORKFLOW_VERSIONS[type].understood;
  if (understood.includes(version)) return undefined;
  return `This build understands version ${understood.join(', ')} of the workflow ${type}, not ${String(version)}. A newer one began it: run that again; the workflow waits meanwhile.`;
}
