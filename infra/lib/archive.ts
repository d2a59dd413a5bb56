import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { NAME } from './names';
import { ownPolicy } from './own-policies';
import { partitionOf } from './place';
import type { Place } from './place';
import { makeRole, roleArn } from './role';
import type { Observer, Worker } from './settings-schema';
import { workerTrust } from './trust';

/** Versions that were overwritten or deleted are kept so long: an export that went wrong can be taken back. */
const OLD_VERSIONS = Duration.days(30);

/** The bucket for exports of the archive, and the role that reads and writes under its one prefix and nowhere else in it. It stays when the stack goes. */
export class Archive extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { bucket: name, prefix, keepDays, place, worker }: NonNullable<Observer['archive']> & { readonly place: Place; readonly worker: Worker },
  ) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      ...{ bucketName: name, versioned: true, encryption: BucketEncryption.S3_MANAGED, enforceSSL: true, minimumTLSVersion: 1.2 },
      ...{ blockPublicAccess: BlockPublicAccess.BLOCK_ALL, objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED, removalPolicy: RemovalPolicy.RETAIN },
      lifecycleRules: [
        { id: 'old-versions', noncurrentVersionExpiration: OLD_VERSIONS, abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...(keepDays === undefined ? [] : [{ id: 'exports', prefix: `${prefix}/`, expiration: Duration.days(keepDays) }]),
      ],
    });
    acknowledge(bucket, {
      'AwsSolutions-S1': 'One role reads and writes it; data events of CloudTrail tell its calls with the session, which access logs do not.',
    });
    const role = `${NAME}-archive`;
    makeRole(this, 'Role', {
      ...{ name: role, place, trust: workerTrust(worker, place), description: 'Nightshift exports its archive: aws.export.role of nightshift.yaml' },
      policies: { nightshift: ownPolicy('archive', place) },
      patterns: {
        ReadS3: 'As nightshift doctor prints it, for buckets that begin with nightshift; the policy of the bucket keeps the role to its prefix.',
        WriteS3: 'As nightshift doctor prints it, for buckets that begin with nightshift; the policy of the bucket keeps the role to its prefix.',
      },
    });
    const isRole = { 'aws:PrincipalArn': roleArn(place, role) };
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...{ sid: 'ArchiveRoleOnlyUnderItsPrefix', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:GetObject', 's3:PutObject'] },
        ...{ notResources: [`arn:${partitionOf(place.region)}:s3:::${name}/${prefix}/*`], conditions: { ArnEquals: isRole } },
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...{
          sid: 'ArchiveRoleListsOnlyItsPrefix',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
        },
        conditions: { ArnEquals: isRole, StringNotLike: { 's3:prefix': `${prefix}/*` } },
      }),
    );
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName, description: 'aws.export.bucket of nightshift.yaml' });
  }
}
