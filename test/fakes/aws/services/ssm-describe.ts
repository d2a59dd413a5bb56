import type { DescribeDocumentRequest, DescribeDocumentResult, ListTagsForResourceRequest, ListTagsForResourceResult } from '@aws-sdk/client-ssm';
import { AwsError } from '../errors';
import type { Call } from '../service';
import { AUTOMATIONS } from './ssm-automation-run';
import { anyDocument, versionOf } from './ssm-store';
import { found } from './support';

/** A document by its name, of whatever type, in the version that is asked for. */
export function describeDocument({ Name = '', DocumentVersion }: DescribeDocumentRequest, { place }: Call): DescribeDocumentResult {
  const document = found(anyDocument(place, Name), 'InvalidDocument', `Document with name ${Name} does not exist.`);
  const version = found(versionOf(document, DocumentVersion), 'InvalidDocumentVersion', `There is no version ${DocumentVersion ?? ''}`);
  const { name, type, versions = ['1'], parameters = {} } = document;
  return {
    Document: {
      ...{ Name: name, DocumentType: type, DocumentFormat: 'YAML', Status: 'Active', Owner: name.startsWith('AWS') ? 'Amazon' : place.account },
      ...{ DocumentVersion: version, LatestVersion: versions.at(-1), DefaultVersion: versions.at(-1), SchemaVersion: type === 'Automation' ? '0.3' : '2.2' },
      Parameters: Object.entries(parameters).map(([parameter, usual]) => ({
        Name: parameter,
        Type: 'String',
        ...(usual && { DefaultValue: usual.join(',') }),
      })),
    },
  };
}

/** Tags of an execution of an automation; of other things the fake has none. */
export function listTagsForResource({ ResourceType, ResourceId = '' }: ListTagsForResourceRequest, { place, visible }: Call): ListTagsForResourceResult {
  if (ResourceType !== 'Automation') throw new AwsError('InvalidResourceType', `The fake has no tags of ${ResourceType ?? ''}.`);
  const one = visible(ResourceId) ? place.state(AUTOMATIONS).get(ResourceId) : undefined;
  return { TagList: [...found(one, 'InvalidResourceId', `There is no execution ${ResourceId}`).tags] };
}
