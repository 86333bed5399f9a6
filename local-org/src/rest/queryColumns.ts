import type { QueryResult } from '../soql/runQuery.ts';
import type { FieldPath } from '../soql/fieldPath.ts';
import type { FieldSchema } from '../store/schema.ts';

/**
 * GET /query?q=…&columns=true, which the CLI asks for to lay out a table; no guide describes it, so that what is here is
 * what the CLI reads.
 */
export function queryColumns(result: QueryResult) {
  if (result.kind === 'count') return describe([], 'AggregateResult', null);
  if (result.kind === 'aggregates') {
    const columns = result.columns.map(({ name, field, call }) => ({
      ...column(field, name),
      aggregate: call !== undefined,
      displayName: /^expr\d+$/.test(name) ? (call ?? name) : name,
    }));
    return describe(columns, 'AggregateResult', null);
  }
  const { name, keyPrefix } = result.table.object;
  return describe(nest(result.columns.map((path) => ({ path, depth: 0 }))), name, keyPrefix);
}

const describe = (columnMetadata: readonly unknown[], entityName: string, keyPrefix: string | null) => ({
  columnMetadata,
  entityName,
  groupBy: entityName === 'AggregateResult',
  idSelected: columnMetadata.some((each) => (each as { columnName: string }).columnName === 'Id'),
  keyPrefix,
});

interface Step {
  readonly path: FieldPath;
  readonly depth: number;
}

interface Column extends ReturnType<typeof column> {
  readonly joinColumns: readonly Column[];
}

/** Fields of one parent come together below the name of the relationship. */
function nest(steps: readonly Step[]): Column[] {
  const groups = Map.groupBy(
    steps,
    ({ path, depth }) => path.steps[depth]?.relationshipName ?? `.${path.field.name}`,
  );
  return [...groups].map(([name, members]): Column => {
    const [{ path }] = members as [Step];
    if (name.startsWith('.')) return column(path.field, path.field.name);
    const joinColumns = nest(members.map((member) => ({ ...member, depth: member.depth + 1 })));
    return { ...column(path.field, name), foreignKeyName: name, joinColumns };
  });
}

const column = (field: FieldSchema, name: string) => ({
  aggregate: false,
  apexType: null,
  booleanType: field.type === 'boolean',
  columnName: name,
  custom: field.isCustom,
  displayName: name,
  foreignKeyName: null as string | null,
  insertable: field.isCreateable,
  joinColumns: [] as readonly Column[],
  numberType: field.type === 'double' || field.type === 'int',
  textType: field.type === 'string' || field.type === 'textarea',
  updatable: field.isUpdateable,
});
