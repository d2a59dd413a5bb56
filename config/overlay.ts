import { defined } from '../domain/defined';

/** Defaults with those members replaced that are given; an undefined one counts as not given. */
export function overlay<T extends object>(defaults: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T {
  return { ...defaults, ...defined(given) };
}
