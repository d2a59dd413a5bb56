import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { errorMessage, NightshiftError } from '../domain/errors';
import { ATTRIBUTES } from '../domain/search-attributes';

const KEYWORD = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** Makes the search attributes that are missing; where that is not allowed, the error names the command that makes them. Several processes may do it at once. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  try {
    const missing = await missingAttributes(connection, namespace);
    if (missing.length > 0) await addAttributes(connection, namespace, missing);
  } catch (error) {
    const wanted = Object.values(ATTRIBUTES);
    const command = `temporal operator search-attribute create --namespace ${namespace} ${wanted.map((name) => `--name ${name} --type Keyword`).join(' ')}`;
    throw new NightshiftError('unreachable', `The search attributes could not be made (${errorMessage(error)}). Have somebody run: ${command}`, [], {
      cause: error,
    });
  }
}

async function missingAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(ATTRIBUTES).filter((name) => !Object.hasOwn(customAttributes, name));
}

async function addAttributes(connection: Connection, namespace: string, missing: readonly string[]): Promise<void> {
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])) });
  } catch (error) {
    // Another process may have been faster.
    if ((await missingAttributes(connection, namespace)).length > 0) throw error;
  }
}
