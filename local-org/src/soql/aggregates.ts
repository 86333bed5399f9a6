import type { FieldFunctionExpression, FunctionExp } from '@jetstreamapp/soql-parser-js';
import { malformedQuery } from '../errors.ts';
import { defineField } from '../store/fieldDefinitions.ts';
import type { FieldSchema, Row, Value } from '../store/schema.ts';
import { compareValues } from './compareValues.ts';
import type { Operand } from './compileCondition.ts';
import type { FieldPath } from './fieldPath.ts';

/** The rows of one group of a query with GROUP BY, or all rows of one without. */
export type Group = readonly Row[];

const numberField = (name: string): FieldSchema => ({ ...defineField(name, 'double'), index: -1 });

/**
 * An aggregate function (SOQL and SOSL Reference, "Aggregate Functions"). Nulls are left out; SUM and AVG take
 * numbers only; an aggregate of nothing is null, a count of nothing 0.
 */
export function compileAggregate(
  expression: FieldFunctionExpression | FunctionExp,
  resolve: (path: string) => FieldPath,
): Operand<Group> {
  const name = (expression.functionName ?? '').toUpperCase();
  const [parameter] = expression.parameters ?? [];
  if (typeof parameter !== 'string') throw malformedQuery(`${name} needs the name of one field`);
  const path = resolve(parameter);
  const values = (group: Group) => group.map((row) => path.read(row)).filter((value) => value !== null);
  switch (name) {
    case 'COUNT':
      return { field: numberField(name), read: (group) => values(group).length };
    case 'COUNT_DISTINCT':
      return { field: numberField(name), read: (group) => new Set(values(group).map(foldCase)).size };
    case 'SUM':
    case 'AVG':
      if (path.field.type !== 'double' && path.field.type !== 'int') throw notAllowed(name, path);
      return {
        field: numberField(name),
        read: (group) => {
          const numbers = values(group).map(Number);
          if (numbers.length === 0) return null;
          const sum = numbers.reduce((total, number) => total + number, 0);
          return name === 'SUM' ? sum : sum / numbers.length;
        },
      };
    case 'MIN':
    case 'MAX': {
      if (path.field.type === 'boolean' || path.field.isLongText) throw notAllowed(name, path);
      const sign = name === 'MIN' ? 1 : -1;
      const pick = (best: Value, value: Value) => (compareValues(value, best) * sign < 0 ? value : best);
      return {
        field: path.field,
        read: (group) => {
          const [first = null, ...rest] = values(group);
          return rest.reduce(pick, first);
        },
      };
    }
    default:
      throw malformedQuery(`not emulated by local-org: ${name}() in SOQL`);
  }
}

const notAllowed = (name: string, path: FieldPath) =>
  malformedQuery(`field ${path.field.name} does not support aggregate operator ${name}`);

/** Groups, like comparisons, do not see the case of text. */
export const foldCase = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

/** Splits the rows by the values of the fields, groups in order of first appearance. */
export function groupRows(rows: readonly Row[], by: readonly FieldPath[]): Group[] {
  if (by.length === 0) return [rows];
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(by.map((path) => foldCase(path.read(row))));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
