import type { Connection } from '@salesforce/core';
import type { DescribedField } from './compareField.ts';
import type { ObjectData } from './decideUndeploy.ts';

/**
 * Counts what an object holds, what lies in the recycle bin too, since it may be wanted back: one API call, and one more for each field while there are rows. A checkbox holds a value
 * where it is ticked. A long text cannot be asked for in SOQL.
 */
export async function countValues(
  connection: Connection,
  object: string,
  fields: readonly DescribedField[],
): Promise<ObjectData> {
  const rows = await count(connection, `SELECT COUNT() FROM ${object}`);
  const values = new Map<string, number | null>();
  if (rows === 0) return { rows, values };
  for (const { name, type } of fields) {
    values.set(
      name,
      type === 'textarea'
        ? null
        : await count(
            connection,
            `SELECT COUNT() FROM ${object} WHERE ${name} ${type === 'boolean' ? '= true' : '!= null'}`,
          ),
    );
  }
  return { rows, values };
}

async function count(connection: Connection, soql: string): Promise<number> {
  const { totalSize } = await connection.query(soql, { scanAll: true });
  return totalSize;
}
