/** An error that a service answers; its name is that of the service's reference, such as `AlarmNotFoundException`. */
export class AwsError extends Error {
  /** `fields` are other members of the error's shape; `status` wins over that of the model. */
  constructor(
    override readonly name: string,
    message: string,
    readonly status?: number,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** What a service says of a call that its caller may not make. */
export function denied(principal: string, action: string, resource?: string): AwsError {
  const onResource = resource === undefined ? '' : ` on resource: ${resource}`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: ${action}${onResource} because no identity-based policy allows the ${action} action`,
    403,
  );
}

/** What a service says of a value that it does not take. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
