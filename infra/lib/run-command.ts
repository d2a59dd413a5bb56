import { partitionOf } from './place';
import type { Place } from './place';
import { allow } from './policy-document';
import type { Statement } from './policy-document';
import type { Actuator } from './settings-schema';

/** ARNs of documents of Systems Manager, under one of the two kinds that they have: those whose name begins with AWS belong to no account. */
export function documentArns({ account, region }: Place, kind: 'automation-definition' | 'document', names: readonly string[]): readonly string[] {
  const version = kind === 'document' ? '' : ':*';
  return names.map((name) => `arn:${partitionOf(region)}:ssm:${region}:${name.startsWith('AWS') ? '' : account}:${kind}/${name}${version}`);
}

/** Runs these documents on instances that bear the tag, and on no others. https://docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_id-based-policy-examples.html */
export function commandStatements(
  { account, regions, instances: { key, value } }: Pick<Actuator, 'account' | 'regions' | 'instances'>,
  documents: readonly string[],
  everywhere: (service: string, name: string) => readonly string[],
): readonly Statement[] {
  return [
    allow(
      'RunDocuments',
      ['ssm:SendCommand'],
      regions.flatMap((region) => documentArns({ account, region }, 'document', documents)),
    ),
    allow('OnTaggedInstances', ['ssm:SendCommand'], [...everywhere('ec2', 'instance/*'), ...everywhere('ssm', 'managed-instance/*')], {
      StringEquals: { [`ssm:resourceTag/${key}`]: value },
    }),
  ];
}
