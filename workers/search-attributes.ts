import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { errorMessage, NightshiftError } from '../domain/errors';
import { ATTRIBUTES } from '../domain/search-attributes';

const KEYWORD = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** Makes the search attributes that are missing; where that is not allowed, the error names the command that makes them. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const wanted = Object.values(ATTRIBUTES);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = wanted.filter((name) => !Object.hasOwn(customAttributes, name));
    if (missing.length === 0) return;
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])) });
  } catch (error) {
    const command = `temporal operator search-attribute create --namespace ${namespace} ${wanted.map((name) => `--name ${name} --type Keyword`).join(' ')}`;
    throw new NightshiftError('unreachable', `The search attributes could not be made (${errorMessage(error)}). Have somebody run: ${command}`, [], {
      cause: error,
    });
  }
}
