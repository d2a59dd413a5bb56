import type { DocumentDescription } from '@aws-sdk/client-ssm';
import type { AwsAutomation, AwsHands } from '../../../domain/aws/hands';
import type { AwsPlace } from '../../../domain/aws/place';
import { documentUnmet } from '../../../domain/aws/ssm-document';
import type { DocumentFacts, SsmParameters } from '../../../domain/aws/ssm-document';
import { awsClients } from '../clients';
import type { AwsClients } from '../clients';
import type { ReadSettings } from '../access';
import type { Actuator } from './actuator';
import { causeName } from './outcome';

/** The client of Systems Manager. */
export type Ssm = InstanceType<typeof import('@aws-sdk/client-ssm').SSMClient>;

/** Makes one, when it is needed first. */
export async function ssmClient(settings: ReadSettings): Promise<Ssm> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  return new SSMClient(settings);
}

/** Clients that look. */
export function ssmClients({ access }: Pick<Actuator, 'access'>): AwsClients<Ssm> {
  return awsClients(access, ssmClient);
}

/** What a document is; a sentence where there is none of that name or version. */
export async function describeDocument(
  clients: AwsClients<Ssm>,
  place: AwsPlace,
  automation: Pick<AwsAutomation, 'document' | 'version'>,
): Promise<DocumentFacts | string> {
  const { document, version } = automation;
  const { DescribeDocumentCommand } = await import('@aws-sdk/client-ssm');
  try {
    const command = new DescribeDocumentCommand({ Name: document, ...(version !== undefined && { DocumentVersion: version }) });
    const { Document = {} } = await clients.ask(place, 'ssm:DescribeDocument', (ssm) => ssm.send(command));
    return factsOf(Document);
  } catch (error) {
    const name = causeName(error);
    if (name === 'InvalidDocument') return `There is no document ${document} in ${place.account}/${place.region}.`;
    if (name === 'InvalidDocumentVersion') return `The document ${document} has no version ${version ?? ''}.`;
    throw error;
  }
}

/** Why a document cannot be run so. */
export async function documentRefusal(
  clients: AwsClients<Ssm>,
  hands: AwsHands,
  { type, automation, parameters }: { readonly type: string; readonly automation: AwsAutomation; readonly parameters: SsmParameters },
): Promise<string | undefined> {
  const found = await describeDocument(clients, hands, automation);
  return typeof found === 'string' ? found : documentUnmet(type, automation, found, parameters);
}

function factsOf({ DocumentType, Status, DocumentVersion = '', Parameters = [] }: DocumentDescription): DocumentFacts {
  const parameters = Parameters.map(({ Name = '', DefaultValue }) => [Name, { optional: DefaultValue !== undefined }] as const);
  return { type: DocumentType ?? '', status: Status ?? '', version: DocumentVersion, parameters: Object.fromEntries(parameters) };
}

/** A time as filters take it. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Parameters as the SDK's types have them. */
export function asSent(parameters: SsmParameters): Record<string, string[]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, [...values]]));
}
