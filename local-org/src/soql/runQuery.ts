import type { FieldType as SelectItem, OrderByClause, Query } from '@jetstreamapp/soql-parser-js';
import { invalidField, malformedQuery } from '../errors.ts';
import type { Row, Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/table.ts';
import { compileAggregate, groupRows, type Group } from './aggregates.ts';
import { compileTree, matchesTree, type CompiledLeaf, type Operand } from './compileCondition.ts';
import { conditionTree, type ConditionTree, type FieldCondition } from './conditionTree.ts';
import { resolvePath, type FieldPath } from './fieldPath.ts';
import { orderRows } from './orderRows.ts';
import { parseSoql } from './parseSoql.ts';

/** What a query found. Rows are snapshots: later changes of the records do not show. */
export type QueryResult =
  | { readonly kind: 'count'; readonly count: number }
  | {
      readonly kind: 'records';
      readonly table: Table;
      readonly columns: readonly FieldPath[];
      readonly rows: readonly Row[];
    }
  | {
      readonly kind: 'aggregates';
      readonly columns: readonly AggregateColumn[];
      readonly rows: readonly Group[];
    };

/** A column of an aggregate query under its alias, `exprN` or field name. */
export interface AggregateColumn extends Operand<Group> {
  readonly name: string;
  /** `MAX(Amount__c)`; none for a field that the rows are grouped by. */
  readonly call: string | undefined;
}

/** What a query sees. `includeDeleted` is queryAll: the recycle bin as well. */
export interface QueryDeps {
  readonly store: Store;
  readonly nowMs: number;
  readonly includeDeleted: boolean;
}

/** Runs a query. Throws INVALID_TYPE, INVALID_FIELD or MALFORMED_QUERY before any row is read. */
export function runQuery(text: string, deps: QueryDeps): QueryResult {
  return run(parseSoql(text), deps);
}

function run(query: Query, deps: QueryDeps): QueryResult {
  const table = deps.store.table(query.sObject ?? '');
  const prefixes = [table.object.name, ...(query.sObjectAlias ? [query.sObjectAlias] : [])];
  const resolve = (path: string) => resolvePath(deps.store, table.object, path, prefixes);
  const rows = () => findRows(query, table, resolve, deps);
  const items = query.fields ?? [];
  if (isCount(items)) return { kind: 'count', count: page(query, rows()).length };
  const isGrouped =
    query.groupBy !== undefined || items.some((item) => item.type === 'FieldFunctionExpression');
  if (isGrouped) return aggregate(query, items, resolve, rows, deps);
  const columns = selectColumns(items, resolve);
  const byField = (clause: OrderByClause): Operand<Row> => {
    if ('fn' in clause) throw malformedQuery('an aggregate function in ORDER BY needs GROUP BY');
    return resolve(clause.field);
  };
  const clauses = [query.orderBy ?? []].flat();
  return { kind: 'records', table, columns, rows: page(query, orderRows(rows(), clauses, byField)) };
}

const isCount = (items: readonly SelectItem[]): boolean =>
  items.length === 1 &&
  items[0]?.type === 'FieldFunctionExpression' &&
  items[0].functionName.toUpperCase() === 'COUNT' &&
  items[0].parameters.length === 0;

const page = <T>({ offset = 0, limit }: Query, rows: readonly T[]): readonly T[] =>
  offset === 0 && limit === undefined
    ? rows
    : rows.slice(offset, limit === undefined ? undefined : offset + limit);

/** The path of a selected field, as written. */
function pathOf(item: SelectItem): string {
  if (item.type === 'Field') return item.field;
  if (item.type === 'FieldRelationship') return [...item.relationships, item.field].join('.');
  throw malformedQuery('only fields and aggregate functions can be selected');
}

function selectColumns(items: readonly SelectItem[], resolve: (path: string) => FieldPath): FieldPath[] {
  const columns = items.map((item) => {
    if ('alias' in item && item.alias) {
      throw malformedQuery('only aggregate expressions use field aliasing');
    }
    return resolve(pathOf(item));
  });
  const names = columns.map((column) => column.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw invalidField(`duplicate field selected: ${twice}`);
  return columns;
}

function aggregate(
  query: Query,
  items: readonly SelectItem[],
  resolve: (path: string) => FieldPath,
  rows: () => readonly Row[],
  deps: QueryDeps,
): QueryResult {
  const by = [query.groupBy ?? []].flat().map((clause) => {
    if ('fn' in clause) throw malformedQuery('not emulated by local-org: a function in GROUP BY');
    const path = resolve(clause.field);
    if (path.field.isLongText) throw invalidField(`field '${path.name}' can not be grouped in a query call`);
    return path;
  });
  const grouped = (text: string): Operand<Group> => {
    const path = resolve(text);
    if (!by.some((each) => each.name === path.name)) {
      throw malformedQuery(`Field must be grouped or aggregated: ${path.name}`);
    }
    return { field: path.field, read: (group) => (group[0] ? path.read(group[0]) : null) };
  };
  let unnamed = 0;
  const columns = items.map((item): AggregateColumn => {
    const alias = 'alias' in item ? item.alias : undefined;
    if (item.type === 'FieldFunctionExpression') {
      const operand = compileAggregate(item, resolve);
      const call = `${item.functionName.toUpperCase()}(${typeof item.parameters[0] === 'string' ? item.parameters[0] : ''})`;
      return { ...operand, name: alias ?? `expr${unnamed++}`, call };
    }
    const operand = grouped(pathOf(item));
    return { ...operand, name: alias ?? operand.field.name, call: undefined };
  });
  const having =
    query.having &&
    compileTree(conditionTree(query.having), {
      nowMs: deps.nowMs,
      resolve: (condition) =>
        'fn' in condition ? compileAggregate(condition.fn, resolve) : grouped(condition.field),
      runSubquery: () => {
        throw malformedQuery('HAVING takes no subquery');
      },
    });
  const orderOf = (clause: OrderByClause): Operand<Group> =>
    'fn' in clause ? compileAggregate(clause.fn, resolve) : grouped(clause.field);
  const groups = groupRows(rows(), by).filter((group) => !having || matchesTree(having, group));
  return {
    kind: 'aggregates',
    columns,
    rows: page(query, orderRows(groups, [query.orderBy ?? []].flat(), orderOf)),
  };
}

function findRows(
  query: Query,
  table: Table,
  resolve: (path: string) => FieldPath,
  deps: QueryDeps,
): readonly Row[] {
  const tree =
    query.where &&
    compileTree<Row>(conditionTree(query.where), {
      nowMs: deps.nowMs,
      resolve: (condition) => resolve(fieldOf(condition)),
      runSubquery: (subquery) => subqueryValues(subquery, deps),
    });
  const found: Row[] = [];
  for (const row of candidates(table, tree, deps)) {
    if (!deps.includeDeleted && table.isDeleted(row)) continue;
    if (!tree || matchesTree(tree, row)) found.push(row);
  }
  return found;
}

function fieldOf(condition: FieldCondition): string {
  if ('fn' in condition) throw malformedQuery('not emulated by local-org: a function in WHERE');
  return condition.field;
}

function subqueryValues(query: Query, deps: QueryDeps): ReadonlySet<Value> {
  const result = run(query, deps);
  const [column, ...others] = result.kind === 'records' ? result.columns : [];
  if (result.kind !== 'records' || !column || others.length > 0) {
    throw malformedQuery('a semi-join selects exactly one field');
  }
  return new Set(result.rows.map((row) => column.read(row)));
}

/** The rows worth testing: through an index when a condition that must hold lists the values, else all. */
function candidates(
  table: Table,
  tree: ConditionTree<CompiledLeaf<Row>> | undefined,
  { includeDeleted }: QueryDeps,
): Iterable<Row> {
  const required = tree?.kind === 'and' ? tree.operands : tree ? [tree] : [];
  for (const node of required) {
    if (node.kind !== 'leaf') continue;
    const { operand, values } = node.leaf;
    if (!values || table.object.fields[operand.field.index] !== operand.field || isOfParent(operand))
      continue;
    if (operand.field.type === 'id') {
      return [...new Set(values)].map((id) => table.get(String(id))).filter((row) => row !== undefined);
    }
    if (table.isIndexed(operand.field) && !includeDeleted && !values.includes(null)) {
      return new Set(values.flatMap((value) => table.findLive(operand.field, value)));
    }
  }
  return table.rows();
}

const isOfParent = (operand: Operand<Row>): boolean =>
  'steps' in operand && (operand as FieldPath).steps.length > 0;
