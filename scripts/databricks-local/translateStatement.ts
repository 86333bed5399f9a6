import { maskLiterals, unmaskLiterals, type MaskedStatement } from './maskLiterals.ts';
import { StatementError } from './statementError.ts';

type Replacement = string | ((match: string, ...groups: string[]) => string);

/** What Databricks takes and DuckDB does not, outside of texts. Applied in this order. */
const rules: readonly (readonly [databricks: RegExp, duckDb: Replacement])[] = [
  // A TIMESTAMP is an instant on Databricks and has no zone in DuckDB (docs/warehouse.md §4).
  [
    /(?<![.\w"])timestamp(_ntz|_ltz)?\b(?!\s*\()/gi,
    (_, kind = '') => (kind.toLowerCase() === '_ntz' ? 'timestamp' : 'timestamptz'),
  ],
  [/\barray<(\w+)>/gi, '$1[]'],
  [/\busing\s+delta\b/gi, ''],
  [/\btblproperties\s*\([^)]*\)/gi, ''],
  [/\bcluster\s+by\s+(\([^)]*\)|auto|none)/gi, ''],
  [/(?<=^create\b[\s\S]*)\bcomment\s+⟦\d+⟧/gi, ''],
  [/\bcurrent_timestamp\s*\(\s*\)/gi, 'now()'],
  [/\braise_error\s*\(/gi, 'error('],
  [/\bsystem\.information_schema\.(tables|views|columns)\b/gi, 'memory.main.$1'],
  [
    /\bupdate\s+set\s+([\s\S]*?)(?=\bwhen\b|$)/gi,
    (clause) => clause.replace(/(\bset\s+|,\s*)\w+\.(\w+\s*=)/gi, '$1$2'),
  ],
];

/**
 * Rewrites a statement of Databricks for DuckDB. The list is short on purpose: what it does not know fails, so that
 * the product stays in the subset of SQL that both take. Throws 22012 for a division by a literal zero, which is an
 * error on Databricks and NULL or infinity in DuckDB.
 */
export function translateStatement(statement: string): string {
  const masked = maskLiterals(statement);
  if (/\/\s*0(?![\d.])/.test(masked.code)) {
    throw new StatementError('22012', 'DIVIDE_BY_ZERO', 'Division by zero.');
  }
  const code = rules.reduce((text, [pattern, to]) => text.replace(pattern, to as string), masked.code);
  return unmaskLiterals(translateFromJson({ ...masked, code }));
}

/** `from_json(x, 'array<struct<a: string>>')`: DuckDB wants the shape as JSON. */
function translateFromJson({ code, texts }: MaskedStatement): MaskedStatement {
  const shapes = [...texts];
  const translated = code.replace(
    /(\bfrom_json\s*\(\s*(?:[\w.:"]+|⟦\d+⟧)\s*,\s*)⟦(\d+)⟧/gi,
    (_, call: string, index: string) =>
      `${call}⟦${shapes.push(JSON.stringify(toShape(texts[Number(index)] ?? ''))) - 1}⟧`,
  );
  return { code: translated, texts: shapes };
}

const shapeTypes: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  timestamp: 'TIMESTAMPTZ',
  int: 'INTEGER',
};

/** The shape that a type of Spark describes: `[{"a": "VARCHAR"}]` of `array<struct<a: string>>`. */
function toShape(type: string): unknown {
  const [, outer = '', inner = ''] = /^\s*(array|struct)\s*<([\s\S]*)>\s*$/i.exec(type) ?? [];
  if (outer.toLowerCase() === 'array') return [toShape(inner)];
  if (outer === '') return shapeTypes[type.trim().toLowerCase()] ?? type.trim().toUpperCase();
  const fields = inner.split(/,(?![^<]*>)/).map((field) => {
    const [, name = '', fieldType = ''] =
      /^\s*`?(\w+)`?\s*:?\s+([\s\S]+)$/.exec(field) ?? /^\s*(\w+)\s*:\s*([\s\S]+)$/.exec(field) ?? [];
    return [name, toShape(fieldType)];
  });
  return Object.fromEntries(fields);
}
