import { findField, idOf, type FieldSchema, type Row } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { noSuchColumn } from '../dml/readRecord.ts';
import { recordAttributes, toJsonValue } from '../soql/renderRecords.ts';

/** A record as the row resources answer it: attributes, the fields, and always its Id. */
export function renderRow(
  table: Table,
  row: Row,
  fields: readonly FieldSchema[],
  version: string,
): Record<string, unknown> {
  const record: Record<string, unknown> = {
    attributes: recordAttributes(table, row, version),
    Id: idOf(row),
  };
  for (const field of fields) record[field.name] = toJsonValue(field, row[field.index] ?? null);
  return record;
}

/** The named fields of the object, or all of them. */
export function selectFields(table: Table, names: readonly string[] | undefined): readonly FieldSchema[] {
  if (!names || names.length === 0) return table.object.fields;
  return names.map((name) => {
    const field = findField(table.object, name.trim());
    if (!field) throw noSuchColumn(name, table.object);
    return field;
  });
}
