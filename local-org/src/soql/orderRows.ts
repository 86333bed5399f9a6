import type { OrderByClause } from '@jetstreamapp/soql-parser-js';
import { invalidField } from '../errors.ts';
import { compareValues } from './compareValues.ts';
import type { Operand } from './compileCondition.ts';

/** Sorts by the clauses; nulls come first unless the query says NULLS LAST, whatever the direction. */
export function orderRows<T>(
  rows: readonly T[],
  clauses: readonly OrderByClause[],
  resolve: (clause: OrderByClause) => Operand<T>,
): readonly T[] {
  if (clauses.length === 0) return rows;
  const criteria = clauses.map((clause) => {
    const operand = resolve(clause);
    if (operand.field.isLongText) {
      throw invalidField(`field '${operand.field.name}' can not be sorted in a query call`);
    }
    return { operand, sign: clause.order === 'DESC' ? -1 : 1, nullSign: clause.nulls === 'LAST' ? -1 : 1 };
  });
  return rows.toSorted((left, right) => {
    for (const { operand, sign, nullSign } of criteria) {
      const [a, b] = [operand.read(left), operand.read(right)];
      const order = compareValues(a, b) * (a === null || b === null ? nullSign : sign);
      if (order !== 0) return order;
    }
    return 0;
  });
}
