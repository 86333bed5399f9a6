import type { Value } from '../store/schema.ts';

/**
 * Order of two values of one field, nulls before all others. Text is ordered by its upper-case characters (SOQL and
 * SOSL Reference, "ORDER BY": "For English locales, SOQL uses the UTF-8 values of the uppercase character").
 */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === 'string' && typeof right === 'string') {
    return compare(left.toUpperCase(), right.toUpperCase());
  }
  return compare(Number(left), Number(right));
}

const compare = <T extends string | number>(left: T, right: T): number =>
  left < right ? -1 : left > right ? 1 : 0;
