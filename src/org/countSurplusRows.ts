import type { Connection } from '@salesforce/core';
import { packageNames } from './packageNames.ts';

/** Rows that share their key with an older row. */
export interface SurplusRows {
  readonly keys: number;
  /** How many rows must go before the key can be unique. */
  readonly rows: number;
  /** A few of the keys, for a person to look at. */
  readonly examples: readonly string[];
  /** Whether there may be more than were counted. */
  readonly isBounded: boolean;
}

export const noSurplusRows: SurplusRows = { keys: 0, rows: 0, examples: [], isBounded: false };

/** One grouped query answers at most so many groups. Source: SOQL and SOSL Reference, "GROUP BY". */
const maxKeys = 2000;

/**
 * Counts the rows which keep the key from being unique: Unique ignores rows without a key. One API call. The database
 * compares a text field without regard to case, as the unique index does.
 */
export async function countSurplusRows(connection: Connection): Promise<SurplusRows> {
  const { keyField, stagingObject } = packageNames;
  const { records } = await connection.query<{ propertyKey: string; rowCount: number }>(
    `SELECT ${keyField} propertyKey, COUNT(Id) rowCount FROM ${stagingObject} WHERE ${keyField} != null ` +
      `GROUP BY ${keyField} HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC LIMIT ${maxKeys}`,
  );
  return {
    keys: records.length,
    rows: records.reduce((sum, { rowCount }) => sum + rowCount - 1, 0),
    examples: records.slice(0, 5).map(({ propertyKey }) => propertyKey),
    isBounded: records.length >= maxKeys,
  };
}
