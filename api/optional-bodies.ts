/** The mark of an operation whose body may be absent, while the document is made. */
export const OPTIONAL_BODY = 'x-optional-body';

interface Operation {
  readonly requestBody?: object;
  readonly [OPTIONAL_BODY]?: boolean;
}

/** Says of the marked operations of an OpenAPI document that their body may be left away: a route takes an absent body for an empty one, and the library calls each body required. */
export function optionalBodies<T extends { readonly paths?: unknown }>(document: T): T {
  const paths = (document.paths ?? {}) as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  return { ...document, paths: mapValues(paths, (path) => mapValues(path, told)) };
}

function told({ [OPTIONAL_BODY]: optional, ...operation }: Operation): Operation {
  return optional === true ? { ...operation, requestBody: { ...operation.requestBody, required: false } } : operation;
}

function mapValues<A, B>(of: Readonly<Record<string, A>>, make: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, make(value)]));
}
