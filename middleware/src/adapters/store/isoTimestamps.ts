import { types } from 'node:util';
import type { KyselyPlugin, QueryResult, RootOperationNode, UnknownRow } from 'kysely';

/** Gives every timestamptz of a result as ISO text in UTC, the form in which contracts carry instants. */
export const isoTimestamps: KyselyPlugin = {
  transformQuery: ({ node }): RootOperationNode => node,
  transformResult: ({ result }): Promise<QueryResult<UnknownRow>> =>
    Promise.resolve({ ...result, rows: result.rows.map(withIsoTimestamps) }),
};

function withIsoTimestamps(row: UnknownRow): UnknownRow {
  return Object.fromEntries(
    // Rows of PGlite come from another thread, where `instanceof Date` may not hold.
    Object.entries(row).map(([name, value]) => [name, types.isDate(value) ? value.toISOString() : value]),
  );
}
