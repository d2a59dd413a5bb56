import { NAME } from './names';
import { neverReadSecrets } from './own-policies';
import { arn } from './place';
import { allow, deny, policyDocument } from './policy-document';
import type { PolicyDocument } from './policy-document';
import { roleArn } from './role';
import { commandStatements } from './run-command';
import type { Actuator } from './settings-schema';

/** Name of the role that automations of an environment run as. */
export function automationRoleName({ environment }: Pick<Actuator, 'environment'>): string {
  return `${NAME}-automation-${environment}`;
}

/** Its ARN. */
export function automationRoleArn(actuator: Pick<Actuator, 'environment' | 'account' | 'regions'>): string {
  const [region = ''] = actuator.regions;
  return roleArn({ account: actuator.account, region }, automationRoleName(actuator));
}

/** What the steps of automations may do: run the commands that are named, and restart instances where that is said, on instances that bear the tag alone. This is where the real power lies. */
export function automationPolicy(actuator: Actuator): PolicyDocument {
  const { account, regions, instances, automation, command } = actuator;
  const everywhere = (service: string, name: string): readonly string[] => regions.map((region) => arn(service, { account, region }, name));
  const reads = [
    ...(command ? ['ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation', 'ssm:ListCommandInvocations', 'ssm:ListCommands'] : []),
    ...(automation?.restartsInstances ? ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances'] : []),
  ];
  return policyDocument(
    ...(command ? commandStatements(actuator, command.documents, everywhere) : []),
    ...(automation?.restartsInstances
      ? [
          allow('RestartTaggedInstances', ['ec2:RebootInstances', 'ec2:StartInstances', 'ec2:StopInstances'], everywhere('ec2', 'instance/*'), {
            StringEquals: { [`aws:ResourceTag/${instances.key}`]: instances.value },
          }),
        ]
      : []),
    ...(reads.length > 0 ? [allow('Look', reads.sort(), ['*'])] : []),
    deny('NeverMore', ['iam:*', 'sts:AssumeRole', 'ec2:RunInstances', 'ssm:CreateDocument', 'ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion']),
    neverReadSecrets(),
  );
}
