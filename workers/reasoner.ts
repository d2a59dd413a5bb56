import { awsAccess } from '../adapters/aws/access';
import { bedrockModels, REASONING } from '../adapters/aws/bedrock/reasoner';
import { openAiModels } from '../adapters/openai/models';
import { ladderedReasoner } from '../adapters/reasoning/laddered';
import type { ModelVendor } from '../adapters/reasoning/vendor';
import type { NightshiftConfig, ReasoningConfig } from '../config/types';
import { defined } from '../domain/defined';
import type { Reasoner } from '../ports/reasoner';

/** The model of the configuration; undefined where none is. Nothing is sent before it is asked. */
export function openReasoner({ reasoning, aws }: Pick<NightshiftConfig, 'reasoning' | 'aws'>): Reasoner | undefined {
  if (!reasoning) return undefined;
  const { models, maxTokens, timeoutMs } = reasoning;
  return ladderedReasoner({ vendor: vendorOf(reasoning, aws?.endpoint), models, maxTokens, timeoutMs, clock: { now: () => Date.now() }, pause });
}

function vendorOf(reasoning: ReasoningConfig, endpoint: string | undefined): ModelVendor {
  const { timeoutMs } = reasoning;
  if (reasoning.provider === 'openai') return openAiModels({ ...reasoning.openai, timeoutMs });
  const { account, region, guardrail } = reasoning.bedrock;
  const access = awsAccess(defined({ accounts: [account], timeoutMs, endpoint }), REASONING);
  return bedrockModels({ access, place: { account: account.id, region }, ...defined({ guardrail }) });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
