import type { Connection } from '@salesforce/core';
import type { DescribedField } from './compareField.ts';

/** The fields of an object that this user may see, by name; null when there is no such object, or none to be seen. */
export async function describeObject(
  connection: Connection,
  object: string,
): Promise<ReadonlyMap<string, DescribedField> | null> {
  try {
    const { fields } = await connection.request<{ fields: DescribedField[] }>(`/sobjects/${object}/describe`);
    return new Map(fields.map((field) => [field.name, field]));
  } catch (error) {
    if (errorCodeOf(error) === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The code of a refusal by the REST API. */
export function errorCodeOf(error: unknown): string | null {
  const code =
    (error as { errorCode?: unknown } | null)?.errorCode ?? (error as { name?: unknown } | null)?.name;
  return typeof code === 'string' ? code : null;
}
