import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { CfnParameter } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { PACKAGE_ROOT } from './package-root';

/** Where the function's code is taken from: a file here that the CDK uploads, or a bucket that parameters of the stack name. */
export type HookCode = { readonly from: 'file'; readonly path: string } | { readonly from: 'parameters' };

/** Where `npm run lambda` of Nightshift writes the function, seen from this package. */
export const BUNDLE = join('..', 'dist', 'lambda', 'post-build.zip');

/** Bucket and key of the function's code. Throws an Error that says how to make the file when it is missing. */
export function hookCode(scope: Construct, code: HookCode): { readonly s3Bucket: string; readonly s3Key: string } {
  if (code.from === 'parameters') {
    const s3Bucket = new CfnParameter(scope, 'CodeBucket', { description: 'Bucket in this region that post-build.zip of Nightshift was copied to' });
    const s3Key = new CfnParameter(scope, 'CodeKey', {
      default: 'nightshift/post-build.zip',
      description: 'Its key there; a new one for each new version, or nothing is updated',
    });
    s3Bucket.overrideLogicalId('HookCodeBucket');
    s3Key.overrideLogicalId('HookCodeKey');
    return { s3Bucket: s3Bucket.valueAsString, s3Key: s3Key.valueAsString };
  }
  const path = bundlePath(code.path);
  if (!existsSync(path))
    throw new Error(
      `The Lambda function that reports builds is not at ${path}. Run \`npm run lambda\` in the folder of Nightshift, or name the file: -c hookBundle=/path/to/post-build.zip. Without "hook" in the settings it is not needed.`,
    );
  const asset = new Asset(scope, 'Code', { path });
  return { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
}

/** Full path of a file that is named from this package. */
export function bundlePath(path: string): string {
  return isAbsolute(path) ? path : join(PACKAGE_ROOT, path);
}
