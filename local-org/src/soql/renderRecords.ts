import type { FieldSchema, Row, Value } from '../store/schema.ts';
import { idOf } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { toRestDateTime } from '../store/timestamps.ts';
import type { Group } from './aggregates.ts';
import type { FieldPath, ParentStep } from './fieldPath.ts';
import { parentRow } from './fieldPath.ts';
import type { AggregateColumn } from './runQuery.ts';

/** A value as REST writes it in JSON. */
export const toJsonValue = (field: FieldSchema, value: Value): Value =>
  field.type === 'datetime' && typeof value === 'number' ? toRestDateTime(value) : value;

/** The type and address that every record carries. */
export const recordAttributes = (table: Table, row: Row, version: string) => ({
  type: table.object.name,
  url: `/services/data/${version}/sobjects/${table.object.name}/${idOf(row)}`,
});

/**
 * Renders the columns of a row; fields of one parent come together in an object, which is null without a parent
 * (REST API Developer Guide, "Query").
 */
export function renderRecord(
  table: Table,
  columns: readonly FieldPath[],
  row: Row,
  version: string,
): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: recordAttributes(table, row, version) };
  for (const { steps, field } of columns) {
    const target = openParent(record, row, steps, version);
    const owner = parentRow(row, steps);
    if (target && owner) target[field.name] = toJsonValue(field, owner[field.index] ?? null);
  }
  return record;
}

function openParent(
  record: Record<string, unknown>,
  row: Row,
  steps: readonly ParentStep[],
  version: string,
): Record<string, unknown> | undefined {
  let target = record;
  for (const [depth, { relationshipName, parent }] of steps.entries()) {
    const owner = parentRow(row, steps.slice(0, depth + 1));
    target[relationshipName] ??= owner ? { attributes: recordAttributes(parent, owner, version) } : null;
    if (!owner) return undefined;
    target = target[relationshipName] as Record<string, unknown>;
  }
  return target;
}

/** Renders one group of an aggregate query. */
export function renderAggregate(columns: readonly AggregateColumn[], group: Group): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  for (const column of columns) record[column.name] = toJsonValue(column.field, column.read(group));
  return record;
}
