import type { FunctionConfiguration, LambdaClient, ListFunctionsCommandOutput } from '@aws-sdk/client-lambda';
import type { Ask } from './ask';
import { wholeList } from './kind';
import type { KindContext, PastKind } from './kind';
import { owned } from './owned';
import type { PlaceTags } from './tags';

/** Functions of Lambda with the security groups that are theirs; their list tells everything. */
export function functions(tagsOf: (context: KindContext) => Promise<PlaceTags>): PastKind {
  return {
    name: 'functions',
    async plan(context, ask) {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      const client = new LambdaClient(context.settings);
      const listed = await listFunctions(client, ask);
      const tags = await tagsOf(context);
      const facts = listed.flatMap(({ FunctionArn: arn = '', FunctionName: name = '', VpcConfig }) =>
        owned({ arn, name, securityGroups: VpcConfig?.SecurityGroupIds ?? [], others: [] }, context.place, tags),
      );
      return { parts: [], facts, close: () => client.destroy() };
    },
  };
}

/** Every function. Throws errors of ours. */
export async function listFunctions(client: LambdaClient, ask: Ask): Promise<readonly FunctionConfiguration[]> {
  const { ListFunctionsCommand } = await import('@aws-sdk/client-lambda');
  return wholeList<FunctionConfiguration>(async (Marker) => {
    const answer: ListFunctionsCommandOutput = await ask('lambda:ListFunctions', (options) => client.send(new ListFunctionsCommand({ Marker }), options));
    return { items: answer.Functions ?? [], next: answer.NextMarker };
  });
}
