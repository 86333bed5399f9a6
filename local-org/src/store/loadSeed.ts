import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { FieldSchema, ObjectSchema, Row, Value } from './schema.ts';
import { normalizeId } from '../ids.ts';
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
  const [header, ...lines] = parse(readFileSync(file), { bom: true });
  const fields = (header ?? []).map((name) => {
    const field = object.fieldByLowerName.get(name.toLowerCase());
    if (!field) throw new Error(`${file}: ${object.name} has no field ${name}.`);
    return field;
  });
  for (const name of ['Id', 'IsDeleted', 'SystemModstamp']) {
    if (!fields.some((field) => field.name === name))
      throw new Error(`${file}: the column ${name} is missing.`);
  }
  return lines.map((cells, line) => {
    const row: Value[] = object.fields.map((field) => field.defaultValue);
    fields.forEach((field, column) => {
      const text = cells[column] ?? '';
      const value = text === '' ? field.defaultValue : parseCell(field, text);
      if (value === undefined) {
        throw new Error(`${file}, record ${line + 1}: ${field.name} cannot hold '${text}'.`);
      }
      row[field.index] = value;
    });
    return row;
  });
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
