import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types.js';
import { StatementError } from './statementError.ts';

/** Text, quoted names, comments and casts, which may hold a colon, or one parameter `:name`. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)/g;

/** Types of parameters that differ in name, or in meaning, from DuckDB's. */
const castTypes: Readonly<Record<string, string>> = {
  STRING: 'varchar',
  TIMESTAMP: 'timestamptz',
  TIMESTAMP_NTZ: 'timestamp',
};

/**
 * Rewrites the parameters `:name` of a statement to DuckDB's `$name`, cast to the type that the client gave. Values
 * arrive as text. Throws 42P02 if one is not given; those that are not used are left out, as DuckDB refuses them.
 */
export function bindParameters(
  statement: string,
  parameters: readonly TSparkParameter[],
): { sql: string; values: Record<string, string | null> } {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const values: Record<string, string | null> = {};
  const sql = statement.replace(token, (match: string, name: string | undefined) => {
    if (name === undefined) return match;
    const parameter = given.get(name);
    if (parameter === undefined) {
      throw new StatementError('42P02', 'UNBOUND_SQL_PARAMETER', `Found the unbound parameter: ${name}.`);
    }
    values[name] = parameter.value?.stringValue ?? null;
    return parameter.type ? `cast($${name} as ${castTypes[parameter.type] ?? parameter.type})` : `$${name}`;
  });
  return { sql, values };
}
