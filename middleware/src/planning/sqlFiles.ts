import type { Warehouse } from '../ports/warehouse.ts';

/** The SQL of the product as data: file name without `.sql` → text. The texts hold `${catalog}` and `${schema}`. */
export interface SqlFiles {
  /** Functions that the views use and the engine lacks, one statement each: macros for DuckDB, SQL functions for Spark. */
  readonly preludes: Readonly<Record<Warehouse['dialect'], string>>;
  /** Constant tables, each the select that yields its rows. */
  readonly seed: Readonly<Record<string, string>>;
  /** `create or replace view` statements. */
  readonly views: Readonly<Record<string, string>>;
  /** Tables filled anew for each plan, each the select that yields its rows. */
  readonly snapshots: Readonly<Record<string, string>>;
  /** Selects that return the rows that break a rule: empty means that it holds. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Replaces the only two placeholders that the SQL files may hold. */
export function renderSql(
  text: string,
  place: { readonly catalog: string; readonly schema: string },
): string {
  return text.replaceAll('${catalog}', place.catalog).replaceAll('${schema}', place.schema);
}

/** The statements of a file, which end with a semicolon at the end of a line. */
export function splitStatements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
