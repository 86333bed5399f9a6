import type { Row, SqlValue, Warehouse } from '../../middleware/src/ports/warehouse.ts';

/** One cell, or one row or column, on which the engines differ. NULL is told from the text `NULL`. */
export interface Difference {
  readonly relation: string;
  readonly key: string;
  readonly column: string;
  readonly duckDb: string | null;
  readonly spark: string | null;
}

export interface Comparison {
  readonly relation: string;
  /** Rows that DuckDB has. */
  readonly rows: number;
  /** Rows that are missing on one side or differ in a column, and columns that do. */
  readonly differing: number;
  /** Of the first differing rows. */
  readonly differences: readonly Difference[];
}

/** A relation by name, the columns that name its rows (none: the whole row does), and its rows in both engines. */
export interface ComparedRelation {
  readonly name: string;
  readonly key: readonly string[];
  readonly duckDbSelect: string;
  readonly sparkSelect: string;
}

const maxRows = 20;

/**
 * Compares the rows of a relation, every column of every row, with those that Spark wrote. Values are compared as text
 * of one form, columns also by kind of type. Rows are paired by key, and rows of one key in their own order.
 */
export async function compareRelation(
  warehouse: Pick<Warehouse, 'query'>,
  { name, key, duckDbSelect, sparkSelect }: ComparedRelation,
): Promise<Comparison> {
  const [duckDbColumns, sparkColumns] = [
    await readColumns(warehouse, duckDbSelect),
    await readColumns(warehouse, sparkSelect),
  ];
  const wrongColumns = compareColumns(name, duckDbColumns, sparkColumns);
  const rows = await countRows(warehouse, duckDbSelect);
  if (wrongColumns.length > 0) {
    return { relation: name, rows, differing: wrongColumns.length, differences: wrongColumns };
  }
  const columns = [...duckDbColumns.keys()];
  const found = await warehouse.query(differingRows(columns, key, duckDbSelect, sparkSelect));
  return {
    relation: name,
    rows,
    differing: Number(found[0]?.['total'] ?? 0),
    differences: found.flatMap((row) => toDifferences(name, columns, key, row)),
  };
}

/** Column → kind of its type, as written on both sides. */
async function readColumns(
  warehouse: Pick<Warehouse, 'query'>,
  select: string,
): Promise<Map<string, string>> {
  const described = await warehouse.query(`describe ${select}`);
  return new Map(described.map((row) => [String(row['column_name']), kindOf(String(row['column_type']))]));
}

/** The engines count and add up in integers of different widths; any other difference of types is one. */
function kindOf(type: string): string {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\))$/.test(type)
    ? 'integer'
    : type.toLowerCase();
}

function compareColumns(
  relation: string,
  duckDb: ReadonlyMap<string, string>,
  spark: ReadonlyMap<string, string>,
): Difference[] {
  return [...new Set([...duckDb.keys(), ...spark.keys()])].flatMap((column) => {
    const [inDuckDb, inSpark] = [duckDb.get(column) ?? null, spark.get(column) ?? null];
    return inDuckDb === inSpark
      ? []
      : [{ relation, key: 'type of the column', column, duckDb: inDuckDb, spark: inSpark }];
  });
}

async function countRows(warehouse: Pick<Warehouse, 'query'>, select: string): Promise<number> {
  const [row] = await warehouse.query(`select count(*) as row_count from (${select}) as counted`);
  return Number(row?.['row_count']);
}

/** Values of one column in DuckDB (`d0`, `d1`, …) and in Spark (`s0`, …); `in_duckdb` and `in_spark` tell who has the row. */
function differingRows(
  columns: readonly string[],
  key: readonly string[],
  duckDbSelect: string,
  sparkSelect: string,
): string {
  const keyIndexes = (key.length === 0 ? columns : key).map((column) => columns.indexOf(column));
  const side = (letter: string, select: string): string => {
    const names = columns.map((_, index) => `${letter}${index}`);
    const values = columns.map((column, index) => `cast("${column}" as varchar) as ${letter}${index}`);
    const keyNames = keyIndexes.map((index) => `${letter}${index}`);
    return `select *, row_number() over (partition by ${keyNames.join(', ')} order by ${names.join(', ')}) as ${letter}_copy
      from (select ${values.join(', ')} from (${select}) as given) as texts`;
  };
  const pairs = keyIndexes.map((index) => `d${index} is not distinct from s${index}`);
  const unequal = columns.map((_, index) => `d${index} is distinct from s${index}`);
  return `
    select *, d_copy is not null as in_duckdb, s_copy is not null as in_spark, count(*) over () as total
    from (${side('d', duckDbSelect)}) as in_d
    full join (${side('s', sparkSelect)}) as in_s on ${[...pairs, 'd_copy = s_copy'].join(' and ')}
    where d_copy is null or s_copy is null or ${unequal.join(' or ')}
    order by ${keyIndexes.map((index) => `coalesce(d${index}, s${index})`).join(', ')}
    limit ${maxRows}`;
}

function toDifferences(
  relation: string,
  columns: readonly string[],
  key: readonly string[],
  row: Row,
): Difference[] {
  const text = (value: SqlValue | undefined): string | null => (value == null ? null : String(value));
  const owner = row['in_duckdb'] === true ? 'd' : 's';
  const keyText = (key.length === 0 ? columns : key)
    .map((column) => text(row[`${owner}${columns.indexOf(column)}`]) ?? 'NULL')
    .join(' ');
  if (row['in_duckdb'] !== true || row['in_spark'] !== true) {
    const said = (isThere: boolean): string => (isThere ? 'has the row' : 'lacks the row');
    return [
      {
        relation,
        key: keyText,
        column: '(row)',
        duckDb: said(row['in_duckdb'] === true),
        spark: said(row['in_spark'] === true),
      },
    ];
  }
  return columns.flatMap((column, index) => {
    const [duckDb, spark] = [text(row[`d${index}`]), text(row[`s${index}`])];
    return duckDb === spark ? [] : [{ relation, key: keyText, column, duckDb, spark }];
  });
}
