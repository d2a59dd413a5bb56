/** What the function was called with. */
export type HookCall =
  | { readonly kind: 'build'; readonly buildId: string }
  | { readonly kind: 'job'; readonly jobId: string; readonly parameters: string | undefined }
  | { readonly kind: 'other'; readonly why: string };

/** What Lambda says of a call. */
export interface LambdaContext {
  /** Milliseconds until the function is ended. */
  getRemainingTimeInMillis(): number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * An event of EventBridge about a build that has ended, or a job of CodePipeline; nothing else of it is read, as a job holds credentials.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html, https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html
 */
export function hookCall(event: unknown): HookCall {
  const job = fieldsOf(fieldsOf(event)['CodePipeline.job']);
  if (typeof job['id'] === 'string') {
    const configuration = fieldsOf(fieldsOf(fieldsOf(job['data'])['actionConfiguration'])['configuration']);
    return { kind: 'job', jobId: job['id'], parameters: textOf(configuration['UserParameters']) };
  }
  const { source, 'detail-type': type, detail } = fieldsOf(event);
  if (source !== 'aws.codebuild' || type !== 'CodeBuild Build State Change')
    return { kind: 'other', why: 'neither a change of a build nor a job of a pipeline' };
  const { 'build-id': buildId, 'build-status': status } = fieldsOf(detail);
  if (typeof buildId !== 'string') return { kind: 'other', why: 'a change of a build that does not name it' };
  return status === 'IN_PROGRESS' ? { kind: 'other', why: 'a build that has only begun' } : { kind: 'build', buildId };
}

/** The members of an object; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
