import { count } from '../demo/progress.ts';
import type { Comparison, Difference } from './compareRelation.ts';

const maxDifferences = 100;
const maxValueLength = 200;

/** One line per relation with its rows, then the first differences as rows, and their total. */
export function showComparisons(comparisons: readonly Comparison[]): string {
  const relations = comparisons.map(
    ({ relation, rows, differing }) =>
      `${differing === 0 ? 'equal  ' : 'DIFFERS'} ${relation.padEnd(36)} ${count(rows).padStart(8)} rows` +
      (differing === 0 ? '' : `, ${count(differing)} differ`),
  );
  const differing = comparisons.reduce((sum, comparison) => sum + comparison.differing, 0);
  const rows = comparisons.reduce((sum, comparison) => sum + comparison.rows, 0);
  const differences = comparisons.flatMap((comparison) => comparison.differences);
  const shown = differences.slice(0, maxDifferences).map(showDifference);
  const total =
    differing === 0
      ? `Spark and DuckDB say the same: ${count(rows)} rows of ${comparisons.length} relations.`
      : `Spark and DuckDB differ in ${count(differing)} rows.`;
  const table = shown.length === 0 ? [] : ['', 'relation | key | column | DuckDB | Spark', ...shown, ''];
  return [...relations, ...table, total, ''].join('\n');
}

function showDifference({ relation, key, column, duckDb, spark }: Difference): string {
  return [relation, cut(key), column, showValue(duckDb), showValue(spark)].join(' | ');
}

/** Texts in quotes, so that a tab or an empty text is seen. */
function showValue(value: string | null): string {
  return value === null ? 'NULL' : cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= maxValueLength ? text : `${text.slice(0, maxValueLength)}…`;
}
