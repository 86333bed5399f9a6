/** Text, quoted names, comments and casts, which may hold a colon, or one parameter `:name`. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)/g;

/** Rewrites the port's parameters `:name` to DuckDB's `$name`. */
export function toDuckDbParameters(sql: string): string {
  return sql.replace(token, (match: string, name: string | undefined) =>
    name === undefined ? match : `$${name}`,
  );
}
