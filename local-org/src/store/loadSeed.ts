import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { normalizeId } from '../ids.ts';
import { findField, getField, type FieldSchema, type ObjectSchema, type Row, type Value } from './schema.ts';
import { isCalendarDay, parseDateTime, toWholeSeconds } from './timestamps.ts';

/**
 * Reads `DIR/<Object>.csv` for each custom object that has one: header row, comma, LF, an empty cell is null,
 * `""` is an empty string (which Salesforce holds as null as well). Throws with file, line and column on a value
 * that the org could not hold.
 */
export function loadSeed(dir: string, objects: readonly ObjectSchema[]): Map<string, Row[]> {
  const seed = new Map<string, Row[]>();
  for (const object of objects.filter((each) => each.isCustom)) {
    const file = join(dir, `${object.name}.csv`);
    if (existsSync(file)) seed.set(object.name, readRows(file, object));
  }
  if (seed.size === 0) throw new Error(`${dir} holds no <Object>.csv for any object of the schema.`);
  return seed;
}

function readRows(file: string, object: ObjectSchema): Row[] {
  const rows: Row[] = [];
  let fields: readonly FieldSchema[] | undefined;
  const readLine = (cells: string[]): null => {
    if (fields) rows.push(readRow(cells, fields, object, `${file}, record ${rows.length + 1}`));
    else fields = readHeader(cells, object, file);
    return null;
  };
  parse(readFileSync(file), { bom: true, on_record: readLine });
  return rows;
}

function readHeader(names: readonly string[], object: ObjectSchema, file: string): FieldSchema[] {
  for (const name of ['Id', 'IsDeleted', 'SystemModstamp']) {
    if (!names.includes(name)) throw new Error(`${file}: the column ${name} is missing.`);
  }
  return names.map((name) => {
    const field = findField(object, name);
    if (!field) throw new Error(`${file}: ${object.name} has no field ${name}.`);
    return field;
  });
}

function readRow(
  cells: readonly string[],
  fields: readonly FieldSchema[],
  object: ObjectSchema,
  place: string,
): Row {
  const row: Value[] = object.fields.map((field) => field.defaultValue);
  fields.forEach((field, column) => {
    const text = cells[column] ?? '';
    const value = text === '' ? field.defaultValue : parseCell(field, text);
    if (value === undefined) throw new Error(`${place}: ${field.name} cannot hold '${text}'.`);
    row[field.index] = value;
  });
  row[getField(object, 'OwnerId').index] ??= row[getField(object, 'CreatedById').index] ?? null;
  return row;
}

function parseCell(field: FieldSchema, text: string): Value | undefined {
  switch (field.type) {
    case 'id':
    case 'reference':
      return normalizeId(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'double':
    case 'int':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'date':
      return isCalendarDay(text) ? text : undefined;
    case 'datetime': {
      const ms = parseDateTime(text);
      return ms === undefined ? undefined : toWholeSeconds(ms);
    }
    default:
      return text.length <= field.length ? text : undefined;
  }
}
