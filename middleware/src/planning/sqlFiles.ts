/** The SQL of the product as data: file name without `.sql` → text. The texts hold `${catalog}` and `${schema}`. */
export interface SqlFiles {
  /** Functions of Databricks that DuckDB lacks, as macros; not applied to Databricks. */
  readonly prelude: string;
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
