import type { Client } from '@temporalio/client';
import type { AuditHead } from '../../domain/audit';
import type { AuditMemory } from '../../ports/incidents';

/** Asks open incident workflows for the end of their audit; one that does not answer within `timeoutMs` is left out. */
export function temporalAuditMemory(client: Client, timeoutMs: number): AuditMemory {
  const ask = async (workflowId: string): Promise<readonly [string, AuditHead] | undefined> => {
    try {
      const question = (): Promise<AuditHead & { readonly incidentId: string }> => client.workflow.getHandle(workflowId).query('auditHead');
      const { incidentId, count, hash } = await client.withDeadline(Date.now() + timeoutMs, question);
      return [incidentId, { count, hash }];
    } catch {
      // A workflow that is gone, or older than this question, remembers nothing for us.
      return undefined;
    }
  };
  return {
    async heads(workflowIds) {
      const answers = await Promise.all(workflowIds.map(ask));
      return Object.fromEntries(answers.filter((answer) => answer !== undefined));
    },
  };
}
