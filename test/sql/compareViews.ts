import type { Row, SqlValue, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { type Cell, viewKeys, type ViewName, viewNames, type ViewRow } from '../fixtures/viewRows.ts';

const toCell = (value: SqlValue): Cell => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value;
};
/** Views whose order is part of what they say. */
const orderedViews: ReadonlySet<ViewName> = new Set(['properties_to_create', 'sync_monitoring_dashboard']);
const keyOf = (view: ViewName, row: Row | ViewRow): string =>
  viewKeys[view].map((column) => String(row[column])).join(' ');
const shown = (cell: Cell | undefined): string =>
  cell === undefined ? 'no such column' : JSON.stringify(cell);

function compareRow(view: ViewName, key: string, expected: ViewRow, actual: Row): string[] {
  const columns = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...columns].flatMap((column) => {
    const given = actual[column];
    const cell = given === undefined ? undefined : toCell(given);
    return cell === expected[column]
      ? []
      : [`${view} ${key} ${column}: view ${shown(cell)}, evaluator ${shown(expected[column])}`];
  });
}

/** The first row that stands in another place. */
function compareOrder(view: ViewName, expected: readonly ViewRow[], actual: readonly Row[]): string[] {
  const place = expected.findIndex((row, index) => keyOf(view, row) !== keyOf(view, actual[index] ?? {}));
  const row = expected[place];
  return row === undefined ? [] : [`${view} ${keyOf(view, row)}: belongs at place ${String(place + 1)}`];
}

/** Every way in which the rows of one view differ from those of the reference evaluator, one line each. */
function compareView(view: ViewName, expected: readonly ViewRow[], actual: readonly Row[]): string[] {
  const wanted = new Map(expected.map((row) => [keyOf(view, row), row]));
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const row of actual) {
    const key = keyOf(view, row);
    const wantedRow = wanted.get(key);
    if (seen.has(key)) differences.push(`${view} ${key}: the view has it twice`);
    else if (wantedRow === undefined) differences.push(`${view} ${key}: only the view has it`);
    else differences.push(...compareRow(view, key, wantedRow, row));
    seen.add(key);
  }
  for (const key of wanted.keys()) {
    if (!seen.has(key)) differences.push(`${view} ${key}: only the evaluator has it`);
  }
  if (differences.length === 0 && orderedViews.has(view))
    differences.push(...compareOrder(view, expected, actual));
  return differences;
}

/** Compares every view, cell by cell, in both directions; the first differences, or none. */
export async function compareViews(
  warehouse: Pick<Warehouse, 'name' | 'query'>,
  expected: Readonly<Record<ViewName, readonly ViewRow[]>>,
  maxDifferences = 20,
): Promise<string[]> {
  const differences: string[] = [];
  for (const view of viewNames) {
    const rows = await warehouse.query(`select * from ${warehouse.name(view)}`);
    differences.push(...compareView(view, expected[view], rows));
  }
  return differences.slice(0, maxDifferences);
}
